import type { Bucket, StoredObject } from '../../model/world/world.ts';
import type { SandboxRequest } from '../wire/operation.ts';
import { element } from '../wire/xml.ts';
import { admitSourceBucket } from './address.ts';
import { ask } from './ask.ts';
import { checksum, checksumElements, requestedAlgorithm } from './checksums.ts';
import { checkNotArchived, type Description, descriptionOf, storageClassOf } from './description.ts';
import { decryptObject, encryptObject } from './encryption.ts';
import { invalidArgument, invalidRequest } from './errors.ts';
import { listedTime } from './listing.ts';
import { objectHeaders, readable, readEdge, store } from './objects.ts';
import { documentAnswer, type ObjectOperation } from './operation.ts';
import { checkCopySource, checkWrite } from './preconditions.ts';
import { authorizeWrite, intendedWrite } from './write-object.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html */
export const copyObject: ObjectOperation = (world, request, { bucket, key }) => {
  const { headers } = request;
  const from = copySourceOf(headers['x-amz-copy-source'] ?? '');
  const sourceBucket = admitSourceBucket(world, request, from.bucket);
  const metadataDirective = directive(headers, 'x-amz-metadata-directive');
  const taggingDirective = directive(headers, 'x-amz-tagging-directive');
  const algorithm = headers['x-amz-checksum-algorithm'];
  if (algorithm !== undefined) requestedAlgorithm(algorithm);
  const write = intendedWrite(request, bucket, key);
  storageClassOf(headers);
  if (isOntoItself(from, bucket, key) && !changesSomething(headers, bucket, metadataDirective)) {
    throw invalidRequest(
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    );
  }

  const source = readable(world, request, { ...from, bucket: sourceBucket });
  checkNotArchived(source);
  const copiesTags = taggingDirective === 'COPY' && Object.keys(source.tags).length > 0;
  if (copiesTags) ask(world, request, readEdge('GetObjectTagging', { ...from, bucket: sourceBucket }, source));
  const tags = copiesTags ? source.tags : taggingDirective === 'REPLACE' ? write.tags : undefined;
  authorizeWrite(world, request, write, tags);
  decryptObject(world, request, sourceBucket, source);
  const encryption = encryptObject(world, request, bucket, key, write.encryption);
  checkCopySource(headers, source, world.now());
  checkWrite(headers, key, bucket.objects.get(key));

  const stored = store(world, bucket, {
    key,
    body: source.body,
    encryption,
    ...(metadataDirective === 'REPLACE' ? descriptionOf(headers) : copiedDescription(source, headers)),
    tags: tags ?? {},
    checksums: copiedChecksums(source, algorithm),
  });
  const { etag: _etag, ...about } = objectHeaders(stored);
  return documentAnswer('CopyObjectResult', resultElements(stored), {
    ...about,
    ...(source.versionId !== undefined && { 'x-amz-copy-source-version-id': source.versionId }),
  });
};

function directive(headers: SandboxRequest['headers'], name: string): 'COPY' | 'REPLACE' {
  const value = headers[name] ?? 'COPY';
  if (value === 'COPY' || value === 'REPLACE') return value;
  const what = name === 'x-amz-metadata-directive' ? 'metadata' : 'tagging';
  throw invalidArgument(name, `Unknown ${what} directive.`, value);
}

/** The source's checksums, unless they are composite or the request names another algorithm. */
function copiedChecksums({ checksums, checksumType, body }: StoredObject, algorithm: string | undefined) {
  if (algorithm === undefined && checksumType !== 'COMPOSITE') return checksums;
  return checksum(requestedAlgorithm(algorithm, Object.keys(checksums)[0]), body);
}

/** The storage class and the website redirect always come from the request, not from the source. */
function copiedDescription(source: StoredObject, headers: SandboxRequest['headers']): Description {
  const { [redirect]: _redirect, ...kept } = source.headers ?? {};
  const own = headers[redirect];
  return {
    contentType: source.contentType,
    metadata: source.metadata,
    headers: { ...kept, ...(own !== undefined && { [redirect]: own }) },
    ...storageClassOf(headers),
  };
}

const redirect = 'x-amz-website-redirect-location';

function isOntoItself(from: CopySource, bucket: Bucket, key: string): boolean {
  return from.bucket === bucket.name && from.key === key && from.versionId === undefined;
}

/** A bucket's default encryption with KMS counts as a change, because it may differ from the object's. */
function changesSomething(
  headers: SandboxRequest['headers'],
  { defaultEncryption }: Bucket,
  metadataDirective: 'COPY' | 'REPLACE',
): boolean {
  const changing = ['x-amz-storage-class', 'x-amz-website-redirect-location', 'x-amz-server-side-encryption'];
  return (
    metadataDirective === 'REPLACE' ||
    defaultEncryption.sseAlgorithm !== 'AES256' ||
    changing.some((name) => headers[name] !== undefined)
  );
}

function resultElements({ lastModified, etag, checksums }: StoredObject): readonly string[] {
  return [
    element('LastModified', listedTime(lastModified)),
    element('ETag', etag),
    element('ChecksumType', 'FULL_OBJECT'),
    ...checksumElements(checksums),
  ];
}

interface CopySource {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string;
}

/**
 * Reads `x-amz-copy-source`: `BUCKET/KEY`, URL-encoded, with an optional leading slash and an optional `?versionId=…`.
 * A plus sign that is not encoded means a space.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html#API_CopyObject_RequestSyntax
 */
export function copySourceOf(header: string): CopySource {
  const [path = '', versionId] = header.replace(/^\//, '').split('?versionId=');
  const decoded = decode(path);
  const slash = decoded.indexOf('/');
  if (slash < 1 || slash === decoded.length - 1) {
    // S3 puts the header's name in ArgumentValue too.
    throw invalidArgument('x-amz-copy-source', 'Invalid copy source object key', 'x-amz-copy-source');
  }
  return {
    bucket: decoded.slice(0, slash),
    key: decoded.slice(slash + 1),
    ...(versionId !== undefined && { versionId }),
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw invalidArgument('x-amz-copy-source', 'Invalid copy source encoding', 'x-amz-copy-source');
  }
}
