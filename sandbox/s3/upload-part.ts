import type { Bucket, StoredObject, World } from '../../model/world/world.ts';
import type { SandboxRequest } from '../wire/operation.ts';
import { element } from '../wire/xml.ts';
import { admitSourceBucket } from './address.ts';
import { ask } from './ask.ts';
import { checksum, checksumElements, sentAlgorithm, verifiedChecksums } from './checksums.ts';
import { copySourceOf } from './copy-object.ts';
import { checkNotArchived } from './description.ts';
import { decryptObject, encryptionHeaders } from './encryption.ts';
import { invalidArgument, invalidRequest } from './errors.ts';
import { type ByteRange, partNumberOf } from './get-object.ts';
import { initiatorElement, listedTime, mostOf, ownerElement } from './listing.ts';
import { etagOf, kept, readable } from './objects.ts';
import { documentAnswer, type ObjectOperation } from './operation.ts';
import { checkCopySource } from './preconditions.ts';
import { type MultipartUpload, namedUpload, type UploadedPart } from './uploads.ts';

/**
 * A part has no encryption headers of its own. S3 encrypts it with the upload's data key, which KMS must decrypt.
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

/** Permissions on the upload, for both UploadPart and UploadPartCopy. */
function authorizePart(world: World, request: SandboxRequest, bucket: Bucket, key: string): void {
  ask(world, request, { action: 's3:PutObject', bucket, key, createsObject: false });
}

/** Uploading a part number again replaces the earlier part. */
function storePart(
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

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPartCopy.html */
export const uploadPartCopy: ObjectOperation = (world, request, { bucket, key }) => {
  const { headers, query } = request;
  const from = copySourceOf(headers['x-amz-copy-source'] ?? '');
  const sourceBucket = admitSourceBucket(world, request, from.bucket);
  const number = partNumberOf(query.get('partNumber') ?? '');
  const upload = namedUpload(request, bucket, key);
  const range = wantedRange(headers[rangeHeader]);

  const source = readable(world, request, { ...from, bucket: sourceBucket });
  checkNotArchived(source);
  if (range) checkRange(range, source.body.length, headers[rangeHeader]);
  // As for CopyObject: S3 checks its own policies for source and destination first, then KMS.
  authorizePart(world, request, bucket, key);
  decryptObject(world, request, sourceBucket, source);
  decryptObject(world, request, bucket, upload);
  checkCopySource(headers, source, world.now());
  const part = storePart(
    world,
    upload,
    number,
    range ? source.body.subarray(range.first, range.last + 1) : source.body,
  );
  return documentAnswer(
    'CopyPartResult',
    [
      element('LastModified', listedTime(part.lastModified)),
      element('ETag', part.etag),
      ...checksumElements(part.checksums),
    ],
    {
      ...encryptionHeaders(upload.encryption),
      ...(source.versionId !== undefined && { 'x-amz-copy-source-version-id': source.versionId }),
    },
  );
};

const rangeHeader = 'x-amz-copy-source-range';

/** Recorded in https://github.com/localstack/localstack, tests/aws/services/s3/test_s3_api.snapshot.json */
function wantedRange(header: string | undefined): ByteRange | undefined {
  if (header === undefined) return undefined;
  const [, first = '', last = ''] = header.match(/^bytes=(\d+)-(\d+)$/) ?? [];
  if (first !== '' && Number(first) <= Number(last)) return { first: Number(first), last: Number(last) };
  throw invalidArgument(
    rangeHeader,
    'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy',
    header,
  );
}

function checkRange({ first, last }: ByteRange, size: number, header?: string): void {
  if (first >= size) throw invalidRequest('The specified copy range is invalid for the source object size');
  if (last < size) return;
  throw invalidArgument(rangeHeader, `Range specified is not valid for source object of size: ${size}`, header);
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListParts.html */
export const listParts: ObjectOperation = (world, request, { bucket, key }) => {
  const { query } = request;
  const most = mostOf(query, 'max-parts', 'max-parts');
  const marker = Number(query.get('part-number-marker') ?? 0);
  ask(world, request, { action: 's3:ListMultipartUploadParts', bucket, key });
  const upload = namedUpload(request, bucket, key);
  const after = [...upload.parts.values()].filter(({ number }) => number > marker).sort((a, b) => a.number - b.number);
  const shown = after.slice(0, most);
  return documentAnswer('ListPartsResult', [
    element('Bucket', bucket.name),
    element('Key', key),
    element('UploadId', upload.id),
    initiatorElement(upload.initiator),
    ownerElement(bucket.accountId),
    element('StorageClass', upload.description.storageClass ?? 'STANDARD'),
    element('PartNumberMarker', String(marker)),
    element('NextPartNumberMarker', String(shown.at(-1)?.number ?? 0)),
    element('MaxParts', String(most)),
    element('IsTruncated', String(most > 0 && after.length > most)),
    ...shown.map(partElement),
    upload.checksum && element('ChecksumAlgorithm', upload.checksum.algorithm.toUpperCase()),
    upload.checksum && element('ChecksumType', upload.checksum.type),
  ]);
};

function partElement({ number, lastModified, etag, body, checksums }: UploadedPart): string {
  return element('Part', [
    element('PartNumber', String(number)),
    element('LastModified', listedTime(lastModified)),
    element('ETag', etag),
    element('Size', String(body.length)),
    ...checksumElements(checksums),
  ]);
}
