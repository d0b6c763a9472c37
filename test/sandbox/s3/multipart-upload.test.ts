import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  type CompleteMultipartUploadCommandInput,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
  type UploadPartCommandInput,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import {
  allow,
  customerKeyArn,
  deliveryRoleArn,
  deny,
  editBucket,
  editRole,
  inboxBucket,
  inboxStatement,
  internalBucket,
  policy,
  serviceKeyArn,
} from '../small-world.ts';
import { codeOf, denialOf, refusal, stage } from './outcome.ts';

const { world, s3 } = stage();
const Bucket = internalBucket;
const Key = 'test.file';
const mebibyte = 1024 ** 2;

async function begin(more: Partial<CreateMultipartUploadCommandInput> = {}): Promise<string> {
  const { UploadId = '' } = await s3().send(new CreateMultipartUploadCommand({ Bucket, Key, ...more }));
  return UploadId;
}
const part = (
  UploadId: string,
  PartNumber: number,
  Body: string | Buffer,
  more: Partial<UploadPartCommandInput> = {},
) => s3().send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body, ...more }));
const complete = (
  UploadId: string,
  Parts: NonNullable<CompleteMultipartUploadCommandInput['MultipartUpload']>['Parts'],
  more: Partial<CompleteMultipartUploadCommandInput> = {},
) => s3().send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts }, ...more }));
const read = async (more = {}) => {
  const answer = await s3().send(new GetObjectCommand({ Bucket, Key, ...more }));
  return { ...answer, text: await answer.Body?.transformToString() };
};

/** Answers of S3 and KMS, recorded in https://github.com/localstack/localstack, test_s3.snapshot.json */
const content = 'test content 123';
const recorded = {
  partETag: '"eee506dd7ada7ded524c77e359a0e7c6"',
  objectETag: '"b972025bc34adf8d76d6d51e93c035cc-1"',
  crc64nvme: 'BsLNlKumA5I=',
  crc32cOfPart: 'fwuu0Q==',
  crc32cOfParts: 'sZB91Q==-1',
};

