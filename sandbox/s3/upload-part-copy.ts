import { element } from '../wire/xml.ts';
import { admitSourceBucket } from './admit.ts';
import { checksumElements } from './checksums.ts';
import { copySourceOf } from './copy-object.ts';
import { checkNotArchived } from './description.ts';
import { decryptObject, encryptionHeaders } from './encryption.ts';
import { invalidArgument, invalidRequest } from './errors.ts';
import { listedTime } from './listing.ts';
import { readable } from './objects.ts';
import { documentAnswer, type ObjectOperation } from './operation.ts';
import { type ByteRange, partNumberOf } from './part-of.ts';
import { checkCopySource } from './preconditions.ts';
import { authorizePart, storePart } from './upload-part.ts';
import { namedUpload } from './uploads.ts';

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
  // As for any copy: S3 asks its own policies for both sides, and KMS after that.
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

/** Recorded by https://github.com/localstack/localstack in tests/aws/services/s3/test_s3_api.snapshot.json */
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
