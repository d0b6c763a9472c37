import type { StoredObject } from '../../model/world/world.ts';
import { decodeRfc2047, encodeRfc2047, headerOfText } from '../wire/header-text.ts';
import { AwsError, type SandboxRequest } from '../wire/operation.ts';
import { element } from '../wire/xml.ts';
import { invalidArgument } from './errors.ts';
import { readable } from './objects.ts';
import { documentAnswer, type ObjectOperation } from './operation.ts';

type Headers = SandboxRequest['headers'];

/** What a writer sets on an object besides its contents, and readers get back. */
export type Description = Pick<StoredObject, 'contentType' | 'metadata' | 'headers' | 'storageClass'>;

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html#SysMetadata */
const systemHeaders = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'expires',
  'x-amz-website-redirect-location',
];

const metadataPrefix = 'x-amz-meta-';
const mostMetadataBytes = 2048;

const storageClasses: readonly string[] = [
  'STANDARD',
  'REDUCED_REDUNDANCY',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'GLACIER',
  'DEEP_ARCHIVE',
  'GLACIER_IR',
];

export function descriptionOf(headers: Headers): Description {
  const system = systemHeaders.flatMap((name) => {
    const value = headers[name];
    return value === undefined || value === '' ? [] : [[name, value] as const];
  });
  return {
    contentType: headers['content-type'] || 'binary/octet-stream',
    metadata: metadataOf(headers),
    headers: Object.fromEntries(system),
    ...storageClassOf(headers),
  };
}

/** Separate, because a copy never takes the storage class from its source. */
export function storageClassOf(headers: Headers): Pick<Description, 'storageClass'> {
  const requested = headers['x-amz-storage-class'];
  if (requested === undefined) return {};
  if (!storageClasses.includes(requested)) {
    throw new AwsError('InvalidStorageClass', 400, 'The storage class you specified is not valid', {
      StorageClassRequested: requested,
    });
  }
  return requested === 'STANDARD' ? {} : { storageClass: requested };
}

export function descriptionHeaders({ contentType, metadata, headers = {}, storageClass }: Description) {
  const told = { 'content-type': contentType, ...headers };
  return {
    ...Object.fromEntries(Object.entries(told).map(([name, value]) => [name, headerOfText(value)])),
    ...(storageClass !== undefined && { 'x-amz-storage-class': storageClass }),
    ...Object.fromEntries(
      Object.entries(metadata).map(([name, value]) => [metadataPrefix + name, encodeRfc2047(value)]),
    ),
  };
}

function metadataOf(headers: Headers): Description['metadata'] {
  const entries = Object.entries(headers)
    .filter(([name]) => name.startsWith(metadataPrefix))
    .map(([name, value]) => [name.slice(metadataPrefix.length), decodeRfc2047(value)] as const);
  const size = entries.reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value), 0);
  if (size > mostMetadataBytes) {
    throw new AwsError('MetadataTooLarge', 400, 'Your metadata headers exceed the maximum allowed metadata size', {
      Size: String(size),
      MaxSizeAllowed: String(mostMetadataBytes),
    });
  }
  return Object.fromEntries(entries);
}

/** Archived objects must be restored before they can be read. */
export function checkNotArchived({ storageClass }: StoredObject): void {
  if (storageClass !== 'GLACIER' && storageClass !== 'DEEP_ARCHIVE') return;
  throw new AwsError('InvalidObjectState', 403, "The operation is not valid for the object's storage class", {
    StorageClass: storageClass,
  });
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectTagging.html */
export const getObjectTagging: ObjectOperation = (world, request, { bucket, key }) => {
  const versionId = request.query.get('versionId') ?? undefined;
  const object = readable(world, request, { bucket, key, versionId }, 'GetObjectTagging');
  const tags = Object.entries(object.tags)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => element('Tag', [element('Key', name), element('Value', value)]));
  return documentAnswer('Tagging', [element('TagSet', tags)], {
    ...(object.versionId !== undefined && { 'x-amz-version-id': object.versionId }),
  });
};

const mostTags = 10;

/**
 * Reads `x-amz-tagging`.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html; the messages were recorded, or
 * quoted in https://github.com/hashicorp/terraform-provider-aws/issues/19895
 */
export function tagsOf(header: string | undefined): Readonly<Record<string, string>> {
  if (header === undefined) return {};
  const pairs = [...new URLSearchParams(header)];
  const isMalformed = header.split('&').some((pair) => pair.split('=').length > 2);
  if (isMalformed || new Set(pairs.map(([key]) => key)).size < pairs.length) {
    throw invalidArgument(
      'x-amz-tagging',
      "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
      header,
    );
  }
  if (pairs.length > mostTags) throw new AwsError('BadRequest', 400, `Object tags cannot be greater than ${mostTags}`);
  for (const [key, value] of pairs) checkTag(key, value);
  return Object.fromEntries(pairs);
}

function checkTag(key: string, value: string): void {
  const invalid = (message: string, extra = {}) => new AwsError('InvalidTag', 400, message, { TagKey: key, ...extra });
  if (/^aws:/i.test(key)) throw invalid('Your TagKey cannot be prefixed with aws:');
  if (key === '' || [...key].length > 128 || !hasTagCharacters(key)) {
    throw invalid('The TagKey you have provided is invalid');
  }
  if ([...value].length > 256 || !hasTagCharacters(value)) {
    throw invalid('The TagValue you have provided is invalid', { TagValue: value });
  }
}

/** Source: https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/allocation-tag-restrictions.html */
function hasTagCharacters(text: string): boolean {
  return /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u.test(text);
}