describe('a multipart upload', () => {
  test('becomes an object, with the settings from its start, when it is completed', async () => {
    const id = await begin({
      ContentType: 'text/plain',
      Metadata: { a: 'b' },
      Tagging: 'c=d',
      StorageClass: 'STANDARD_IA',
    });
    const { ETag } = await part(id, 1, content);
    expect(ETag).toBe(recorded.partETag);
    expect(world().buckets.get(Bucket)?.objects.size).toBe(0);
    expect(await complete(id, [{ PartNumber: 1, ETag }])).toMatchObject({
      Bucket,
      Key,
      ETag: recorded.objectETag,
      ChecksumCRC64NVME: recorded.crc64nvme,
      ChecksumType: 'FULL_OBJECT',
      ServerSideEncryption: 'AES256',
    });
    expect(await read()).toMatchObject({
      text: content,
      ETag: recorded.objectETag,
      ContentType: 'text/plain',
      Metadata: { a: 'b' },
      TagCount: 1,
      StorageClass: 'STANDARD_IA',
    });
    expect(await codeOf(part(id, 2, content))).toBe('NoSuchUpload');
  });

  test('is joined in the order of its parts, each of which can be read', async () => {
    const id = await begin();
    const last = await part(id, 7, content);
    const first = await part(id, 2, Buffer.alloc(5 * mebibyte, 'a'));
    await complete(id, [
      { PartNumber: 2, ETag: first.ETag },
      { PartNumber: 7, ETag: last.ETag },
    ]);
    expect(await read({ PartNumber: 2 })).toMatchObject({
      text: content,
      PartsCount: 2,
      ContentRange: `bytes ${5 * mebibyte}-${5 * mebibyte + 15}/${5 * mebibyte + 16}`,
    });
    expect((await read()).ContentLength).toBe(5 * mebibyte + 16);
    expect(await codeOf(read({ PartNumber: 3 }))).toBe('InvalidPartNumber');
  });

  test('is gone when it is aborted', async () => {
    const UploadId = await begin();
    const { ETag } = await part(UploadId, 1, content);
    await s3().send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
    expect(await codeOf(complete(UploadId, [{ PartNumber: 1, ETag }]))).toBe('NoSuchUpload');
    const { Uploads } = await s3().send(new ListMultipartUploadsCommand({ Bucket }));
    expect(Uploads).toBeUndefined();
  });

  test('accepts parts of other objects, whole and in ranges', async () => {
    await s3().send(new PutObjectCommand({ Bucket, Key: 'source', Body: '0123456789' }));
    const UploadId = await begin();
    const copy = (range?: string) =>
      s3().send(
        new UploadPartCopyCommand({
          Bucket,
          Key,
          UploadId,
          PartNumber: 1,
          CopySource: `${Bucket}/source`,
          ...(range !== undefined && { CopySourceRange: range }),
        }),
      );
    expect((await copy()).CopyPartResult?.ETag).toBe('"781e5e245d69b566979b86e28d23f2c7"');
    const { CopyPartResult } = await copy('bytes=0-8');
    expect(CopyPartResult?.ETag).toBe('"22975d8a5ed1b91445f6c55ac121505b"');
    for (const wrong of ['0-8', 'bytes=1-0', 'bytes=-2', 'bytes=1-', 'bytes=0-100']) {
      expect(await codeOf(copy(wrong))).toBe('InvalidArgument');
    }
    expect(await codeOf(copy('bytes=100-200'))).toBe('InvalidRequest');
    await complete(UploadId, [{ PartNumber: 1, ETag: CopyPartResult?.ETag }]);
    expect((await read()).text).toBe('012345678');
  });

  test('is rejected for parts that differ from what was uploaded', async () => {
    const id = await begin();
    const { ETag } = await part(id, 1, content);
    await part(id, 2, content);
    const named = (...parts: { PartNumber: number; ETag?: string }[]) =>
      complete(
        id,
        parts.map((part) => ({ ETag, ...part })),
      );
    const refusals: readonly (readonly [code: string, call: () => Promise<unknown>])[] = [
      ['InvalidRequest', () => named()],
      ['InvalidPart', () => named({ PartNumber: 3 })],
      ['InvalidPart', () => named({ PartNumber: 1, ETag: '"d41d8cd98f00b204e9800998ecf8427e"' })],
      ['InvalidPartOrder', () => named({ PartNumber: 2 }, { PartNumber: 1 })],
      ['EntityTooSmall', () => named({ PartNumber: 1 }, { PartNumber: 2 })],
      ['InvalidArgument', () => part(id, 10_001, content)],
      ['InvalidRequest', () => complete(id, [{ PartNumber: 1, ETag }], { MpuObjectSize: 5 })],
      ['NoSuchUpload', () => part(`${id}x`, 1, content)],
      ['NoSuchUpload', () => part(id, 1, content, { Key: 'another' })],
    ];
    for (const [code, call] of refusals) expect(await codeOf(call())).toBe(code);
  });

  test('with If-None-Match: * only creates', async () => {
    await s3().send(new PutObjectCommand({ Bucket, Key, Body: 'there' }));
    const id = await begin();
    const { ETag } = await part(id, 1, content);
    const refused = complete(id, [{ PartNumber: 1, ETag }], { IfNoneMatch: '*' });
    expect(await codeOf(refused)).toBe('PreconditionFailed');
    expect((await read()).text).toBe('there');
  });
});

