import type { World } from '../../model/world/world.ts';
import type { SandboxRequest, SandboxResponse } from '../wire/operation.ts';
import { notImplemented } from '../wire/protocol.ts';
import { addressOf, admitBucket } from './address.ts';
import {
  getAccountPublicAccessBlock,
  getBucketEncryption,
  getBucketLocation,
  getBucketOwnershipControls,
  getBucketPolicy,
  getPublicAccessBlock,
  headBucket,
} from './bucket-configuration.ts';
import { completeMultipartUpload } from './complete-multipart-upload.ts';
import { copyObject } from './copy-object.ts';
import { deleteObject } from './delete-object.ts';
import { getObjectTagging } from './description.ts';
import { getObject, headObject } from './get-object.ts';
import { listBuckets } from './list-buckets.ts';
import { listObjects, listObjectsV2 } from './list-objects.ts';
import type { BucketOperation, ObjectOperation } from './operation.ts';
import { listParts, uploadPart, uploadPartCopy } from './upload-part.ts';
import { abortMultipartUpload, createMultipartUpload, listMultipartUploads } from './uploads.ts';
import { putObject } from './write-object.ts';

type Run = (world: World, request: SandboxRequest) => SandboxResponse;

/** Keyed by the operation's name in the API reference. */
export const s3Operations: Readonly<Record<string, Run>> = {
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
  // Every Region answers this operation, because clients use it to find the right Region.
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
  return (world, request) => {
    const { bucket = '' } = addressOf(request.headers['host'], request.path);
    return operation(world, request, { bucket: admitBucket(world, request, bucket, fromAnyRegion) });
  };
}

function onObject(operation: ObjectOperation): Run {
  return (world, request) => {
    const { bucket = '', key } = addressOf(request.headers['host'], request.path);
    if (key === undefined) throw notImplemented('an object operation without a key');
    return operation(world, request, { bucket: admitBucket(world, request, bucket), key });
  };
}
