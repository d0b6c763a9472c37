import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  type CompleteMultipartUploadCommandOutput,
  CreateMultipartUploadCommand,
  type S3Client,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import type { Delivery } from '../../core/delivery/delivery.ts';
import type { Operation } from '../../core/permissions.ts';
import { deliveredAs } from '../../core/s3-headers.ts';
import { inboxObject, sourceOf, toldByS3 } from './copy-to-inbox.ts';

/** Called before each request, and once the upload exists, because it must be aborted in any case. */
export type UploadProgress = (known: { readonly operation: Operation; readonly uploadId?: string }) => void;

/**
 * Delivers as larger reports are delivered, but in one part. Only the request that starts the upload sets encryption
 * and ACL.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/CopyingObjectsMPUapi.html
 *
 * @throws the SDK's errors; NotAnswerOfAws if an answer lacks what S3's has
 */
export async function copyInParts(
  delivery: Delivery,
  runId: string,
  s3: S3Client,
  abortSignal: AbortSignal,
  tell: UploadProgress,
): Promise<CompleteMultipartUploadCommandOutput> {
  const object = inboxObject(delivery);
  tell({ operation: 'CreateMultipartUpload' });
  const described = { ...object, ...deliveredAs(delivery.inbox) };
  const created = await s3.send(new CreateMultipartUploadCommand(described), { abortSignal });
  const UploadId = toldByS3(created.UploadId, 'UploadId', created);
  const upload = { ...object, UploadId };

  tell({ operation: 'UploadPartCopy', uploadId: UploadId });
  const source = { PartNumber: 1, ...sourceOf(delivery, runId) };
  const part = await s3.send(new UploadPartCopyCommand({ ...upload, ...source }), { abortSignal });
  const ETag = toldByS3(part.CopyPartResult?.ETag, 'ETag', part);

  tell({ operation: 'CompleteMultipartUpload' });
  const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
  const completed = await s3.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload }), { abortSignal });
  toldByS3(completed.ETag, 'ETag', completed);
  return completed;
}

/**
 * Frees the parts of an upload, which cost money until then. A completed upload has no parts; aborting it anyway shows
 * if S3 would deny that.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html
 */
export async function abortUpload(
  delivery: Delivery,
  UploadId: string,
  s3: S3Client,
  abortSignal: AbortSignal,
): Promise<void> {
  try {
    await s3.send(new AbortMultipartUploadCommand({ ...inboxObject(delivery), UploadId }), { abortSignal });
  } catch (error) {
    if (!(error instanceof Error && error.name === 'NoSuchUpload')) throw error;
  }
}
