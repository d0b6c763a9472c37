import { randomBytes } from 'node:crypto';
import { keptIn } from '../../core/values.ts';
import type { Bucket, Caller, StoredObject } from '../../model/world/world.ts';
import { AwsError, type SandboxRequest } from '../wire/operation.ts';
import { element } from '../wire/xml.ts';
import { ask } from './ask.ts';
import { requestedAlgorithm } from './checksums.ts';
import { type Description, descriptionOf } from './description.ts';
import { encryptionHeaders, encryptObject } from './encryption.ts';
import { invalidArgument, invalidRequest } from './errors.ts';
import {
  compareBytes,
  encoderOf,
  endOfListing,
  initiatorElement,
  listedTime,
  mostOf,
  ownerElement,
  pageOf,
} from './listing.ts';
import { type BucketOperation, documentAnswer, type ObjectOperation } from './operation.ts';
import { authorizeWrite, intendedWrite } from './write-object.ts';

export interface UploadedPart {
  readonly number: number;
  readonly body: Buffer;
  readonly etag: string;
  readonly lastModified: Date;
  readonly checksums: StoredObject['checksums'];
}

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

interface UploadChecksum {
  /** In lower case. */
  readonly algorithm: string;
  readonly type: 'FULL_OBJECT' | 'COMPOSITE';
}

/** Keyed by the bucket's map of objects, which stays the same when the bucket's settings change. */
const uploads = new WeakMap<Bucket['objects'], Map<string, MultipartUpload>>();

export function uploadsIn({ objects }: Bucket): Map<string, MultipartUpload> {
  return keptIn(uploads, objects, () => new Map<string, MultipartUpload>());
}

/** The upload that a request names. Its key must be the one that the upload was started with. */
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

function newUploadId(): string {
  return randomBytes(96).toString('base64').replaceAll('+', '.').replaceAll('/', '_');
}

const onlyOfTheWhole: readonly string[] = ['crc64nvme'];
const onlyOfParts: readonly string[] = ['sha1', 'sha256'];

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html; texts recorded */
function uploadChecksum(algorithm: string | undefined, type: string | undefined): UploadChecksum | undefined {
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

/**
 * Sets everything but the contents, and generates the data key.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html
 */
export const createMultipartUpload: ObjectOperation = (world, request, { bucket, key }) => {
  const { headers, caller } = request;
  const write = { ...intendedWrite(request, bucket, key), createsObject: false };
  const description = descriptionOf(headers);
  const algorithm = headers['x-amz-checksum-algorithm'];
  const checksum = uploadChecksum(
    algorithm === undefined ? undefined : requestedAlgorithm(algorithm),
    headers['x-amz-checksum-type'],
  );
  authorizeWrite(world, request, write);
  const encryption = encryptObject(world, request, bucket, key, write.encryption);
  const id = newUploadId();
  uploadsIn(bucket).set(id, {
    id,
    key,
    initiated: world.now(),
    initiator: caller,
    description,
    tags: write.tags ?? {},
    encryption,
    ...(checksum && { checksum }),
    parts: new Map(),
  });
  return documentAnswer(
    'InitiateMultipartUploadResult',
    [element('Bucket', bucket.name), element('Key', key), element('UploadId', id)],
    {
      ...encryptionHeaders(encryption),
      ...(checksum && {
        'x-amz-checksum-algorithm': checksum.algorithm.toUpperCase(),
        'x-amz-checksum-type': checksum.type,
      }),
    },
  );
};

/**
 * Sorted by key; uploads of the same key in the order in which they started.
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
  // S3 ignores the ID marker if there is no key marker.
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
