import { element } from '../wire/xml.ts';
import { ask } from './ask.ts';
import { invalidArgument } from './errors.ts';
import { initiatorElement } from './list-parts.ts';
import { compareBytes, encoderOf, endOfListing, listedTime, mostOf, ownerElement, pageOf } from './listing.ts';
import { type BucketOperation, documentAnswer } from './operation.ts';
import { type MultipartUpload, uploadsIn } from './uploads.ts';

/**
 * By key, and for the same key in the order in which they began.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html
 */
export const listMultipartUploads: BucketOperation = (world, request, { bucket }) => {
  const { query } = request;
  const most = mostOf(query, 'max-uploads', 'max-uploads');
  const encoded = encoderOf(query);
  const given = (name: string) => query.get(name) ?? '';
  const [prefix, delimiter, keyMarker, idMarker] = [
    given('prefix'),
    given('delimiter'),
    given('key-marker'),
    given('upload-id-marker'),
  ];
  ask(world, request, { action: 's3:ListBucketMultipartUploads', bucket });
  const all = [...uploadsIn(bucket).values()];
  // Without a key the id says nothing.
  const goesOnBehind = keyMarker !== '' && idMarker !== '' ? all.findIndex(({ id }) => id === idMarker) : undefined;
  if (goesOnBehind === -1) throw invalidArgument('upload-id-marker', 'Invalid uploadId marker', idMarker);
  const rest = all.filter(
    ({ key }, index) =>
      goesOnBehind === undefined || compareBytes(key, keyMarker) > 0 || (key === keyMarker && index > goesOnBehind),
  );
  const page = pageOf(rest, ({ key }) => key, {
    prefix,
    delimiter,
    after: goesOnBehind === undefined ? keyMarker : '',
    most,
  });
  const last = page.shown.at(-1)?.item;
  return documentAnswer('ListMultipartUploadsResult', [
    element('Bucket', bucket.name),
    element('KeyMarker', encoded(keyMarker)),
    element('UploadIdMarker', goesOnBehind === undefined ? '' : idMarker),
    element('NextKeyMarker', encoded(last?.key ?? '')),
    element('NextUploadIdMarker', last?.id ?? ''),
    element('MaxUploads', String(most)),
    query.has('prefix') ? element('Prefix', encoded(prefix)) : undefined,
    ...endOfListing(query, page, encoded, (upload, name) => uploadElement(upload, name, bucket.accountId)),
  ]);
};

function uploadElement(upload: MultipartUpload, key: string, owner: string): string {
  const { id, initiator, initiated, checksum, description } = upload;
  return element('Upload', [
    element('Key', key),
    element('UploadId', id),
    initiatorElement(initiator),
    ownerElement(owner),
    element('StorageClass', description.storageClass ?? 'STANDARD'),
    element('Initiated', listedTime(initiated)),
    checksum && element('ChecksumAlgorithm', checksum.algorithm.toUpperCase()),
    checksum && element('ChecksumType', checksum.type),
  ]);
}
