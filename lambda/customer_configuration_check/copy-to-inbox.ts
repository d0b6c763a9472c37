import type { CopyObjectCommandInput, CopyObjectCommandOutput } from '@aws-sdk/client-s3';
import type { Delivery } from '../../core/delivery/delivery.ts';
import { inboxTestObjectKey, internalTestObjectKey } from '../../core/object-keys.ts';
import { deliveredAs } from '../../core/s3-headers.ts';
import { NotAnswerOfAws } from './answers.ts';

/** Parameters for the staged object, the same in every request of the check. */
export function internalObject({ internal, customer }: Delivery, runId: string) {
  const { bucket, accountId } = internal;
  return { Bucket: bucket, Key: internalTestObjectKey(customer, runId), ExpectedBucketOwner: accountId };
}

/** The delivered object. */
export function inboxObject({ inbox: { bucket, prefix, accountId } }: Delivery) {
  return { Bucket: bucket, Key: inboxTestObjectKey(prefix), ExpectedBucketOwner: accountId };
}

/** The delivery itself, like that of a real report: encrypted with this key, between buckets of these owners. */
export function copyToInbox(delivery: Delivery, runId: string): CopyObjectCommandInput {
  return { ...inboxObject(delivery), ...sourceOf(delivery, runId), ...deliveredAs(delivery.inbox) };
}

/** The staged object, as the source of a copy. */
export function sourceOf(delivery: Delivery, runId: string) {
  const { Bucket, Key, ExpectedBucketOwner } = internalObject(delivery, runId);
  return { CopySource: `${Bucket}/${Key}`, ExpectedSourceBucketOwner: ExpectedBucketOwner };
}

/**
 * Checks that the answer's body describes the copy, as S3's does.
 *
 * @throws NotAnswerOfAws if it doesn't
 */
export function copied(answer: CopyObjectCommandOutput): CopyObjectCommandOutput {
  toldByS3(answer.CopyObjectResult?.ETag, 'CopyObjectResult', answer);
  return answer;
}

export function toldByS3(
  value: string | undefined,
  name: string,
  { $metadata: { httpStatusCode: status = 200 } }: Pick<CopyObjectCommandOutput, '$metadata'>,
): string {
  if (value) return value;
  throw new NotAnswerOfAws(`Something other than S3 answered (status ${status}): it has no ${name}.`, status);
}
