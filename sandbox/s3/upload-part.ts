import type { Bucket, StoredObject, World } from '../../model/world/world.ts';
import type { SandboxRequest } from '../wire/operation.ts';
import { ask } from './ask.ts';
import { checksum, sentAlgorithm, verifiedChecksums } from './checksums.ts';
import { decryptObject, encryptionHeaders } from './encryption.ts';
import { invalidRequest } from './errors.ts';
import { etagOf, kept } from './objects.ts';
import type { ObjectOperation } from './operation.ts';
import { partNumberOf } from './part-of.ts';
import { type MultipartUpload, namedUpload, type UploadedPart } from './uploads.ts';

/**
 * A part has no encryption headers of its own: it is encrypted with the upload's data key, which has to be decrypted.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPart.html
 */
export const uploadPart: ObjectOperation = (world, request, { bucket, key }) => {
  const { headers, query, body } = request;
  const number = partNumberOf(query.get('partNumber') ?? '');
  const upload = namedUpload(request, bucket, key);
  const sent = sentAlgorithm(headers);
  const expected = upload.checksum?.algorithm;
  if (sent !== undefined && expected !== undefined && sent !== expected) {
    throw invalidRequest(
      `Checksum Type mismatch occurred, expected checksum Type: ${expected}, actual checksum Type: ${sent}`,
    );
  }
  const verified = verifiedChecksums(headers, body);
  authorizePart(world, request, bucket, key);
  decryptObject(world, request, bucket, upload);
  const { etag, checksums } = storePart(world, upload, number, body);
  const told = expected === undefined && sent !== undefined ? verified : checksums;
  return {
    status: 200,
    headers: {
      etag,
      ...encryptionHeaders(upload.encryption),
      ...Object.fromEntries(Object.entries(told).map(([name, value]) => [`x-amz-checksum-${name}`, value])),
    },
    body: '',
  };
};

/** What uploading and copying a part need of S3 on the side of the upload. */
export function authorizePart(world: World, request: SandboxRequest, bucket: Bucket, key: string): void {
  ask(world, request, { action: 's3:PutObject', bucket, key, createsObject: false });
}

/** A part that is sent again replaces the one before. */
export function storePart(
  world: World,
  { parts, encryption, checksum: wanted }: MultipartUpload,
  number: number,
  body: StoredObject['body'],
): UploadedPart {
  const part = {
    number,
    body: kept(body),
    etag: etagOf(body, encryption),
    lastModified: world.now(),
    checksums: wanted ? checksum(wanted.algorithm, body) : {},
  };
  parts.set(number, part);
  return part;
}
