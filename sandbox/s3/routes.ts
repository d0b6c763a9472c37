import type { Incoming } from '../wire/incoming.ts';
import { addressOf } from './address.ts';

/** S3 identifies an operation by method, addressed resource, and a subresource or header. */
interface Route {
  readonly operation: string;
  readonly method: string;
  readonly on: 'service' | 'bucket' | 'object';
  readonly query?: string;
  readonly header?: string;
  /** The whole path, percent-encoded. */
  readonly path?: string;
}

/**
 * The first match applies. Operations that the sandbox lacks are listed too, so that its answer can name them.
 *
 * Source: the "Request Syntax" of https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
 */
const routes: readonly Route[] = [
  // An operation of S3 Control, whose path looks like an object's. The name avoids that of the bucket operation.
  {
    operation: 'GetAccountPublicAccessBlock',
    method: 'GET',
    on: 'object',
    path: '/v20180820/configuration/publicAccessBlock',
    header: 'x-amz-account-id',
  },
  { operation: 'UploadPartCopy', method: 'PUT', on: 'object', query: 'uploadId', header: 'x-amz-copy-source' },
  { operation: 'UploadPart', method: 'PUT', on: 'object', query: 'uploadId' },
  ...subresources('object', {
    acl: 'Acl',
    tagging: 'Tagging',
    retention: 'Retention',
    'legal-hold': 'LegalHold',
    torrent: 'Torrent',
    attributes: 'Attributes',
  }),
  { operation: 'CopyObject', method: 'PUT', on: 'object', header: 'x-amz-copy-source' },
  { operation: 'PutObject', method: 'PUT', on: 'object' },
  { operation: 'ListParts', method: 'GET', on: 'object', query: 'uploadId' },
  { operation: 'GetObject', method: 'GET', on: 'object' },
  { operation: 'HeadObject', method: 'HEAD', on: 'object' },
  { operation: 'AbortMultipartUpload', method: 'DELETE', on: 'object', query: 'uploadId' },
  { operation: 'DeleteObject', method: 'DELETE', on: 'object' },
  { operation: 'CreateMultipartUpload', method: 'POST', on: 'object', query: 'uploads' },
  { operation: 'CompleteMultipartUpload', method: 'POST', on: 'object', query: 'uploadId' },
  { operation: 'RestoreObject', method: 'POST', on: 'object', query: 'restore' },
  { operation: 'SelectObjectContent', method: 'POST', on: 'object', query: 'select' },

  { operation: 'GetBucketPolicyStatus', method: 'GET', on: 'bucket', query: 'policyStatus' },
  { operation: 'GetPublicAccessBlock', method: 'GET', on: 'bucket', query: 'publicAccessBlock' },
  { operation: 'PutPublicAccessBlock', method: 'PUT', on: 'bucket', query: 'publicAccessBlock' },
  { operation: 'DeletePublicAccessBlock', method: 'DELETE', on: 'bucket', query: 'publicAccessBlock' },
  { operation: 'GetObjectLockConfiguration', method: 'GET', on: 'bucket', query: 'object-lock' },
  { operation: 'PutObjectLockConfiguration', method: 'PUT', on: 'bucket', query: 'object-lock' },
  ...subresources('bucket', {
    acl: 'Acl',
    cors: 'Cors',
    encryption: 'Encryption',
    lifecycle: 'Lifecycle',
    location: 'Location',
    logging: 'Logging',
    notification: 'Notification',
    ownershipControls: 'OwnershipControls',
    policy: 'Policy',
    replication: 'Replication',
    tagging: 'Tagging',
    versioning: 'Versioning',
    website: 'Website',
  }),
  { operation: 'ListMultipartUploads', method: 'GET', on: 'bucket', query: 'uploads' },
  { operation: 'ListObjectVersions', method: 'GET', on: 'bucket', query: 'versions' },
  { operation: 'ListObjectsV2', method: 'GET', on: 'bucket', query: 'list-type' },
  { operation: 'ListObjects', method: 'GET', on: 'bucket' },
  { operation: 'HeadBucket', method: 'HEAD', on: 'bucket' },
  { operation: 'CreateBucket', method: 'PUT', on: 'bucket' },
  { operation: 'DeleteBucket', method: 'DELETE', on: 'bucket' },
  { operation: 'DeleteObjects', method: 'POST', on: 'bucket', query: 'delete' },
  { operation: 'PostObject', method: 'POST', on: 'bucket' },

  { operation: 'ListBuckets', method: 'GET', on: 'service' },
];

/** The operation of a request, or a description of it if no route matches. */
export function s3OperationName(incoming: Pick<Incoming, 'method' | 'path' | 'query' | 'headers'>): string {
  const { method, path, query, headers } = incoming;
  const { bucket, key } = addressOf(headers['host'], path);
  const on = bucket === undefined ? 'service' : key === undefined ? 'bucket' : 'object';
  const route = routes.find(
    (candidate) =>
      candidate.method === method &&
      candidate.on === on &&
      (candidate.path === undefined || path === candidate.path) &&
      (candidate.query === undefined || query.has(candidate.query)) &&
      (candidate.header === undefined || headers[candidate.header] !== undefined),
  );
  return route?.operation ?? `${method} on ${on}`;
}

/** `acl: 'Acl'` on an object: GetObjectAcl, PutObjectAcl, DeleteObjectAcl. */
function subresources(on: 'bucket' | 'object', names: Readonly<Record<string, string>>): Route[] {
  const kind = on === 'bucket' ? 'Bucket' : 'Object';
  const verbs = { GET: 'Get', PUT: 'Put', DELETE: 'Delete' };
  return Object.entries(names).flatMap(([query, name]) =>
    Object.entries(verbs).map(([method, verb]) => ({ operation: `${verb}${kind}${name}`, method, on, query })),
  );
}
