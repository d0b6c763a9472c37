import { randomBytes } from 'node:crypto';
import type { Bucket, Caller, StoredObject } from '../../model/world/world.ts';
import { AwsError, type SandboxRequest } from '../wire/operation.ts';
import { ask } from './ask.ts';
import type { Description } from './description.ts';
import { invalidRequest } from './errors.ts';
import type { ObjectOperation } from './operation.ts';

export interface UploadedPart {
  readonly number: number;
  readonly body: Buffer;
  readonly etag: string;
  readonly lastModified: Date;
  readonly checksums: StoredObject['checksums'];
}

/** A multipart upload that was neither completed nor aborted. */
export interface MultipartUpload {
  readonly id: string;
  readonly key: string;
  readonly initiated: Date;
  readonly initiator: Caller;
  readonly description: Description;
  readonly tags: StoredObject['tags'];
  readonly encryption: StoredObject['encryption'];
  readonly checksum?: UploadChecksum;
  readonly parts: Map<number, UploadedPart>;
}

/** What was asked for when the upload began. */
interface UploadChecksum {
  /** In lower case. */
  readonly algorithm: string;
  readonly type: 'FULL_OBJECT' | 'COMPOSITE';
}

/** By the objects of the bucket, which stay the same where its settings are edited. */
const uploads = new WeakMap<Bucket['objects'], Map<string, MultipartUpload>>();

export function uploadsIn({ objects }: Bucket): Map<string, MultipartUpload> {
  const found = uploads.get(objects) ?? new Map();
  uploads.set(objects, found);
  return found;
}

/** The upload that a request names; its key has to be the one that it began with. */
export function namedUpload({ query }: SandboxRequest, bucket: Bucket, key: string): MultipartUpload {
  const id = query.get('uploadId') ?? '';
  const upload = uploadsIn(bucket).get(id);
  if (upload?.key === key) return upload;
  throw new AwsError(
    'NoSuchUpload',
    404,
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
    { UploadId: id },
  );
}

export function newUploadId(): string {
  return randomBytes(96).toString('base64').replaceAll('+', '.').replaceAll('/', '_');
}

const onlyOfTheWhole: readonly string[] = ['crc64nvme'];
const onlyOfParts: readonly string[] = ['sha1', 'sha256'];

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html; texts recorded */
export function uploadChecksum(algorithm: string | undefined, type: string | undefined): UploadChecksum | undefined {
  if (algorithm === undefined) {
    if (type === undefined) return undefined;
    throw invalidRequest('The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.');
  }
  const chosen = type ?? (onlyOfTheWhole.includes(algorithm) ? 'FULL_OBJECT' : 'COMPOSITE');
  if (chosen !== 'FULL_OBJECT' && chosen !== 'COMPOSITE') {
    throw invalidRequest('Value for x-amz-checksum-type header is invalid.');
  }
  if ((chosen === 'COMPOSITE' ? onlyOfTheWhole : onlyOfParts).includes(algorithm)) {
    throw invalidRequest(`The ${chosen} checksum type cannot be used with the ${algorithm} checksum algorithm.`);
  }
  return { algorithm, type: chosen };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html */
export const abortMultipartUpload: ObjectOperation = (world, request, { bucket, key }) => {
  ask(world, request, { action: 's3:AbortMultipartUpload', bucket, key });
  uploadsIn(bucket).delete(namedUpload(request, bucket, key).id);
  return { status: 204, headers: {}, body: '' };
};
