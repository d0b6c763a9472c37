import {
  DeleteObjectCommand,
  GetBucketEncryptionCommand,
  GetBucketLocationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetObjectCommand,
  type GetObjectCommandInput,
  GetObjectTaggingCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { send } from '../server/signed-request.ts';
import {
  allow,
  customerKeyArn,
  customerRoot,
  delivery,
  deliveryRoleArn,
  editBucket,
  editRole,
  europeanBucket,
  idle,
  inboxBucket,
  inboxStatement,
  internalBucket,
  policy,
  serviceKeyArn,
} from '../small-world.ts';
import { codeOf, denialOf, refusal, stage } from './outcome.ts';

const { world, s3, url } = stage();
const object = { Bucket: internalBucket, Key: 'key' };

function roleMay(...actions: readonly string[]): void {
  editRole(world(), deliveryRoleArn, { policies: [{ name: 'p', document: policy(allow(actions, '*')) }] });
}

beforeEach(() =>
  s3().send(
    new PutObjectCommand({
      ...object,
      Body: '0123456789',
      Tagging: 'a=1',
      ServerSideEncryption: 'aws:kms',
      SSEKMSKeyId: serviceKeyArn,
    }),
  ),
);

describe('GetObject', () => {
  const get = async (more: Partial<GetObjectCommandInput> = {}) => {
    const answer = await s3().send(new GetObjectCommand({ ...object, ...more }));
    return { ...answer, text: await answer.Body?.transformToString() };
  };

  test.each([
    ['bytes=0-0', '0', 'bytes 0-0/10'],
    ['bytes=7-', '789', 'bytes 7-9/10'],
    ['bytes=-2', '89', 'bytes 8-9/10'],
    ['bytes=5-99', '56789', 'bytes 5-9/10'],
    ['bytes=-99', '0123456789', 'bytes 0-9/10'],
  ])('returns the range %s', async (Range, text, ContentRange) => {
    expect(await get({ Range })).toMatchObject({ text, ContentRange, $metadata: { httpStatusCode: 206 } });
  });

  test('returns checksums only for the whole object', async () => {
    const checked = (Range?: string) => get({ ChecksumMode: 'ENABLED', ...(Range !== undefined && { Range }) });
    expect((await checked()).ChecksumType).toBe('FULL_OBJECT');
    expect((await checked('bytes=0-8')).ChecksumType).toBeUndefined();
    expect(await checked('bytes=0-99')).toMatchObject({
      ChecksumType: 'FULL_OBJECT',
      $metadata: { httpStatusCode: 206 },
    });
  });

  test('treats an object that was not uploaded in parts as one part', async () => {
    expect(await get({ PartNumber: 1 })).toMatchObject({
      text: '0123456789',
      ContentRange: 'bytes 0-9/10',
      $metadata: { httpStatusCode: 206 },
    });
    await expect(get({ PartNumber: 2 })).rejects.toMatchObject({
      name: 'InvalidPartNumber',
      $metadata: { httpStatusCode: 416 },
    });
    expect(await codeOf(get({ PartNumber: 0 }))).toBe('InvalidArgument');
  });

  test('returns the ETag even if nothing was changed', async () => {
    const { ETag = '' } = await get();
    const { status, headers } = await send(url(), delivery, {
      path: `/${internalBucket}/key`,
      headers: { 'if-none-match': ETag },
    });
    expect({ status, etag: headers['etag'] }).toEqual({ status: 304, etag: ETag });
  });

  test.each(['bytes=6-5', 'lines=1-2'])('ignores the range %s', async (Range) => {
    expect(await get({ Range })).toMatchObject({ text: '0123456789', $metadata: { httpStatusCode: 200 } });
  });

  test('needs s3:GetObject and kms:Decrypt', async () => {
    roleMay('s3:GetObject', 'kms:Decrypt');
    expect((await get()).text).toBe('0123456789');
    roleMay('s3:GetObject');
    expect(await denialOf(get())).toMatchObject({ code: 'AccessDenied', action: 'kms:Decrypt' });
    roleMay('kms:Decrypt');
    expect(await denialOf(get())).toMatchObject({ code: 'AccessDenied', action: 's3:GetObject' });
  });

  test('reveals that an object is missing only to a caller who may list the bucket', async () => {
    roleMay('s3:GetObject');
    expect(await denialOf(get({ Key: 'nothing' }))).toMatchObject({
      action: 's3:ListBucket',
      resource: 'arn:aws:s3:::internal',
    });
    roleMay('s3:GetObject', 's3:ListBucket');
    expect(await refusal(get({ Key: 'nothing' }))).toBe('NoSuchKey: The specified key does not exist.');
  });

  test('answers 304 and 412 according to the conditions', async () => {
    const { ETag = '' } = await get();
    expect((await get({ IfMatch: ETag })).text).toBe('0123456789');
    await expect(get({ IfNoneMatch: ETag })).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } });
    expect(await codeOf(get({ IfUnmodifiedSince: new Date('2020-01-01') }))).toBe('PreconditionFailed');
    await expect(get({ IfModifiedSince: new Date() })).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } });
  });

  test('overrides headers of the answer', async () => {
    expect(await get({ ResponseContentType: 'text/html' })).toMatchObject({ ContentType: 'text/html', TagCount: 1 });
  });

  test('finds only the current version', async () => {
    editBucket(world(), internalBucket, { versioned: true });
    const { VersionId } = await s3().send(new PutObjectCommand({ ...object, Body: 'new' }));
    expect((await get({ VersionId })).text).toBe('new');
    roleMay('s3:GetObject');
    expect(await denialOf(get({ VersionId }))).toMatchObject({ action: 's3:GetObjectVersion' });
  });
});

