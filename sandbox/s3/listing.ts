import { createHash } from 'node:crypto';
import type { Caller, StoredObject } from '../../model/world/world.ts';
import { element } from '../wire/xml.ts';
import { invalidArgument } from './errors.ts';

/** Shared by S3's listings: pages of names, grouped by a delimiter. */

const mostKeys = 1_000;

/** An item, or the common prefix of the keys that share one. */
interface ListingEntry<T> {
  readonly name: string;
  readonly item?: T;
}

interface ListingPage<T> {
  readonly shown: readonly ListingEntry<T>[];
  readonly isTruncated: boolean;
}

interface ListingRequest {
  readonly prefix: string;
  readonly delimiter: string;
  /** Leaves out names up to and including this one. */
  readonly after: string;
  readonly most: number;
}

/** Sorted by bytes, with each common prefix once. A page with a maximum of zero names is never truncated. */
export function pageOf<T>(
  items: Iterable<T>,
  keyOf: (item: T) => string,
  { prefix, delimiter, after, most }: ListingRequest,
): ListingPage<T> {
  const entries: ListingEntry<T>[] = [];
  let previous: string | undefined;
  const wanted = [...items]
    .filter((item) => keyOf(item).startsWith(prefix))
    .sort((a, b) => compareBytes(keyOf(a), keyOf(b)));
  for (const item of wanted) {
    const key = keyOf(item);
    const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    const name = end < 0 ? key : key.slice(0, end + delimiter.length);
    if (end >= 0 && name === previous) continue;
    previous = end < 0 ? undefined : name;
    // If a page ended at or in a common prefix, the next one starts after everything under that prefix.
    if (compareBytes(name, after) <= 0) continue;
    entries.push(end < 0 ? { name, item } : { name });
  }
  return { shown: entries.slice(0, most), isTruncated: most > 0 && entries.length > most };
}

export function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** `max-keys` and the like: the maximum number of names on a page. */
export function mostOf(query: URLSearchParams, parameter: string, argument: string): number {
  const text = query.get(parameter);
  if (text === null || text === '') return mostKeys;
  if (!/^-?\d+$/.test(text)) {
    throw invalidArgument(parameter, `Provided ${parameter} not an integer or within integer range`, text);
  }
  const asked = Number(text);
  if (asked < 0 || asked > 2147483647) {
    throw invalidArgument(argument, `Argument ${argument} must be an integer between 0 and 2147483647`, text);
  }
  return Math.min(asked, mostKeys);
}

/** Keys may contain characters that XML can't. @throws AwsError InvalidArgument, for an encoding other than `url` */
export function encoderOf(query: URLSearchParams): (text: string) => string {
  const type = query.get('encoding-type');
  if (type === null) return (text) => text;
  if (type !== 'url') throw invalidArgument('encoding-type', 'Invalid Encoding Method specified in Request', type);
  return urlEncoded;
}

/**
 * Keeps letters, digits, `-_.*` and the slash; a space becomes a plus sign.
 *
 * Parentheses: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html; the rest is a choice
 */
function urlEncoded(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+')
    .replaceAll('%2F', '/');
}

/** A token to continue after a name. Clients can't read it, and a token that we didn't create is rejected. */
export function continuationToken(name: string): string {
  return Buffer.from(check(name) + name).toString('base64');
}

/** @throws AwsError InvalidArgument, for a token that `continuationToken` didn't create */
export function nameInToken(token: string | null): string {
  if (token === null || token === '') return '';
  const text = Buffer.from(token, 'base64').toString();
  const name = text.slice(8);
  if (text.slice(0, 8) === check(name)) return name;
  throw invalidArgument('continuation-token', 'The continuation token provided is incorrect');
}

function check(name: string): string {
  return createHash('sha256').update(`continuation ${name}`).digest('base64').slice(0, 8);
}

/** S3's times are in whole seconds. */
export function listedTime(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, '.000Z');
}

/** @param owner the account to show as the owner; absent to show none */
export function contentsElement(
  { etag, lastModified, checksums, checksumType, storageClass, body }: StoredObject,
  key: string,
  owner?: string,
): string {
  const algorithms = Object.keys(checksums).map((name) => element('ChecksumAlgorithm', name.toUpperCase()));
  return element('Contents', [
    element('Key', key),
    element('LastModified', listedTime(lastModified)),
    element('ETag', etag),
    ...algorithms,
    algorithms.length > 0 ? element('ChecksumType', checksumType ?? 'FULL_OBJECT') : undefined,
    element('Size', String(body.length)),
    owner === undefined ? undefined : ownerElement(owner),
    element('StorageClass', storageClass ?? 'STANDARD'),
  ]);
}

/** The end of every listing: its request parameters and the entries of the page. */
export function endOfListing<T>(
  query: URLSearchParams,
  { shown, isTruncated }: ListingPage<T>,
  encoded: (text: string) => string,
  elementOf: (item: T, name: string) => string,
): readonly (string | undefined)[] {
  const delimiter = query.get('delimiter') ?? '';
  return [
    delimiter === '' ? undefined : element('Delimiter', encoded(delimiter)),
    query.has('encoding-type') ? element('EncodingType', 'url') : undefined,
    element('IsTruncated', String(isTruncated)),
    ...shown.map(({ name, item }) =>
      item ? elementOf(item, encoded(name)) : element('CommonPrefixes', [element('Prefix', encoded(name))]),
    ),
  ];
}

/**
 * The canonical user ID of an account: 64 hexadecimal digits.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/finding-canonical-user-id.html
 */
function canonicalUserId(accountId: string): string {
  return createHash('sha256').update(`canonical user of ${accountId}`).digest('hex');
}

/** S3 no longer returns display names. */
export function ownerElement(accountId: string, name = 'Owner'): string {
  return element(name, [element('ID', canonicalUserId(accountId))]);
}

/** A session is identified by its ARN, an account by its canonical user ID. */
export function initiatorElement({ arn, accountId, roleArn }: Caller): string {
  return element('Initiator', [
    element('ID', roleArn === undefined ? canonicalUserId(accountId) : arn),
    element('DisplayName', roleArn === undefined ? '' : (arn.split('/').at(-1) ?? '')),
  ]);
}
