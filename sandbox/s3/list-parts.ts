import type { Caller } from '../../model/world/world.ts';
import { element } from '../wire/xml.ts';
import { ask } from './ask.ts';
import { checksumElements } from './checksums.ts';
import { canonicalUserId, listedTime, mostOf, ownerElement } from './listing.ts';
import { documentAnswer, type ObjectOperation } from './operation.ts';
import { namedUpload, type UploadedPart } from './uploads.ts';

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

/** A session goes by its ARN, an account by its canonical id. */
export function initiatorElement({ arn, accountId, roleArn }: Caller): string {
  return element('Initiator', [
    element('ID', roleArn === undefined ? canonicalUserId(accountId) : arn),
    element('DisplayName', roleArn === undefined ? '' : (arn.split('/').at(-1) ?? '')),
  ]);
}
