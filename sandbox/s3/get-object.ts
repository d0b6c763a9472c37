import type { StoredObject } from '../../model/world/world.ts';
import type { SandboxRequest } from '../wire/operation.ts';
import { checkNotArchived, descriptionHeaders } from './description.ts';
import { decryptObject } from './encryption.ts';
import { invalidArgument } from './errors.ts';
import { checksumHeaders, objectHeaders, readable } from './objects.ts';
import type { ObjectOperation } from './operation.ts';
import { checkPartNumber, type Portion, portionOf } from './part-of.ts';
import { checkRead } from './preconditions.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html */
export const getObject: ObjectOperation = (world, request, { bucket, key }) => {
  const { headers, query } = request;
  const overrides = responseOverrides(query);
  checkPartNumber(request);
  const object = readable(world, request, { bucket, key, versionId: query.get('versionId') ?? undefined });
  checkNotArchived(object);
  decryptObject(world, request, bucket, object);
  checkRead(headers, object, world.now());
  const portion = portionOf(object, request);
  const { first, last } = portion.range;
  return {
    status: portion.isPartial ? 206 : 200,
    headers: { ...describe(object), ...portionHeaders(object, portion, request), ...overrides },
    body: object.body.subarray(first, last + 1),
  };
};

/** What GetObject and HeadObject tell about the bytes that were asked for. */
function portionHeaders(
  object: StoredObject,
  { range, isPartial, checksums, partsCount }: Portion,
  request: SandboxRequest,
): Record<string, string> {
  return {
    ...(wantsChecksum(request) && checksumHeaders(checksums, object.checksumType)),
    ...(isPartial && { 'content-range': `bytes ${range.first}-${range.last}/${object.body.length}` }),
    ...(partsCount !== undefined && { 'x-amz-mp-parts-count': String(partsCount) }),
  };
}

/** What GetObject and HeadObject tell about an object. */
function describe(object: StoredObject): Record<string, string> {
  const tagCount = Object.keys(object.tags).length;
  return {
    ...objectHeaders(object),
    'accept-ranges': 'bytes',
    'last-modified': object.lastModified.toUTCString(),
    ...(tagCount > 0 && { 'x-amz-tagging-count': String(tagCount) }),
    ...descriptionHeaders(object),
  };
}

function wantsChecksum({ headers }: SandboxRequest): boolean {
  return headers['x-amz-checksum-mode']?.toUpperCase() === 'ENABLED';
}

const overridable = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
];

/** `response-content-type=…` and its like, which a client may put into a URL. */
function responseOverrides(query: URLSearchParams): Record<string, string> {
  const overrides: Record<string, string> = {};
  for (const header of overridable) {
    const value = query.get(`response-${header}`);
    if (value === null) continue;
    if (Buffer.from(value, 'latin1').toString('latin1') !== value) {
      throw invalidArgument(`response-${header}`, 'Header value cannot be represented using ISO-8859-1.', value);
    }
    overrides[header] = value;
  }
  return overrides;
}

/**
 * KMS is only asked where the checksum is wanted, which is kept encrypted.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
 */
export const headObject: ObjectOperation = (world, request, { bucket, key }) => {
  const { headers, query } = request;
  checkPartNumber(request);
  const object = readable(world, request, { bucket, key, versionId: query.get('versionId') ?? undefined });
  if (wantsChecksum(request)) decryptObject(world, request, bucket, object);
  checkRead(headers, object, world.now());
  const portion = portionOf(object, request);
  const { first, last } = portion.range;
  return {
    status: portion.isPartial ? 206 : 200,
    headers: {
      ...describe(object),
      ...portionHeaders(object, portion, request),
      'content-length': String(last - first + 1),
    },
    body: '',
  };
};