describe('checksums of a multipart upload', () => {
  test('of its parts end with their number', async () => {
    const id = await begin({ ChecksumAlgorithm: 'CRC32C' });
    const { ETag, ChecksumCRC32C } = await part(id, 1, content, { ChecksumAlgorithm: 'CRC32C' });
    expect(ChecksumCRC32C).toBe(recorded.crc32cOfPart);
    expect(await refusal(complete(id, [{ PartNumber: 1, ETag }]))).toMatch(/^InvalidRequest: .*missing for part 1/);
    const wrong = complete(id, [{ PartNumber: 1, ETag, ChecksumCRC32C: 'AAAAAA==' }]);
    expect(await codeOf(wrong)).toBe('InvalidPart');
    expect(await complete(id, [{ PartNumber: 1, ETag, ChecksumCRC32C }])).toMatchObject({
      ChecksumCRC32C: recorded.crc32cOfParts,
      ChecksumType: 'COMPOSITE',
    });
    expect(await read({ ChecksumMode: 'ENABLED', PartNumber: 1 })).toMatchObject({
      ChecksumCRC32C: recorded.crc32cOfPart,
      ChecksumType: 'COMPOSITE',
    });
    const copied = await s3().send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource: `${Bucket}/${Key}` }));
    expect(copied.CopyObjectResult).toMatchObject({
      ChecksumCRC32C: recorded.crc32cOfPart,
      ChecksumType: 'FULL_OBJECT',
    });
  });

  test('of the whole object are compared with what the client expects', async () => {
    const id = await begin({ ChecksumAlgorithm: 'CRC32C', ChecksumType: 'FULL_OBJECT' });
    const { ETag } = await part(id, 1, content, { ChecksumAlgorithm: 'CRC32C' });
    const named = [{ PartNumber: 1, ETag }];
    expect(await codeOf(complete(id, named, { ChecksumCRC32C: 'AAAAAA==' }))).toBe('BadDigest');
    expect(await codeOf(complete(id, named, { ChecksumType: 'COMPOSITE' }))).toBe('InvalidRequest');
    expect(await complete(id, named, { ChecksumCRC32C: recorded.crc32cOfPart })).toMatchObject({
      ChecksumCRC32C: recorded.crc32cOfPart,
      ChecksumType: 'FULL_OBJECT',
    });
  });

  test.each<Partial<CreateMultipartUploadCommandInput>>([
    { ChecksumAlgorithm: 'CRC64NVME', ChecksumType: 'COMPOSITE' },
    { ChecksumAlgorithm: 'SHA1', ChecksumType: 'FULL_OBJECT' },
    { ChecksumAlgorithm: 'SHA256', ChecksumType: 'FULL_OBJECT' },
    { ChecksumType: 'COMPOSITE' },
    { ChecksumAlgorithm: 'MD4' as 'SHA1' },
  ])('cannot be %j', async (input) => {
    expect(await codeOf(begin(input))).toBe('InvalidRequest');
  });

  test('use the requested algorithm', async () => {
    const id = await begin({ ChecksumAlgorithm: 'SHA256' });
    expect(await codeOf(part(id, 1, content, { ChecksumAlgorithm: 'CRC32' }))).toBe('InvalidRequest');
  });
});

describe('the permissions of a multipart upload', () => {
  const encrypted = { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: serviceKeyArn } as const;
  const roleMay = (...actions: readonly string[]) =>
    editRole(world(), deliveryRoleArn, { policies: [{ name: 'p', document: policy(allow(actions, '*')) }] });
  const kmsCalls = () => world().trail.map(({ eventName }) => eventName);

  test('with KMS are GenerateDataKey to start and Decrypt for each part', async () => {
    const id = await begin(encrypted);
    expect(kmsCalls()).toEqual(['GenerateDataKey']);
    const { ETag } = await part(id, 1, content);
    expect(kmsCalls()).toEqual(['GenerateDataKey', 'Decrypt']);
    expect(ETag).not.toBe(recorded.partETag);
    expect(await complete(id, [{ PartNumber: 1, ETag }])).toMatchObject({ SSEKMSKeyId: serviceKeyArn });
    expect(kmsCalls()).toEqual(['GenerateDataKey', 'Decrypt']);
  });

  test('without kms:Decrypt allow the start but no parts', async () => {
    roleMay('s3:*', 'kms:GenerateDataKey');
    const id = await begin(encrypted);
    expect(await denialOf(part(id, 1, content))).toMatchObject({ code: 'AccessDenied', action: 'kms:Decrypt' });
    roleMay('s3:*', 'kms:Decrypt');
    expect(await denialOf(begin(encrypted))).toMatchObject({ code: 'AccessDenied', action: 'kms:GenerateDataKey' });
  });

  test('for a copied part include reading the source, and the key of each side', async () => {
    await s3().send(new PutObjectCommand({ Bucket, Key: 'source', Body: content, ...encrypted }));
    const inbox = { Bucket: inboxBucket, ServerSideEncryption: 'aws:kms', SSEKMSKeyId: customerKeyArn } as const;
    const UploadId = await begin(inbox);
    const copy = () =>
      s3().send(
        new UploadPartCopyCommand({
          Bucket: inboxBucket,
          Key,
          UploadId,
          PartNumber: 1,
          CopySource: `${Bucket}/source`,
        }),
      );
    world().trail.length = 0;
    await copy();
    const decrypted = world().trail.flatMap(({ resources }) => resources.map(({ arn }) => arn));
    expect([...new Set(decrypted)]).toEqual([serviceKeyArn, customerKeyArn]);
    roleMay('s3:PutObject', 'kms:*');
    expect(await denialOf(copy())).toMatchObject({ code: 'AccessDenied', action: 's3:GetObject' });
  });

  test('to list and abort are separate', async () => {
    const UploadId = await begin();
    roleMay('s3:PutObject', 's3:GetObject', 's3:ListBucket');
    const on = { Bucket, Key, UploadId };
    expect(await denialOf(s3().send(new ListPartsCommand(on)))).toMatchObject({
      action: 's3:ListMultipartUploadParts',
    });
    expect(await denialOf(s3().send(new AbortMultipartUploadCommand(on)))).toMatchObject({
      action: 's3:AbortMultipartUpload',
    });
    const listed = s3().send(new ListMultipartUploadsCommand({ Bucket }));
    expect(await denialOf(listed)).toMatchObject({ action: 's3:ListBucketMultipartUploads' });
  });

  test('set s3:ObjectCreationOperation to true for the request that creates the object, and to false before', async () => {
    const denied = (creates: boolean) =>
      editBucket(world(), inboxBucket, {
        policy: policy(
          inboxStatement,
          deny('s3:PutObject', `arn:aws:s3:::${inboxBucket}/*`, {
            Principal: '*',
            Condition: { Bool: { 's3:ObjectCreationOperation': String(creates) } },
          }),
        ),
      });
    const put = () => s3().send(new PutObjectCommand({ Bucket: inboxBucket, Key: 'other', Body: 'x' }));
    const UploadId = await begin({ Bucket: inboxBucket });
    const { ETag } = await part(UploadId, 1, content, { Bucket: inboxBucket });
    denied(false);
    await put();
    expect(await codeOf(begin({ Bucket: inboxBucket }))).toBe('AccessDenied');
    expect(await codeOf(part(UploadId, 1, content, { Bucket: inboxBucket }))).toBe('AccessDenied');
    denied(true);
    expect(await codeOf(put())).toBe('AccessDenied');
    const named = [{ PartNumber: 1, ETag }];
    expect(await codeOf(complete(UploadId, named, { Bucket: inboxBucket }))).toBe('AccessDenied');
    denied(false);
    await complete(UploadId, named, { Bucket: inboxBucket });
  });
});

