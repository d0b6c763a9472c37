import {
  CopyObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type PutObjectCommandInput,
} from '@aws-sdk/client-s3';
import { headerOfText } from '../../../sandbox/wire/header-text.ts';
import { send } from '../server/signed-request.ts';
import { delivery, internalBucket } from '../small-world.ts';
import { codeOf, stage } from './outcome.ts';

const { s3, url } = stage();
const Bucket = internalBucket;
const Key = 'test';

const put = (more: Partial<PutObjectCommandInput> = {}) =>
  s3().send(new PutObjectCommand({ Bucket, Key, Body: '', ...more }));
const head = () => s3().send(new HeadObjectCommand({ Bucket, Key }));
const word = (text: string) => `=?UTF-8?B?${Buffer.from(text).toString('base64')}?=`;

describe('user-defined metadata', () => {
  const values: readonly (readonly [string, string, string])[] = [
    [
      'mostly ASCII',
      word('test_—_file%E2%80%94_é_2?.pdf'),
      '=?UTF-8?Q?test=5F=E2=80=94=5Ffile%E2%80%94=5F=C3=A9=5F2=3F.pdf?=',
    ],
    ['with a space', word('ÄMÄZÕÑ S3'), '=?UTF-8?Q?=C3=84M=C3=84Z=C3=95=C3=91_S3?='],
    ['mostly not ASCII', word('\0\x01\x02\x03'), '=?UTF-8?B?AAECAw==?='],
    ['encoded ASCII', '=?UTF-8?Q?actually-ascii?=', 'actually-ascii'],
    ['base64 of ASCII', '=?UTF-8?B?YWJj?=', 'abc'],
    ['punctuation', '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~', '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'],
  ];
  test.each(values)('%s', async (_, sent, told) => {
    await put({ Metadata: { value: sent } });
    expect((await head()).Metadata).toEqual({ value: told });
  });

  test('is limited to 2 KB, names and values together', async () => {
    await put({ Metadata: { a: 'x'.repeat(2047) } });
    expect(await codeOf(put({ Metadata: { a: 'x'.repeat(2048) } }))).toBe('MetadataTooLarge');
  });
});

describe('header values that are not ASCII', () => {
  const disposition = 'attachment; filename="Prüfbericht — März.pdf"';
  const asUtf8 = (headers: Record<string, string>) => {
    for (const [name, value] of Object.entries(headers)) headers[name] = headerOfText(value);
  };

  test('are signed and kept as UTF-8', async () => {
    const headers = { 'content-disposition': disposition, 'x-amz-meta-author': 'Ærøskøbing ' };
    const sent = await send(url(), delivery, { method: 'PUT', path: `/${Bucket}/${Key}`, headers, tamper: asUtf8 });
    expect(sent).toMatchObject({ status: 200 });
    const { headers: told } = await send(url(), delivery, { path: `/${Bucket}/${Key}` });
    expect(told['content-disposition']).toBe(headerOfText(disposition));
    expect(told['x-amz-meta-author']).toBe('=?UTF-8?Q?=C3=86r=C3=B8sk=C3=B8bing?=');
  });

  test('in ISO-8859-1 are not what was signed', async () => {
    const sent = await send(url(), delivery, {
      method: 'PUT',
      path: `/${Bucket}/${Key}`,
      headers: { 'x-amz-meta-author': 'groß' },
    });
    expect(sent).toMatchObject({ status: 403, error: { Code: 'SignatureDoesNotMatch' } });
  });
});

describe('system-defined headers', () => {
  const described = {
    CacheControl: 'max-age=74',
    ContentDisposition: 'attachment; filename="foo.jpg"',
    ContentEncoding: 'identity',
    ContentLanguage: 'de-DE',
    ContentType: 'image/jpeg',
    Expires: new Date('2015-10-21T07:28:00Z'),
  };

  test('are returned, and copied unless they are replaced', async () => {
    await put({ ...described, Body: 'something' });
    expect(await head()).toMatchObject(described);
    await s3().send(new CopyObjectCommand({ Bucket, Key: 'copied', CopySource: `${Bucket}/${Key}` }));
    expect(await s3().send(new GetObjectCommand({ Bucket, Key: 'copied' }))).toMatchObject(described);
    await s3().send(
      new CopyObjectCommand({ Bucket, Key: 'copied', CopySource: `${Bucket}/${Key}`, MetadataDirective: 'REPLACE' }),
    );
    const replaced = await s3().send(new GetObjectCommand({ Bucket, Key: 'copied' }));
    expect(replaced.CacheControl).toBeUndefined();
    expect(replaced.ContentType).toBe('binary/octet-stream');
  });
});

describe('storage classes', () => {
  test('are returned for the object and in listings, except STANDARD', async () => {
    await put({ StorageClass: 'STANDARD_IA' });
    expect((await head()).StorageClass).toBe('STANDARD_IA');
    const { Contents } = await s3().send(new ListObjectsV2Command({ Bucket }));
    expect(Contents).toMatchObject([{ StorageClass: 'STANDARD_IA' }]);
    await put({ StorageClass: 'STANDARD' });
    expect((await head()).StorageClass).toBeUndefined();
  });

  test('are not copied from the source', async () => {
    await put({ StorageClass: 'STANDARD_IA' });
    await s3().send(new CopyObjectCommand({ Bucket, Key: 'copied', CopySource: `${Bucket}/${Key}` }));
    expect((await s3().send(new HeadObjectCommand({ Bucket, Key: 'copied' }))).StorageClass).toBeUndefined();
  });

  test.each(['GLACIER', 'DEEP_ARCHIVE'] as const)('%s can be neither read nor copied', async (StorageClass) => {
    await put({ StorageClass });
    expect((await head()).StorageClass).toBe(StorageClass);
    expect(await codeOf(s3().send(new GetObjectCommand({ Bucket, Key })))).toBe('InvalidObjectState');
    const copy = new CopyObjectCommand({ Bucket, Key: 'copied', CopySource: `${Bucket}/${Key}` });
    expect(await codeOf(s3().send(copy))).toBe('InvalidObjectState');
  });

  test('that S3 does not offer here are rejected', async () => {
    expect(await codeOf(put({ StorageClass: 'OUTPOSTS' }))).toBe('InvalidStorageClass');
  });
});
