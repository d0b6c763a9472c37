import { conditions } from '../../core/aws-words/conditions.ts';
import type { Bucket, StoredObject, World } from '../../model/world/world.ts';
import { AwsError, type SandboxRequest } from '../wire/operation.ts';
import { type RequestedAcl, requestedAcl } from './acl.ts';
import { askAll, refusedByS3, type S3Permission } from './ask.ts';
import { verifiedChecksums } from './checksums.ts';
import { descriptionOf, tagsOf } from './description.ts';
import { bringsOwnKey, encryptObject, type WantedEncryption, wantedEncryption } from './encryption.ts';
import { checkKeyLength, checksumHeaders, objectHeaders, store } from './objects.ts';
import type { ObjectOperation } from './operation.ts';
import { checkWrite, checkWriteHeaders } from './preconditions.ts';

/** A write by PutObject, CopyObject or CreateMultipartUpload. */
interface IntendedWrite {
  readonly bucket: Bucket;
  readonly key: string;
  /** The tags in the request; absent if it has none. */
  readonly tags?: Readonly<Record<string, string>>;
  readonly acl?: RequestedAcl;
  readonly ownKey: boolean;
  readonly encryption: WantedEncryption;
  /** False if this only starts a multipart upload. @default true */
  readonly createsObject?: boolean;
}

/** Reads the arguments of a write, and rejects those that are invalid for every caller. */
export function intendedWrite(request: SandboxRequest, bucket: Bucket, key: string): IntendedWrite {
  const { headers } = request;
  checkKeyLength(key);
  checkWriteHeaders(headers);
  const ownKey = bringsOwnKey(request);
  const acl = requestedAcl(headers, bucket);
  return {
    bucket,
    key,
    ownKey,
    encryption: wantedEncryption(request, bucket),
    ...(acl && { acl }),
    ...(headers['x-amz-tagging'] !== undefined && { tags: tagsOf(headers['x-amz-tagging']) }),
  };
}

/**
 * Checks all S3 permissions of a write. `encrypt` calls KMS later.
 *
 * @param tags the tags of the new object, from the request or from the source of a copy
 */
export function authorizeWrite(world: World, request: SandboxRequest, write: IntendedWrite, tags = write.tags): void {
  const { bucket, key, acl, ownKey } = write;
  askAll(world, request, writeEdges(write, tags));
  const put: S3Permission = { action: 's3:PutObject', bucket, key };
  if (acl?.isPublic && bucket.publicAccessBlock?.BlockPublicAcls) {
    throw refusedByS3(world, request, put, conditions.publicAcl.reason);
  }
  if (ownKey) throw refusedByS3(world, request, put, conditions.sseC.reason);
}

/** Source: the "Permissions" section of https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html */
function writeEdges(
  { bucket, key, acl, createsObject }: IntendedWrite,
  tags: StoredObject['tags'] | undefined,
): readonly S3Permission[] {
  const on = { bucket, key, existingTags: bucket.objects.get(key)?.tags };
  return [
    { action: 's3:PutObject', ...on, requestTags: tags, createsObject },
    ...(acl ? [{ action: 's3:PutObjectAcl', ...on }] : []),
    ...(tags ? [{ action: 's3:PutObjectTagging', ...on, requestTags: tags }] : []),
  ];
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html */
export const putObject: ObjectOperation = (world, request, { bucket, key }) => {
  const { headers, body } = request;
  if (headers['content-length'] === undefined && headers['x-amz-decoded-content-length'] === undefined) {
    throw new AwsError('MissingContentLength', 411, 'You must provide the Content-Length HTTP header.');
  }
  const write = intendedWrite(request, bucket, key);
  const description = descriptionOf(headers);
  const checksums = verifiedChecksums(headers, body);
  authorizeWrite(world, request, write);
  const encryption = encryptObject(world, request, bucket, key, write.encryption);
  checkWrite(headers, key, bucket.objects.get(key));
  const stored = store(world, bucket, {
    key,
    body,
    encryption,
    checksums,
    ...description,
    tags: write.tags ?? {},
  });
  return { status: 200, headers: { ...objectHeaders(stored), ...checksumHeaders(stored.checksums) }, body: '' };
};
