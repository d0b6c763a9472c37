import type { CopyObjectCommandInput, CopyObjectCommandOutput } from '@aws-sdk/client-s3';
import type { Delivery } from '../../core/delivery/delivery.ts';
import { inboxTestObjectKey, internalTestObjectKey } from '../../core/object-keys.ts';
import { deliveredAs } from '../../core/s3-headers.ts';
import { NotAnswerOfAws } from './answers.ts';

/** The object that waits, as every request of the check names it. */
export function internalObject({ internal, customer }: Delivery, runId: string) {
  const { bucket, accountId } = internal;
  return { Bucket: bucket, Key: internalTestObjectKey(customer, runId), ExpectedBucketOwner: accountId };
}

/** The delivered object. */
export function inboxObject({ inbox: { bucket, prefix, accountId } }: Delivery) {
  return { Bucket: bucket, Key: inboxTestObjectKey(prefix), ExpectedBucketOwner: accountId };
}

/** The delivery itself, as real reports are delivered: encrypted with this key, from and to buckets of these owners. */
export function copyToInbox(delivery: Delivery, runId: string): CopyObjectCommandInput {
  return { ...inboxObject(delivery), ...sourceOf(delivery, runId), ...deliveredAs(delivery.inbox) };
}

/** The object that waits, as the source of a copy. */
export function sourceOf(delivery: Delivery, runId: string) {
  const { Bucket, Key, ExpectedBucketOwner } = internalObject(delivery, runId);
  return { CopySource: `${Bucket}/${Key}`, ExpectedSourceBucketOwner: ExpectedBucketOwner };
}

/**
 * S3 tells of the copy in the body of its answer.
 *
 * @throws NotAnswerOfAws where it does not
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
