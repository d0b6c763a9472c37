import type { StoredObject } from '../../model/world/world.ts';
import type { SandboxRequest } from '../wire/operation.ts';
import { element, xmlDocument } from '../wire/xml.ts';
import { ask } from './ask.ts';
import { invalidArgument } from './errors.ts';
import { type BucketOperation, s3Namespace } from './operation.ts';

const mostKeys = 1_000;

/** An object, or what the keys below a delimiter have in common. */
interface Entry {
  readonly name: string;
  readonly object?: StoredObject;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
export const listObjectsV2: BucketOperation = async (world, request, { bucket }) => {
  const { query } = request;
  const asked = Number(query.get('max-keys') ?? mostKeys);
  if (!Number.isInteger(asked) || asked < 0) {
    throw invalidArgument('maxKeys', 'Argument maxKeys must be an integer between 0 and 2147483647', String(asked));
  }
  await ask(world, request, { action: 's3:ListBucket', bucket });
  const [prefix, token] = [query.get('prefix') ?? '', query.get('continuation-token')];
  const after = token === null ? (query.get('start-after') ?? '') : Buffer.from(token, 'base64').toString();
  const entries = entriesOf([...bucket.objects.values()], prefix, query.get('delimiter') ?? '').filter(
    ({ name }) => compare(name, after) > 0,
  );
  const most = Math.min(asked, mostKeys);
  const shown = entries.slice(0, most);
  const last = shown.at(-1);
  const encoded = encoderOf(request);
  return {
    status: 200,
    headers: { 'content-type': 'application/xml' },
    body: xmlDocument(
      element(
        'ListBucketResult',
        [
          element('Name', bucket.name),
          element('Prefix', encoded(prefix)),
          query.has('delimiter') ? element('Delimiter', encoded(query.get('delimiter') ?? '')) : undefined,
          query.has('encoding-type') ? element('EncodingType', 'url') : undefined,
          element('KeyCount', String(shown.length)),
          element('MaxKeys', String(most)),
          element('IsTruncated', String(shown.length < entries.length)),
          last && shown.length < entries.length
            ? element('NextContinuationToken', Buffer.from(last.name).toString('base64'))
            : undefined,
          ...shown.map(({ name, object }) =>
            object
              ? element('Contents', [
                  element('Key', encoded(name)),
                  element('LastModified', object.lastModified.toISOString()),
                  element('ETag', object.etag),
                  element('Size', String(object.body.length)),
                  element('StorageClass', object.storageClass ?? 'STANDARD'),
                ])
              : element('CommonPrefixes', [element('Prefix', encoded(name))]),
          ),
        ],
        { xmlns: s3Namespace },
      ),
    ),
  };
};

/** In the order of their bytes, each common prefix once. */
function entriesOf(objects: readonly StoredObject[], prefix: string, delimiter: string): readonly Entry[] {
  const entries = new Map<string, Entry>();
  for (const object of objects.filter(({ key }) => key.startsWith(prefix))) {
    const end = delimiter === '' ? -1 : object.key.indexOf(delimiter, prefix.length);
    const name = end < 0 ? object.key : object.key.slice(0, end + delimiter.length);
    entries.set(name, end < 0 ? { name, object } : { name });
  }
  return [...entries.values()].sort((a, b) => compare(a.name, b.name));
}

function compare(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** Keys may hold characters that XML can't. */
function encoderOf({ query }: SandboxRequest): (text: string) => string {
  return query.get('encoding-type') === 'url'
    ? (text) => encodeURIComponent(text).replaceAll('%2F', '/')
    : (text) => text;
}
