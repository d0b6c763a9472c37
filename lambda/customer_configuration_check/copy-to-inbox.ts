import type { CopyObjectCommandInput } from '@aws-sdk/client-s3';
import type { Delivery } from '../../core/delivery.ts';
import { inboxTestObjectKey, internalTestObjectKey } from '../../core/test-object.ts';

/** The delivery itself, as real reports are delivered: encrypted with this key, from and to buckets of these owners. */
export function copyToInbox({ inbox, internal, customer }: Delivery, runId: string): CopyObjectCommandInput {
  return {
    Bucket: inbox.bucket,
    Key: inboxTestObjectKey(inbox.prefix),
    CopySource: `${internal.bucket}/${internalTestObjectKey(customer, runId)}`,
    ServerSideEncryption: 'aws:kms',
    SSEKMSKeyId: inbox.kmsKeyArn,
    ExpectedBucketOwner: inbox.accountId,
    ExpectedSourceBucketOwner: internal.accountId,
    ACL: inbox.acl,
  };
}
