import { createHash } from 'node:crypto';
import { endpointOf } from '../../core/arn.ts';
import type { StoredObject } from '../../model/world/world.ts';
import type { SandboxRequest } from '../wire/operation.ts';
import { element } from '../wire/xml.ts';
import { ask } from './ask.ts';
import { checksum, checksumElements, sentAlgorithm } from './checksums.ts';
import { badDigest, namedParts, ofParts, partsToJoin } from './completed-parts.ts';
import { decryptObject } from './encryption.ts';
import { invalidRequest } from './errors.ts';
import { objectHeaders, store } from './objects.ts';
import { documentAnswer, type ObjectOperation } from './operation.ts';
import { checkWrite, checkWriteHeaders } from './preconditions.ts';
import { type MultipartUpload, namedUpload, type UploadedPart, uploadsIn } from './uploads.ts';

/**
 * The object appears now, and not before. KMS is asked where checksums have to be compared, which are kept encrypted.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
 */
export const completeMultipartUpload: ObjectOperation = (world, request, { bucket, key }) => {
  const { headers } = request;
  checkWriteHeaders(headers);
  const upload = namedUpload(request, bucket, key);
  const named = namedParts(request.body.toString());
  ask(world, request, { action: 's3:PutObject', bucket, key, createsObject: true });
  const comparesChecksums =
    sentAlgorithm(headers) !== undefined || named.some(({ checksums }) => Object.keys(checksums).length > 0);
  if (comparesChecksums) decryptObject(world, request, bucket, upload);
  const parts = partsToJoin(upload, named);
  const body = Buffer.concat(parts.map((part) => part.body));
  checkSize(headers['x-amz-mp-object-size'], body.length);
  const checksums = checksumsOf(upload, parts, body);
  checkChecksum(request, upload, checksums);
  checkWrite(headers, key, bucket.objects.get(key));

  const { description, tags, encryption } = upload;
  const isComposite = upload.checksum?.type === 'COMPOSITE';
  const stored = store(world, bucket, {
    key,
    body,
    ...description,
    tags,
    encryption,
    checksums,
    checksumType: upload.checksum?.type ?? 'FULL_OBJECT',
    etag: etagOfParts(parts),
    parts: parts.map((part) => ({
      size: part.body.length,
      checksums: isComposite ? part.checksums : parts.length === 1 ? checksums : {},
    })),
  });
  uploadsIn(bucket).delete(upload.id);
  const { etag, ...about } = objectHeaders(stored);
  return documentAnswer(
    'CompleteMultipartUploadResult',
    [
      element('Location', `https://${bucket.name}.${endpointOf('s3', bucket.region)}/${encodeURIComponent(key)}`),
      element('Bucket', bucket.name),
      element('Key', key),
      element('ETag', etag ?? ''),
      // Under KMS nothing was decrypted that could be told.
      ...(encryption.kmsKeyArn === undefined || comparesChecksums
        ? [...checksumElements(checksums), element('ChecksumType', stored.checksumType ?? 'FULL_OBJECT')]
        : []),
    ],
    about,
  );
};

function checksumsOf(
  { checksum: wanted }: MultipartUpload,
  parts: readonly UploadedPart[],
  body: Buffer,
): StoredObject['checksums'] {
  if (wanted?.type === 'COMPOSITE') return { [wanted.algorithm]: ofParts(wanted.algorithm, parts) };
  return checksum(wanted?.algorithm ?? 'crc64nvme', body);
}

function checkChecksum(
  { headers }: SandboxRequest,
  { checksum: wanted }: MultipartUpload,
  checksums: StoredObject['checksums'],
): void {
  const type = headers['x-amz-checksum-type'];
  if (type !== undefined && type !== wanted?.type) {
    throw invalidRequest(
      `The upload was created using the ${wanted?.type ?? 'null'} checksum mode. The complete request must use the same checksum mode.`,
    );
  }
  const sent = sentAlgorithm(headers);
  if (sent === undefined) return;
  const [name = '', value = ''] = Object.entries(checksums)[0] ?? [];
  // A checksum of parts may be sent without their number.
  const accepted = [value, value.replace(/-\d+$/, '')];
  if (sent === name && accepted.includes(headers[`x-amz-checksum-${sent}`] ?? '')) return;
  throw badDigest(`The ${name} you specified did not match the calculated checksum.`);
}

function checkSize(header: string | undefined, size: number): void {
  if (header === undefined || Number(header) === size) return;
  throw invalidRequest(
    `The provided 'x-amz-mp-object-size' header value ${header} does not match what was computed: ${size}`,
  );
}

/** The MD5 of the parts' own, with their number behind it. */
function etagOfParts(parts: readonly UploadedPart[]): string {
  const digests = Buffer.concat(parts.map(({ etag }) => Buffer.from(etag.replaceAll('"', ''), 'hex')));
  return `"${createHash('md5').update(digests).digest('hex')}-${parts.length}"`;
}
