import { ListObjectsV2Command, type ListObjectsV2CommandInput, PutObjectCommand } from '@aws-sdk/client-s3';
import { send } from '../server/signed-request.ts';
import { allow, delivery, deliveryRoleArn, editRole, internalBucket, policy } from '../small-world.ts';
import { codeOf, stage } from './outcome.ts';

const { world, s3, url } = stage();
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

test('all keys in byte order, with their attributes', async () => {
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

test.each<[string, Partial<ListObjectsV2CommandInput>]>([
  ['a token that S3 did not give', { ContinuationToken: Buffer.from('a/1').toString('base64') }],
  ['an encoding that there is not', { EncodingType: 'value' as 'url' }],
  ['a negative number of keys', { MaxKeys: -1 }],
])('%s is an InvalidArgument', async (_, input) => {
  expect(await codeOf(list(input))).toBe('InvalidArgument');
});

test("a page contains the request's parameters", async () => {
  const { NextContinuationToken } = await list({ MaxKeys: 1 });
  expect(await list({ ContinuationToken: NextContinuationToken, MaxKeys: 1, Delimiter: '/' })).toMatchObject({
    ContinuationToken: NextContinuationToken,
    MaxKeys: 1,
    Delimiter: '/',
  });
  expect(await list({ StartAfter: 'a/2' })).toMatchObject({ StartAfter: 'a/2', Prefix: '' });
});

test('a page with no keys is not truncated', async () => {
  expect(await list({ MaxKeys: 0 })).toMatchObject({ keys: [], KeyCount: 0, MaxKeys: 0, IsTruncated: false });
});

test('after a page that ends with a folder, the next one starts after all of it', async () => {
  const { NextContinuationToken, folders } = await list({ MaxKeys: 1, Delimiter: '/' });
  expect(folders).toEqual(['a/']);
  const next = await list({ Delimiter: '/', ContinuationToken: NextContinuationToken });
  expect(next).toMatchObject({ folders: [], keys: ['c d&', 'é'] });
});

test('a start inside a folder continues after the folder', async () => {
  expect(await list({ Delimiter: '/', StartAfter: 'a/1' })).toMatchObject({ folders: [], keys: ['c d&', 'é'] });
});

test('has checksums, the owner on request, and times in whole seconds', async () => {
  await s3().send(
    new PutObjectCommand({ Bucket: internalBucket, Key: 'a/1', Body: 'test', ChecksumAlgorithm: 'SHA256' }),
  );
  expect((await list({ MaxKeys: 1 })).Contents).toMatchObject([
    { ChecksumAlgorithm: ['SHA256'], ChecksumType: 'FULL_OBJECT' },
  ]);
  expect((await list()).Contents[0]?.Owner).toBeUndefined();
  expect((await list({ FetchOwner: true })).Contents[0]?.Owner).toEqual({ ID: expect.stringMatching(/^[\da-f]{64}$/) });
  const { body } = await send(url(), delivery, { path: `/${internalBucket}`, query: { 'list-type': '2' } });
  expect(body).toMatch(/<LastModified>[^<]*\.000Z</);
});

test('encoded keys keep their slashes and have a plus sign for a space', async () => {
  expect((await list({ EncodingType: 'url' })).keys).toEqual(['a/1', 'a/2', 'a/b/3', 'c+d%26', '%C3%A9']);
});

test('it needs s3:ListBucket, which may be limited to the prefix', async () => {
  const ofA = allow('s3:ListBucket', '*', { Condition: { StringEquals: { 's3:prefix': 'a/' } } });
  editRole(world(), deliveryRoleArn, { policies: [{ name: 'p', document: policy(ofA) }] });
  expect((await list({ Prefix: 'a/' })).keys).toHaveLength(3);
  expect(await codeOf(list())).toBe('AccessDenied');
});