describe('HeadObject', () => {
  const head = (more: object = {}) => s3().send(new HeadObjectCommand({ ...object, ...more }));

  test('returns metadata without calling KMS, unless the checksum is requested', async () => {
    roleMay('s3:GetObject');
    expect(await head()).toMatchObject({ ContentLength: 10, SSEKMSKeyId: serviceKeyArn });
    await expect(head({ ChecksumMode: 'ENABLED' })).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
    roleMay('s3:GetObject', 'kms:Decrypt');
    expect((await head({ ChecksumMode: 'ENABLED' })).ChecksumCRC32).toEqual(expect.any(String));
  });

  test('is denied without a message', async () => {
    await expect(s3({ credentials: idle }).send(new HeadObjectCommand(object))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 403, requestId: expect.any(String) },
    });
    await expect(head({ Key: 'nothing' })).rejects.toMatchObject({ name: 'NotFound' });
  });
});

describe('DeleteObject', () => {
  test('removes the object, and succeeds if it does not exist', async () => {
    await s3().send(new DeleteObjectCommand(object));
    expect(world().buckets.get(internalBucket)?.objects.size).toBe(0);
    await s3().send(new DeleteObjectCommand(object));
  });

  test('leaves a marker in a versioned bucket', async () => {
    editBucket(world(), internalBucket, { versioned: true });
    expect(await s3().send(new DeleteObjectCommand(object))).toMatchObject({ DeleteMarker: true });
  });

  test('with If-Match removes only the named version', async () => {
    expect(await refusal(s3().send(new DeleteObjectCommand({ ...object, IfMatch: '"x"' })))).toMatch(
      /^PreconditionFailed/,
    );
    expect(world().buckets.get(internalBucket)?.objects.size).toBe(1);
  });

  test('is denied without s3:DeleteObject, and the object stays', async () => {
    roleMay('s3:GetObject', 's3:PutObject');
    expect(await denialOf(s3().send(new DeleteObjectCommand(object)))).toMatchObject({ action: 's3:DeleteObject' });
    expect(world().buckets.get(internalBucket)?.objects.size).toBe(1);
  });
});

test('GetObjectTagging needs its own permission', async () => {
  const call = () => s3().send(new GetObjectTaggingCommand(object));
  expect((await call()).TagSet).toEqual([{ Key: 'a', Value: '1' }]);
  roleMay('s3:GetObject');
  expect(await denialOf(call())).toMatchObject({ action: 's3:GetObjectTagging' });
});

