import type { StoredObject } from '../../model/world/world.ts';
import { noSuchKey, notImplementedHeader, notModified, preconditionFailed } from './errors.ts';

type Headers = Readonly<Record<string, string>>;

/**
 * Conditions on reading an object.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-reads.html
 */
export function checkRead(headers: Headers, object: StoredObject, now: Date): void {
  const failed = failedCondition(headers, '', object, now);
  if (failed === 'If-None-Match' || failed === 'If-Modified-Since') throw notModified(object);
  if (failed) throw preconditionFailed(failed);
}

/**
 * Conditions on the source of a copy; each failure answers 412.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
 */
export function checkCopySource(headers: Headers, source: StoredObject, now: Date): void {
  const prefix = 'x-amz-copy-source-';
  const failed = failedCondition(headers, prefix, source, now);
  if (failed) throw preconditionFailed(prefix + failed);
}

/**
 * On a write, `If-None-Match` must be `*`, `If-Match` must not be, and both can't be sent together. S3 rejects anything
 * else before it authorizes the caller.
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

/** S3 supports these conditions on a deletion in directory buckets only. */
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

type Condition = 'If-Match' | 'If-Unmodified-Since' | 'If-None-Match' | 'If-Modified-Since';

/** The first condition that fails. If both a tag and a date are sent, the tag decides. */
function failedCondition(headers: Headers, prefix: string, object: StoredObject, now: Date): Condition | undefined {
  const header = (name: Condition) => headers[prefix + name.toLowerCase()];
  const [match, noneMatch] = [header('If-Match'), header('If-None-Match')];
  const [since, unmodifiedSince] = [header('If-Modified-Since'), header('If-Unmodified-Since')].map((date) =>
    Date.parse(date ?? ''),
  ) as [number, number];
  // HTTP dates are in whole seconds.
  const modified = Math.floor(object.lastModified.getTime() / 1000) * 1000;
  if (match !== undefined) {
    if (!matches(match, object.etag)) return 'If-Match';
  } else if (modified > unmodifiedSince) return 'If-Unmodified-Since';
  if (noneMatch !== undefined) return matches(noneMatch, object.etag) ? 'If-None-Match' : undefined;
  // S3 ignores a date in the future.
  return modified <= since && since <= now.getTime() ? 'If-Modified-Since' : undefined;
}

function matches(header: string, etag: string): boolean {
  return header
    .split(',')
    .some((tag) => tag.trim() === '*' || tag.trim().replace(/^"|"$/g, '') === etag.replace(/"/g, ''));
}
