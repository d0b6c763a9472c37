import { ask } from './ask.ts';
import type { ObjectOperation } from './operation.ts';
import { namedUpload, uploadsIn } from './uploads.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html */
export const abortMultipartUpload: ObjectOperation = async (world, request, { bucket, key }) => {
  await ask(world, request, { action: 's3:AbortMultipartUpload', bucket, key });
  uploadsIn(bucket).delete(namedUpload(request, bucket, key).id);
  return { status: 204, headers: {}, body: '' };
};