describe('HeadBucket', () => {
  test('returns the Region', async () => {
    expect(await s3().send(new HeadBucketCommand({ Bucket: internalBucket }))).toMatchObject({
      BucketRegion: 'us-east-1',
    });
    await expect(s3().send(new HeadBucketCommand({ Bucket: europeanBucket }))).rejects.toMatchObject({
      $response: { statusCode: 301, headers: { 'x-amz-bucket-region': 'eu-west-1' } },
    });
  });

  test('needs s3:ListBucket, but not to find out the Region', async () => {
    roleMay('s3:GetObject');
    await expect(s3().send(new HeadBucketCommand({ Bucket: internalBucket }))).rejects.toMatchObject({
      $response: { statusCode: 403, headers: { 'x-amz-bucket-region': 'us-east-1' } },
    });
  });
});

describe('The settings of a bucket', () => {
  const Bucket = inboxBucket;
  const customer = () => s3({ credentials: customerRoot });

  test('are returned to its owner', async () => {
    editBucket(world(), Bucket, {
      defaultEncryption: { sseAlgorithm: 'aws:kms', kmsKeyArn: customerKeyArn, bucketKeyEnabled: true },
    });
    const [encryption, ownership, block, document] = await Promise.all([
      customer().send(new GetBucketEncryptionCommand({ Bucket })),
      customer().send(new GetBucketOwnershipControlsCommand({ Bucket })),
      customer().send(new GetPublicAccessBlockCommand({ Bucket })),
      customer().send(new GetBucketPolicyCommand({ Bucket })),
    ]);
    expect(encryption.ServerSideEncryptionConfiguration?.Rules).toEqual([
      {
        ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: customerKeyArn },
        BucketKeyEnabled: true,
      },
    ]);
    expect(ownership.OwnershipControls?.Rules).toEqual([{ ObjectOwnership: 'BucketOwnerEnforced' }]);
    expect(block.PublicAccessBlockConfiguration).toMatchObject({ BlockPublicAcls: true, RestrictPublicBuckets: true });
    expect(JSON.parse(document.Policy ?? '')).toEqual(policy(inboxStatement));
  });

  test.each([
    ['s3:GetEncryptionConfiguration', new GetBucketEncryptionCommand({ Bucket: internalBucket })],
    ['s3:GetBucketOwnershipControls', new GetBucketOwnershipControlsCommand({ Bucket: internalBucket })],
    ['s3:GetBucketPublicAccessBlock', new GetPublicAccessBlockCommand({ Bucket: internalBucket })],
    ['s3:GetBucketPolicy', new GetBucketPolicyCommand({ Bucket: internalBucket })],
    ['s3:GetBucketLocation', new GetBucketLocationCommand({ Bucket: internalBucket })],
  ])('are not returned without %s', async (action, command) => {
    roleMay('s3:GetObject');
    const text = await refusal(s3().send(command as GetBucketPolicyCommand));
    expect(text).toContain(
      `${delivery.arn} is not authorized to perform: ${action} on resource: "arn:aws:s3:::internal"`,
    );
  });

  test('except the policy are returned to another account that may read them', async () => {
    expect(await codeOf(s3().send(new GetBucketPolicyCommand({ Bucket })))).toBe('MethodNotAllowed');
    expect((await s3().send(new GetBucketOwnershipControlsCommand({ Bucket }))).OwnershipControls).toBeDefined();
  });

  test('the Region is returned from every Region, us-east-1 as an empty value', async () => {
    const locations = [internalBucket, europeanBucket].map((name) => {
      const credentials = name === internalBucket ? delivery : customerRoot;
      return s3({ credentials }).send(new GetBucketLocationCommand({ Bucket: name }));
    });
    const [first, european] = await Promise.all(locations);
    expect([first?.LocationConstraint, european?.LocationConstraint]).toEqual([undefined, 'eu-west-1']);
  });
});
