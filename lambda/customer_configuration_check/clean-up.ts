import { DeleteObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Delivery } from '../../core/delivery/delivery.ts';
import { internalTestObjectKey } from '../../core/object-keys.ts';
import type { UploadProgress } from './copy-in-parts.ts';

interface Left {
  readonly delivery: Delivery;
  readonly runId: string;
  /** The multipart upload that was begun, whatever came of it. */
  readonly uploadId?: string;
}

/** @throws what the SDK throws */
export async function cleanUp(
  { delivery, runId, uploadId }: Left,
  s3In: (region: string) => S3Client,
  abortSignal: AbortSignal,
  tell: UploadProgress,
): Promise<void> {
  const { internal, inbox, customer } = delivery;
  const deletion = new DeleteObjectCommand({
    Bucket: internal.bucket,
    Key: internalTestObjectKey(customer, runId),
    ExpectedBucketOwner: internal.accountId,
  });
  tell({ operation: 'DeleteObject' });
  const [deleted, aborted] = await Promise.allSettled([
    s3In(internal.region).send(deletion, { abortSignal }),
    uploadId !== undefined &&
      import('./copy-in-parts.ts').then(({ abortUpload }) =>
        abortUpload(delivery, uploadId, s3In(inbox.region), abortSignal),
      ),
  ]);
  if (deleted.status === 'rejected') throw deleted.reason;
  if (aborted.status === 'fulfilled') return;
  tell({ operation: 'AbortMultipartUpload' });
  throw aborted.reason;
}