describe('listings', () => {
  test('of parts are returned page by page', async () => {
    const UploadId = await begin();
    for (const number of [3, 1, 2]) await part(UploadId, number, content);
    const list = (more = {}) => s3().send(new ListPartsCommand({ Bucket, Key, UploadId, ...more }));
    const first = await list({ MaxParts: 2 });
    expect(first).toMatchObject({ IsTruncated: true, MaxParts: 2, PartNumberMarker: '0', NextPartNumberMarker: '2' });
    expect(first.Parts?.map(({ PartNumber, Size, ETag }) => [PartNumber, Size, ETag])).toEqual([
      [1, 16, recorded.partETag],
      [2, 16, recorded.partETag],
    ]);
    const rest = await list({ PartNumberMarker: '2' });
    expect(rest).toMatchObject({ IsTruncated: false, Parts: [{ PartNumber: 3 }] });
    expect((await list({ PartNumberMarker: '10' })).NextPartNumberMarker).toBe('0');
  });

  test('of uploads are sorted by key and age, with prefixes and markers', async () => {
    const ids: Record<string, string> = {};
    for (const name of ['b', 'a/2', 'a/1', 'b again']) ids[name] = await begin({ Key: name.replace(' again', '') });
    const list = async (more = {}) => {
      const {
        Uploads = [],
        CommonPrefixes = [],
        ...rest
      } = await s3().send(new ListMultipartUploadsCommand({ Bucket, ...more }));
      return {
        ...rest,
        ids: Uploads.map(({ UploadId }) => UploadId),
        folders: CommonPrefixes.map(({ Prefix }) => Prefix),
      };
    };
    expect((await list()).ids).toEqual([ids['a/1'], ids['a/2'], ids['b'], ids['b again']]);
    expect(await list({ Delimiter: '/' })).toMatchObject({ folders: ['a/'], ids: [ids['b'], ids['b again']] });
    expect(await list({ Prefix: 'a/', MaxUploads: 1 })).toMatchObject({
      IsTruncated: true,
      ids: [ids['a/1']],
      NextKeyMarker: 'a/1',
      NextUploadIdMarker: ids['a/1'],
    });
    expect((await list({ KeyMarker: 'a/2' })).ids).toEqual([ids['b'], ids['b again']]);
    expect((await list({ KeyMarker: 'b', UploadIdMarker: ids['b'] })).ids).toEqual([ids['b again']]);
    expect(await codeOf(list({ KeyMarker: 'b', UploadIdMarker: 'unknown' }))).toBe('InvalidArgument');
  });
});
