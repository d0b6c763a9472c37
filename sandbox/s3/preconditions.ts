import type { StoredObject } from '../../model/world/world.ts';
import { noSuchKey, notImplementedHeader, notModified, preconditionFailed } from './errors.ts';

type Headers = Readonly<Record<string, string>>;

/**
 * Conditions on reading an object.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-reads.html
 */
export function checkRead(headers: Headers, object: StoredObject, now: Date): void {
  const failed = failedConditions(headers, '', object, now);
  if (failed['if-match']) throw preconditionFailed('If-Match');
  if (failed['if-unmodified-since'] && headers['if-match'] === undefined)
    throw preconditionFailed('If-Unmodified-Since');
  if (failed['if-none-match']) throw notModified(object);
  if (failed['if-modified-since'] && headers['if-none-match'] === undefined) throw notModified(object);
}

/**
 * Conditions on the source of a copy, all of which answer 412.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
 */
export function checkCopySource(headers: Headers, source: StoredObject, now: Date): void {
  const failed = failedConditions(headers, 'x-amz-copy-source-', source, now);
  if (failed['if-match']) throw preconditionFailed('x-amz-copy-source-If-Match');
  if (failed['if-unmodified-since'] && headers['x-amz-copy-source-if-match'] === undefined) {
    throw preconditionFailed('x-amz-copy-source-If-Unmodified-Since');
  }
  if (failed['if-none-match']) throw preconditionFailed('x-amz-copy-source-If-None-Match');
  if (failed['if-modified-since'] && headers['x-amz-copy-source-if-none-match'] === undefined) {
    throw preconditionFailed('x-amz-copy-source-If-Modified-Since');
  }
}

/**
 * On a write `If-None-Match` can only be `*`, `If-Match` cannot be, and both cannot be together. Anything else is an error
 * before anybody is authorized.
 */
export function checkWriteHeaders(headers: Headers): void {
  const { 'if-none-match': none, 'if-match': match } = headers;
  if (none !== undefined && match !== undefined) {
    throw notImplementedHeader('If-Match,If-None-Match', 'Multiple conditional request headers present in the request');
  }
  const unknown = (header: string) =>
    notImplementedHeader(header, `We don't accept the provided value of ${header} header for this API`);
  if (none !== undefined && none !== '*') throw unknown('If-None-Match');
  if (match === '*') throw unknown('If-Match');
}

/** Conditions on a deletion that only directory buckets have. */
export function checkDeletionHeaders(headers: Headers): void {
  const found = ['x-amz-if-match-last-modified-time', 'x-amz-if-match-size'].find(
    (name) => headers[name] !== undefined,
  );
  if (found) throw notImplementedHeader(found);
}

/**
 * Conditions on the object that a write would replace.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export function checkWrite(headers: Headers, key: string, present: StoredObject | undefined): void {
  if (headers['if-none-match'] !== undefined && present) throw preconditionFailed('If-None-Match');
  const wanted = headers['if-match'];
  if (wanted === undefined) return;
  if (!present) throw noSuchKey(key);
  if (!matches(wanted, present.etag)) throw preconditionFailed('If-Match');
}

type Condition = 'if-match' | 'if-none-match' | 'if-modified-since' | 'if-unmodified-since';

function failedConditions(
  headers: Headers,
  prefix: string,
  object: StoredObject,
  now: Date,
): Readonly<Record<Condition, boolean>> {
  const header = (name: Condition) => headers[prefix + name];
  // HTTP dates have whole seconds.
  const modified = Math.floor(object.lastModified.getTime() / 1000) * 1000;
  const since = (name: Condition) => {
    const time = Date.parse(header(name) ?? '');
    // A date that has not come yet is no condition.
    return time > now.getTime() ? Number.NaN : time;
  };
  return {
    'if-match': header('if-match') !== undefined && !matches(header('if-match') ?? '', object.etag),
    'if-none-match': header('if-none-match') !== undefined && matches(header('if-none-match') ?? '', object.etag),
    'if-modified-since': modified <= since('if-modified-since'),
    'if-unmodified-since': modified > Date.parse(header('if-unmodified-since') ?? ''),
  };
}

function matches(header: string, etag: string): boolean {
  return header
    .split(',')
    .some((tag) => tag.trim() === '*' || tag.trim().replace(/^"|"$/g, '') === etag.replace(/"/g, ''));
}
