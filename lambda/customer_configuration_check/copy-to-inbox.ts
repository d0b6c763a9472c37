import type { CopyObjectCommandInput, CopyObjectCommandOutput } from '@aws-sdk/client-s3';
import type { Delivery } from '../../core/delivery/delivery.ts';
import { inboxTestObjectKey, internalTestObjectKey } from '../../core/object-keys.ts';
import { deliveredAs } from '../../core/s3-headers.ts';
import { NotAnswerOfAws } from './answers.ts';

/** The delivery itself, as real reports are delivered: encrypted with this key, from and to buckets of these owners. */
export function copyToInbox({ inbox, internal, customer }: Delivery, runId: string): CopyObjectCommandInput {
  return {
    Bucket: inbox.bucket,
    Key: inboxTestObjectKey(inbox.prefix),
    CopySource: `${internal.bucket}/${internalTestObjectKey(customer, runId)}`,
    ...deliveredAs(inbox),
    ExpectedBucketOwner: inbox.accountId,
    ExpectedSourceBucketOwner: internal.accountId,
  };
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
