import type { StoredObject } from '../../model/world/world.ts';
import { decodeRfc2047, encodeRfc2047, headerOfText } from '../wire/header-text.ts';
import { AwsError, type SandboxRequest } from '../wire/operation.ts';

type Headers = SandboxRequest['headers'];

/** What a writer says about an object besides its contents, and a reader gets back. */
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

/** @throws AwsError InvalidStorageClass, MetadataTooLarge */
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

/** Only the storage class, which is never copied from a source. */
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

/** The headers in which a reader gets a description back. */
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

/** User-defined metadata of a request, without the prefix of its headers. */
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

/** Archived contents have to be restored before they can be read. */
export function checkNotArchived({ storageClass }: StoredObject): void {
  if (storageClass !== 'GLACIER' && storageClass !== 'DEEP_ARCHIVE') return;
  throw new AwsError('InvalidObjectState', 403, "The operation is not valid for the object's storage class", {
    StorageClass: storageClass,
  });
}
