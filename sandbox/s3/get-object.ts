import type { StoredObject, World } from '../../model/world/world.ts';
import { AwsError, type SandboxRequest } from '../wire/operation.ts';
import { checkNotArchived, descriptionHeaders } from './description.ts';
import { decryptObject } from './encryption.ts';
import { invalidArgument, invalidRequest } from './errors.ts';
import { checksumHeaders, objectHeaders, readable } from './objects.ts';
import type { ObjectOperation } from './operation.ts';
import { checkRead } from './preconditions.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html */
export const getObject: ObjectOperation = (world, request, on) => {
  const overrides = responseOverrides(request.query);
  const { object, portion, status, headers } = read(world, request, on, (found) => {
    checkNotArchived(found);
    decryptObject(world, request, on.bucket, found);
  });
  const { first, last } = portion.range;
  return { status, headers: { ...headers, ...overrides }, body: object.body.subarray(first, last + 1) };
};

/** Shared by GetObject and HeadObject. @param open processes the object that was found */
function read(
  world: World,
  request: SandboxRequest,
  { bucket, key }: Parameters<ObjectOperation>[2],
  open: (found: StoredObject) => void,
) {
  checkPartNumber(request);
  const object = readable(world, request, { bucket, key, versionId: request.query.get('versionId') ?? undefined });
  open(object);
  checkRead(request.headers, object, world.now());
  const portion = portionOf(object, request);
  const headers = { ...describe(object), ...portionHeaders(object, portion, request) };
  return { object, portion, status: portion.isPartial ? 206 : 200, headers };
}

/** The headers of GetObject and HeadObject about the requested bytes. */
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

/** `response-content-type=…` and the like, which a client may put in a URL. */
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
 * Calls KMS only if the request asks for the checksum, which S3 stores encrypted.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
 */
export const headObject: ObjectOperation = (world, request, on) => {
  const { portion, status, headers } = read(world, request, on, (found) => {
    if (wantsChecksum(request)) decryptObject(world, request, on.bucket, found);
  });
  const { first, last } = portion.range;
  return { status, headers: { ...headers, 'content-length': String(last - first + 1) }, body: '' };
};

/** The part of an object that a read returns: all of it, a range of bytes, or a part. */
interface Portion {
  readonly range: ByteRange;
  /** The status is 206, and the answer has Content-Range. */
  readonly isPartial: boolean;
  /** The checksums of these bytes, if known. */
  readonly checksums: StoredObject['checksums'];
  readonly partsCount?: number;
}

function portionOf(object: StoredObject, { headers, query }: SandboxRequest): Portion {
  const size = object.body.length;
  const all = { first: 0, last: size - 1 };
  const number = query.get('partNumber');
  if (number !== null) return partOf(object, partNumberOf(number));
  const range = byteRange(headers['range'], size);
  if (!range) return { range: all, isPartial: false, checksums: object.checksums };
  const isWhole = range.first === 0 && range.last === size - 1;
  return { range, isPartial: true, checksums: isWhole ? object.checksums : {} };
}

/** Rejects a request with both a part number and a range, whether or not the object exists. */
function checkPartNumber({ headers, query }: SandboxRequest): void {
  const number = query.get('partNumber');
  if (number === null) return;
  partNumberOf(number);
  if (headers['range'] !== undefined) {
    throw invalidRequest('Cannot specify both Range header and partNumber query parameter');
  }
}

export function partNumberOf(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && number <= 10_000) return number;
  throw invalidArgument('partNumber', 'Part number must be an integer between 1 and 10000, inclusive', text);
}

/** An object that was not uploaded in parts counts as part 1. */
function partOf(object: StoredObject, number: number): Portion {
  const { parts } = object;
  const count = parts?.length ?? 1;
  if (number > count) {
    throw new AwsError('InvalidPartNumber', 416, 'The requested partnumber is not satisfiable', {
      PartNumberRequested: String(number),
      ActualPartCount: String(count),
    });
  }
  if (!parts)
    return { range: { first: 0, last: object.body.length - 1 }, isPartial: true, checksums: object.checksums };
  const first = parts.slice(0, number - 1).reduce((sum, part) => sum + part.size, 0);
  const { size = 0, checksums = {} } = parts[number - 1] ?? {};
  return { range: { first, last: first + size - 1 }, isPartial: true, checksums, partsCount: count };
}

export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/**
 * Reads `Range: bytes=FIRST-LAST`, `bytes=FIRST-` or `bytes=-COUNT`. Undefined for the whole object and, as HTTP
 * requires, for a header that can't be parsed.
 *
 * @param size of the object, in bytes
 * @throws AwsError InvalidRange, 416
 */
function byteRange(header: string | undefined, size: number): ByteRange | undefined {
  const [, from = '', to = ''] = header?.match(/^bytes=(\d*)-(\d*)$/) ?? [];
  if (from === '' && to === '') return undefined;
  const first = from === '' ? Math.max(size - Number(to), 0) : Number(from);
  const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (from !== '' && to !== '' && Number(to) < first) return undefined;
  if (first >= size || (from === '' && Number(to) === 0)) {
    throw new AwsError('InvalidRange', 416, 'The requested range is not satisfiable', {
      RangeRequested: header ?? '',
      ActualObjectSize: String(size),
    });
  }
  return { first, last };
}
