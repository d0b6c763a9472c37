import { createHash, randomBytes } from 'node:crypto';
import type { Bucket, StoredObject, World } from '../../model/world/world.ts';
import { AwsError, type SandboxRequest } from '../wire/operation.ts';
import { ask, type S3Permission } from './ask.ts';
import { type Encryption, encryptionHeaders } from './encryption.ts';
import { invalidArgument, noSuchKey, noSuchVersion } from './errors.ts';

interface ObjectReference {
  readonly bucket: Bucket;
  readonly key: string;
  readonly versionId?: string | undefined;
}

/**
 * The object, for a caller who may read it. S3 reveals that it is missing only to callers who may list the bucket.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
export function readable(
  world: World,
  request: SandboxRequest,
  { bucket, key, versionId }: ObjectReference,
  action = 'GetObject',
): StoredObject {
  checkVersionId(versionId);
  const object = bucket.objects.get(key);
  ask(world, request, readEdge(action, { bucket, key, versionId }, object));
  if (!object) {
    ask(world, request, { action: 's3:ListBucket', bucket });
    throw noSuchKey(key);
  }
  if (versionId !== undefined && versionId !== (object.versionId ?? 'null')) throw noSuchVersion(key, versionId);
  return object;
}

/** `s3:GetObject`, or for a version `s3:GetObjectVersion`; `GetObjectTagging` becomes `GetObjectVersionTagging`. */
export function readEdge(
  action: string,
  { bucket, key, versionId }: ObjectReference,
  object: StoredObject | undefined,
): S3Permission {
  const name = versionId === undefined ? action : action.replace(/^(Get|Delete)Object/, '$&Version');
  return { action: `s3:${name}`, bucket, key, versionId, existingTags: object?.tags };
}

/** Version IDs are opaque. S3 rejects one with the wrong format before any lookup. */
export function checkVersionId(versionId: string | undefined): void {
  if (versionId === undefined || versionId === 'null' || /^[A-Za-z0-9._]{32}$/.test(versionId)) return;
  throw invalidArgument('versionId', 'Invalid version id specified', versionId);
}

/**
 * Copies a small buffer into its own memory. Small buffers share a pool, which can't be freed while one of them exists.
 */
export function kept(body: Buffer): Buffer {
  if (body.buffer.byteLength === body.length) return body;
  const own = Buffer.allocUnsafeSlow(body.length);
  body.copy(own);
  return own;
}

/** Stores an object and sets the fields that only stored objects have. */
export function store(
  world: World,
  bucket: Bucket,
  object: Omit<StoredObject, 'etag' | 'lastModified' | 'versionId'> & Partial<Pick<StoredObject, 'etag'>>,
): StoredObject {
  const stored: StoredObject = {
    ...object,
    body: kept(object.body),
    etag: object.etag ?? etagOf(object.body, object.encryption),
    lastModified: world.now(),
    ...(bucket.versioned && { versionId: newVersionId() }),
  };
  // A process that watches the bucket moves the object before the next request.
  if (!bucket.movesObjects) bucket.objects.set(stored.key, stored);
  return stored;
}

export function newVersionId(): string {
  return randomBytes(24).toString('base64').replaceAll('+', '.').replaceAll('/', '_');
}

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html */
export function etagOf(body: Buffer, { sseAlgorithm }: Encryption): string {
  const digest = createHash('md5').update(body);
  if (sseAlgorithm !== 'AES256') digest.update(randomBytes(16));
  return `"${digest.digest('hex')}"`;
}

export function objectHeaders(object: StoredObject): Record<string, string> {
  return {
    etag: object.etag,
    ...(object.versionId !== undefined && { 'x-amz-version-id': object.versionId }),
    ...encryptionHeaders(object.encryption),
  };
}

export function checksumHeaders(
  checksums: StoredObject['checksums'],
  type: StoredObject['checksumType'] = 'FULL_OBJECT',
): Record<string, string> {
  if (Object.keys(checksums).length === 0) return {};
  return {
    ...Object.fromEntries(Object.entries(checksums).map(([name, value]) => [`x-amz-checksum-${name}`, value])),
    'x-amz-checksum-type': type,
  };
}

export function checkKeyLength(key: string): void {
  const size = Buffer.byteLength(key);
  if (size <= 1024) return;
  throw new AwsError('KeyTooLongError', 400, 'Your key is too long', { Size: String(size), MaxSizeAllowed: '1024' });
}
