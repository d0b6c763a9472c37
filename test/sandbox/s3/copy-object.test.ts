import { CopyObjectCommand, type CopyObjectCommandInput, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { PolicyDocument } from '../../../model/world/world.ts';
import {
  allow,
  customerAccount,
  customerKeyArn,
  delivery,
  deliveryRoleArn,
  editBucket,
  editKey,
  editRole,
  europeanBucket,
  inboxBucket,
  internalBucket,
  policy,
  serviceAccount,
  serviceKeyArn,
} from '../small-world.ts';
import { codeOf, refusal, stage } from './outcome.ts';

const { world, s3 } = stage();

const source = { Bucket: internalBucket, Key: 'a source/ü+.json' };
function copy(more: Partial<CopyObjectCommandInput> = {}) {
  return new CopyObjectCommand({
    Bucket: inboxBucket,
    Key: 'copied',
    CopySource: `${internalBucket}/${source.Key.split('/').map(encodeURIComponent).join('/')}`,
    ServerSideEncryption: 'aws:kms',
    SSEKMSKeyId: customerKeyArn,
    ...more,
  });
}
const stored = () => world().buckets.get(inboxBucket)?.objects.get('copied');

beforeEach(async () => {
  await s3().send(
    new PutObjectCommand({
      ...source,
      Body: 'body',
      ContentType: 'application/json',
      Metadata: { color: 'red' },
      ServerSideEncryption: 'aws:kms',
      SSEKMSKeyId: serviceKeyArn,
    }),
  );
});

/** The delivery role may do only this; the customer's documents allow everything. */
function roleMay(document: PolicyDocument): void {
  editRole(world(), deliveryRoleArn, { policies: [{ name: 'p', document }] });
}

describe('CopyObject', () => {
  test('copies across accounts and keys, and returns the encryption', async () => {
    const answer = await s3().send(
      copy({ ExpectedBucketOwner: customerAccount, ExpectedSourceBucketOwner: serviceAccount }),
    );
    expect(answer).toMatchObject({
      ServerSideEncryption: 'aws:kms',
      SSEKMSKeyId: customerKeyArn,
      CopyObjectResult: { ETag: stored()?.etag, LastModified: expect.any(Date) },
    });
    const read = await s3().send(new GetObjectCommand({ Bucket: inboxBucket, Key: 'copied' }));
    expect(await read.Body?.transformToString()).toBe('body');
    expect(read).toMatchObject({ ContentType: 'application/json', Metadata: { color: 'red' } });
  });

  test('pays into a Requester Pays bucket of another account, if it says so', async () => {
    editBucket(world(), inboxBucket, { requesterPays: true });
    editBucket(world(), internalBucket, { requesterPays: true });
    expect(await refusal(s3().send(copy()))).toBe('AccessDenied: Access Denied');
    await s3().send(copy({ RequestPayer: 'requester' }));
    expect(stored()).toBeDefined();
  });

  test('reads a plus sign in the source as a space', async () => {
    await s3().send(new PutObjectCommand({ Bucket: internalBucket, Key: 'a b', Body: 'of the space' }));
    await s3().send(new PutObjectCommand({ Bucket: internalBucket, Key: 'a+b', Body: 'of the plus sign' }));
    const copied = async (key: string) => {
      await s3().send(copy({ CopySource: `${internalBucket}/${key}` }));
      return stored()?.body.toString();
    };
    expect(await copied('a+b')).toBe('of the space');
    expect(await copied('a%2Bb')).toBe('of the plus sign');
  });

  test('replaces metadata on request', async () => {
    await s3().send(copy({ MetadataDirective: 'REPLACE', Metadata: { size: 'xl' }, ContentType: 'text/plain' }));
    expect(stored()).toMatchObject({ metadata: { size: 'xl' }, contentType: 'text/plain' });
  });

  test("uses the destination bucket's default encryption if the request has none", async () => {
    const { ServerSideEncryption: _sse, SSEKMSKeyId: _key, ...plain } = copy().input;
    expect(await s3().send(new CopyObjectCommand(plain))).toMatchObject({ ServerSideEncryption: 'AES256' });
  });

  test('is sent to the Region of the destination, whatever that of the source', async () => {
    editBucket(world(), europeanBucket, {
      policy: policy(allow('s3:*', '*', { Principal: { AWS: deliveryRoleArn } })),
    });
    expect(await codeOf(s3().send(copy({ Bucket: europeanBucket })))).toBe('PermanentRedirect');
    const { ServerSideEncryption: _sse, SSEKMSKeyId: _key, ...plain } = copy({ Bucket: europeanBucket }).input;
    const answer = await s3({ region: 'eu-west-1' }).send(new CopyObjectCommand(plain));
    expect(answer.ServerSideEncryption).toBe('AES256');
  });

  const all = ['s3:GetObject', 's3:PutObject', 'kms:Decrypt', 'kms:GenerateDataKey'];

  test(`needs ${all.join(', ')} and nothing else`, async () => {
    roleMay(policy(allow(all, '*')));
    await s3().send(copy());
    expect(stored()).toBeDefined();
  });

  test.each([
    ['s3:GetObject', `because no identity-based policy allows the s3:GetObject action`],
    [
      'kms:Decrypt',
      `kms:Decrypt on resource: ${serviceKeyArn} because no identity-based policy allows the kms:Decrypt action`,
    ],
    ['s3:PutObject', 'Access Denied'],
    ['kms:GenerateDataKey', 'kms:GenerateDataKey on this resource because'],
  ])('is denied without %s, each with its own message', async (missing, words) => {
    roleMay(
      policy(
        allow(
          all.filter((action) => action !== missing),
          '*',
        ),
      ),
    );
    const text = await refusal(s3().send(copy()));
    expect(text).toMatch(/^AccessDenied: /);
    expect(text).toContain(words);
    expect(stored()).toBeUndefined();
  });

  test('decrypts with the key that encrypted the object, not with the default of its bucket', async () => {
    editBucket(world(), internalBucket, {
      defaultEncryption: { sseAlgorithm: 'aws:kms', kmsKeyArn: customerKeyArn, bucketKeyEnabled: false },
    });
    editKey(world(), serviceKeyArn, { state: 'Disabled' });
    expect(await refusal(s3().send(copy()))).toBe(`KMS.DisabledException: ${serviceKeyArn} is disabled.`);
  });

  describe('of an object with tags', () => {
    const tags = ['s3:GetObjectTagging', 's3:PutObjectTagging'];
    beforeEach(() => s3().send(new PutObjectCommand({ ...source, Body: 'body', Tagging: 'a=1' })));

    test('copies them, which needs two more permissions', async () => {
      roleMay(policy(allow([...all, ...tags], '*')));
      await s3().send(copy());
      expect(stored()?.tags).toEqual({ a: '1' });
    });

    test.each(tags)('is refused without %s', async (missing) => {
      roleMay(
        policy(
          allow(
            [...all, ...tags].filter((action) => action !== missing),
            '*',
          ),
        ),
      );
      expect(await codeOf(s3().send(copy()))).toBe('AccessDenied');
      expect(stored()).toBeUndefined();
    });

    test('drops them if they are replaced, and needs neither', async () => {
      roleMay(policy(allow(all, '*')));
      await s3().send(copy({ TaggingDirective: 'REPLACE' }));
      expect(stored()?.tags).toEqual({});
    });
  });

  test.each([
    ['the source is not there', { CopySource: `${internalBucket}/nothing` }, /^NoSuchKey/],
    ['the source bucket is not there', { CopySource: 'no-such-bucket/key' }, /^NoSuchBucket/],
    ['the destination bucket is not there', { Bucket: 'no-such-bucket' }, /^NoSuchBucket/],
    [
      'the source belongs to somebody else',
      { ExpectedSourceBucketOwner: customerAccount },
      /^AccessDenied: Access Denied$/,
    ],
    [
      'the destination belongs to somebody else',
      { ExpectedBucketOwner: serviceAccount },
      /^AccessDenied: Access Denied$/,
    ],
    ['an expected owner is no account id', { ExpectedSourceBucketOwner: '12' }, /^InvalidBucketOwnerAWSAccountID/],
    ['the source is not as wanted', { CopySourceIfMatch: '"x"' }, /^PreconditionFailed/],
    ['the metadata directive is unknown', { MetadataDirective: 'MERGE' as 'COPY' }, /^InvalidArgument/],
    ['the ACL is one that the inbox does not take', { ACL: 'private' as const }, /^AccessControlListNotSupported/],
  ])('is rejected if %s', async (_, change, expected) => {
    expect(await refusal(s3().send(copy(change)))).toMatch(expected);
    expect(stored()).toBeUndefined();
  });

  test('a missing source is not revealed to a caller who may not list the bucket', async () => {
    roleMay(policy(allow(all, '*')));
    expect(await refusal(s3().send(copy({ CopySource: `${internalBucket}/nothing` })))).toBe(
      `AccessDenied: User: ${delivery.arn} is not authorized to perform: s3:ListBucket on resource: "arn:aws:s3:::internal" because no identity-based policy allows the s3:ListBucket action`,
    );
  });

  test('onto itself changes the key', async () => {
    const { CopySource } = copy().input;
    const onto = { ...source, CopySource };
    expect(await refusal(s3().send(new CopyObjectCommand(onto)))).toMatch(
      /^InvalidRequest: This copy request is illegal/,
    );
    const change = { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: customerKeyArn } as const;
    expect((await s3().send(new CopyObjectCommand({ ...onto, ...change }))).SSEKMSKeyId).toBe(customerKeyArn);
  });

  test('shows its own headers to policies of the destination, not to those of the source', async () => {
    const { Effect, Action, Resource, Principal } = allow('s3:PutObject', '*', { Principal: { AWS: deliveryRoleArn } });
    editBucket(world(), inboxBucket, {
      policy: policy({
        Effect,
        Action,
        Resource,
        Principal,
        Condition: {
          StringLike: { 's3:x-amz-copy-source': `${internalBucket}/*` },
          StringEquals: { 's3:x-amz-server-side-encryption-aws-kms-key-id': customerKeyArn },
        },
      }),
    });
    await s3().send(copy());
    expect(await refusal(s3().send(copy({ SSEKMSKeyId: serviceKeyArn })))).toBe('AccessDenied: Access Denied');
  });
});
