import { ListObjectsV2Command, type ListObjectsV2CommandInput } from '@aws-sdk/client-s3';
import { allow, deliveryRoleArn, editRole, internalBucket, policy } from '../small-world.ts';
import { refusal, stage } from './outcome.ts';

const { world, s3 } = stage();
const keys = ['a/1', 'a/2', 'a/b/3', 'c d&', 'é'];

beforeEach(() => {
  const objects = world().buckets.get(internalBucket)?.objects;
  for (const key of keys.toReversed()) {
    objects?.set(key, {
      key,
      body: Buffer.from('12345'),
      etag: '"1"',
      lastModified: new Date('2026-01-02T03:04:05Z'),
      contentType: 'text/plain',
      metadata: {},
      tags: {},
      encryption: { sseAlgorithm: 'AES256', bucketKeyEnabled: false, context: {} },
      checksums: {},
    });
  }
});

async function list(more: Partial<ListObjectsV2CommandInput> = {}) {
  const {
    Contents = [],
    CommonPrefixes = [],
    ...rest
  } = await s3().send(new ListObjectsV2Command({ Bucket: internalBucket, ...more }));
  return {
    ...rest,
    keys: Contents.map(({ Key }) => Key),
    folders: CommonPrefixes.map(({ Prefix }) => Prefix),
    Contents,
  };
}

test('all keys in the order of their bytes, with what is known of each', async () => {
  const { keys: found, Contents, IsTruncated, KeyCount } = await list();
  expect(found).toEqual(keys);
  expect(Contents[0]).toMatchObject({ Size: 5, ETag: '"1"', LastModified: new Date('2026-01-02T03:04:05Z') });
  expect({ IsTruncated, KeyCount }).toEqual({ IsTruncated: false, KeyCount: 5 });
});

test.each<[Partial<ListObjectsV2CommandInput>, readonly string[], readonly string[]]>([
  [{ Prefix: 'a/' }, ['a/1', 'a/2', 'a/b/3'], []],
  [{ Delimiter: '/' }, ['c d&', 'é'], ['a/']],
  [{ Prefix: 'a/', Delimiter: '/' }, ['a/1', 'a/2'], ['a/b/']],
  [{ StartAfter: 'a/b/3' }, ['c d&', 'é'], []],
  [{ Prefix: 'x' }, [], []],
])('%j', async (input, found, folders) => {
  expect(await list(input)).toMatchObject({ keys: found, folders });
});

test('page by page', async () => {
  const pages = [];
  let token: string | undefined;
  do {
    const page = await list({ MaxKeys: 2, ...(token !== undefined && { ContinuationToken: token }) });
    pages.push(page.keys);
    token = page.NextContinuationToken;
  } while (token !== undefined);
  expect(pages).toEqual([['a/1', 'a/2'], ['a/b/3', 'c d&'], ['é']]);
});

test('it takes s3:ListBucket, which may be tied to the prefix', async () => {
  const ofA = allow('s3:ListBucket', '*', { Condition: { StringEquals: { 's3:prefix': 'a/' } } });
  editRole(world(), deliveryRoleArn, { policies: [{ name: 'p', document: policy(ofA) }] });
  expect((await list({ Prefix: 'a/' })).keys).toHaveLength(3);
  expect(await refusal(list())).toMatch(/^AccessDenied: /);
});
