import { ListObjectsCommand, type ListObjectsCommandInput, PutObjectCommand } from '@aws-sdk/client-s3';
import { idle, internalBucket } from '../small-world.ts';
import { codeOf, denialOf, stage } from './outcome.ts';

const { s3 } = stage();
const keys = ['folder/a/1', 'folder/a/2', 'folder/file1', 'folder/file2'];

beforeEach(async () => {
  for (const Key of keys.toReversed()) {
    await s3().send(new PutObjectCommand({ Bucket: internalBucket, Key, Body: 'test content' }));
  }
});

const list = (more: Partial<ListObjectsCommandInput> = {}) =>
  s3().send(new ListObjectsCommand({ Bucket: internalBucket, ...more }));
const names = ({ Contents = [] }: Awaited<ReturnType<typeof list>>) => Contents.map(({ Key }) => Key);

test('all keys, each with its owner', async () => {
  const listed = await list();
  expect(names(listed)).toEqual(keys);
  expect(listed).toMatchObject({ IsTruncated: false, Marker: '', MaxKeys: 1000, Name: internalBucket, Prefix: '' });
  expect(listed.Contents?.[0]).toMatchObject({ Size: 12, StorageClass: 'STANDARD', Owner: { ID: expect.any(String) } });
});

test('page by page, from the last key: without a delimiter there is no marker', async () => {
  const first = await list({ MaxKeys: 3 });
  expect(first).toMatchObject({ IsTruncated: true, MaxKeys: 3 });
  expect(first.NextMarker).toBeUndefined();
  expect(names(await list({ Marker: 'folder/file1' }))).toEqual(['folder/file2']);
});

test('page by page with a delimiter, by the returned marker', async () => {
  const pages: unknown[] = [];
  let Marker: string | undefined;
  do {
    const page = await list({ Prefix: 'folder/', Delimiter: '/', MaxKeys: 1, ...(Marker !== undefined && { Marker }) });
    pages.push([...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix), ...names(page)]);
    Marker = page.NextMarker;
  } while (Marker !== undefined);
  expect(pages).toEqual([['folder/a/'], ['folder/file1'], ['folder/file2']]);
});

test('an encoding other than url is an InvalidArgument', async () => {
  expect(await codeOf(list({ EncodingType: 'value' as 'url' }))).toBe('InvalidArgument');
});

test('it needs s3:ListBucket', async () => {
  const listed = s3({ credentials: idle }).send(new ListObjectsCommand({ Bucket: internalBucket }));
  expect(await denialOf(listed)).toMatchObject({
    code: 'AccessDenied',
    action: 's3:ListBucket',
    resource: 'arn:aws:s3:::internal',
  });
});
