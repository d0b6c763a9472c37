import type { StoredObject } from '../../model/world/world.ts';
import type { SandboxRequest } from '../wire/operation.ts';
import { checkNotArchived, descriptionHeaders } from './description.ts';
import { decrypt } from './encryption.ts';
import { invalidArgument, invalidRequest } from './errors.ts';
import { checksumHeaders, objectHeaders, readable } from './objects.ts';
import type { ObjectOperation } from './operation.ts';
import { checkRead } from './preconditions.ts';
import { byteRange } from './range.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html */
export const getObject: ObjectOperation = async (world, request, { bucket, key }) => {
  const { headers, query } = request;
  const overrides = responseOverrides(query);
  checkPartNumber(request);
  const object = await readable(world, request, { bucket, key, versionId: query.get('versionId') ?? undefined });
  checkNotArchived(object);
  await decrypt(world, request, bucket, object);
  checkRead(headers, object, world.now());
  const range = byteRange(headers['range'], object.body.length);
  const body = range ? object.body.subarray(range.first, range.last + 1) : object.body;
  return {
    status: range ? 206 : 200,
    headers: {
      ...describe(object),
      ...(wantsChecksum(request) && !range && checksumHeaders(object)),
      ...(range && { 'content-range': `bytes ${range.first}-${range.last}/${object.body.length}` }),
      ...overrides,
    },
    body,
  };
};

/** What GetObject and HeadObject tell about an object. */
export function describe(object: StoredObject): Record<string, string> {
  const tagCount = Object.keys(object.tags).length;
  return {
    ...objectHeaders(object),
    'accept-ranges': 'bytes',
    'last-modified': object.lastModified.toUTCString(),
    ...(tagCount > 0 && { 'x-amz-tagging-count': String(tagCount) }),
    ...descriptionHeaders(object),
  };
}

export function wantsChecksum({ headers }: SandboxRequest): boolean {
  return headers['x-amz-checksum-mode']?.toUpperCase() === 'ENABLED';
}

/** An object that was not uploaded in parts has one part. */
export function checkPartNumber({ headers, query }: SandboxRequest): void {
  if (query.has('partNumber') && headers['range'] !== undefined) {
    throw invalidRequest('Cannot specify both Range header and partNumber query parameter');
  }
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
