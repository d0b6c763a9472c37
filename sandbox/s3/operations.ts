import type { World } from '../../model/world/world.ts';
import type { SandboxRequest, SandboxResponse } from '../wire/operation.ts';
import { notImplemented } from '../wire/protocol.ts';
import { abortMultipartUpload } from './abort-multipart-upload.ts';
import { addressOf } from './address.ts';
import { admitBucket } from './admit.ts';
import { completeMultipartUpload } from './complete-multipart-upload.ts';
import { copyObject } from './copy-object.ts';
import { createMultipartUpload } from './create-multipart-upload.ts';
import { deleteObject } from './delete-object.ts';
import { getAccountPublicAccessBlock } from './get-account-public-access-block.ts';
import { getBucketEncryption } from './get-bucket-encryption.ts';
import { getBucketLocation } from './get-bucket-location.ts';
import { getBucketOwnershipControls } from './get-bucket-ownership-controls.ts';
import { getBucketPolicy } from './get-bucket-policy.ts';
import { getObject } from './get-object.ts';
import { getObjectTagging } from './get-object-tagging.ts';
import { getPublicAccessBlock } from './get-public-access-block.ts';
import { headBucket } from './head-bucket.ts';
import { headObject } from './head-object.ts';
import { listBuckets } from './list-buckets.ts';
import { listMultipartUploads } from './list-multipart-uploads.ts';
import { listObjects } from './list-objects.ts';
import { listObjectsV2 } from './list-objects-v2.ts';
import { listParts } from './list-parts.ts';
import type { BucketOperation, ObjectOperation } from './operation.ts';
import { putObject } from './put-object.ts';
import { uploadPart } from './upload-part.ts';
import { uploadPartCopy } from './upload-part-copy.ts';

export { operationName } from './routes.ts';

type Run = (world: World, request: SandboxRequest) => Promise<SandboxResponse>;

/** By the operation's name in the API reference. */
export const operations: Readonly<Record<string, Run>> = {
  AbortMultipartUpload: onObject(abortMultipartUpload),
  CompleteMultipartUpload: onObject(completeMultipartUpload),
  CreateMultipartUpload: onObject(createMultipartUpload),
  ListParts: onObject(listParts),
  UploadPart: onObject(uploadPart),
  UploadPartCopy: onObject(uploadPartCopy),
  ListMultipartUploads: onBucket(listMultipartUploads),
  CopyObject: onObject(copyObject),
  DeleteObject: onObject(deleteObject),
  GetBucketEncryption: onBucket(getBucketEncryption),
  GetAccountPublicAccessBlock: getAccountPublicAccessBlock,
  // The one question that is answered from every Region, since it is asked in order to find the right one.
  GetBucketLocation: onBucket(getBucketLocation, true),
  GetBucketOwnershipControls: onBucket(getBucketOwnershipControls),
  GetBucketPolicy: onBucket(getBucketPolicy),
  GetObject: onObject(getObject),
  GetObjectTagging: onObject(getObjectTagging),
  GetPublicAccessBlock: onBucket(getPublicAccessBlock),
  HeadBucket: onBucket(headBucket),
  HeadObject: onObject(headObject),
  ListBuckets: listBuckets,
  ListObjects: onBucket(listObjects),
  ListObjectsV2: onBucket(listObjectsV2),
  PutObject: onObject(putObject),
};

function onBucket(operation: BucketOperation, fromAnyRegion = false): Run {
  return async (world, request) => {
    const { bucket = '' } = addressOf(request.headers['host'], request.path);
    return operation(world, request, { bucket: admitBucket(world, request, bucket, fromAnyRegion) });
  };
}

function onObject(operation: ObjectOperation): Run {
  return async (world, request) => {
    const { bucket = '', key } = addressOf(request.headers['host'], request.path);
    if (key === undefined) throw notImplemented('an object operation without a key');
    return operation(world, request, { bucket: admitBucket(world, request, bucket), key });
  };
}
