import { HeadObjectCommand, PutObjectCommand, type PutObjectCommandInput } from '@aws-sdk/client-s3';
import {
  allow,
  customerKeyArn,
  customerRoot,
  delivery,
  deliveryRoleArn,
  deny,
  editBucket,
  editKey,
  europeanKeyArn,
  inboxBucket,
  internalBucket,
  policy,
  serviceAccount,
  serviceKeyArn,
} from '../small-world.ts';
import { denialOf, refusal, stage } from './outcome.ts';

const { world, s3 } = stage();

function put(more: Partial<PutObjectCommandInput> = {}) {
  return new PutObjectCommand({ Bucket: internalBucket, Key: 'key', Body: 'body', ...more });
}
const underKms = (key: string): Partial<PutObjectCommandInput> => ({
  ServerSideEncryption: 'aws:kms',
  SSEKMSKeyId: key,
});
const stored = (bucket: string) => world().buckets.get(bucket)?.objects.get('key');

describe('PutObject with KMS', () => {
  test('returns algorithm, key and Bucket Key', async () => {
    const sent = await s3().send(put({ ...underKms(serviceKeyArn), BucketKeyEnabled: true }));
    expect(sent).toMatchObject({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: serviceKeyArn, BucketKeyEnabled: true });
    const head = await s3().send(new HeadObjectCommand({ Bucket: internalBucket, Key: 'key' }));
    expect(head).toMatchObject({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: serviceKeyArn, BucketKeyEnabled: true });
  });

  test('returns the full ARN of a key that was named by its ID', async () => {
    const sent = await s3().send(put(underKms(serviceKeyArn.split('/')[1] ?? '')));
    expect(sent.SSEKMSKeyId).toBe(serviceKeyArn);
  });

  test.each([
    ['the object', false, 'arn:aws:s3:::internal/key'],
    ['the bucket, under a Bucket Key,', true, 'arn:aws:s3:::internal'],
  ])('puts the ARN of %s into the encryption context', async (_, BucketKeyEnabled, arn) => {
    const conditioned = allow('kms:GenerateDataKey', '*', {
      Principal: { AWS: deliveryRoleArn },
      Condition: {
        StringEquals: { 'kms:EncryptionContext:aws:s3:arn': arn, 'kms:ViaService': 's3.us-east-1.amazonaws.com' },
      },
    });
    editKey(world(), customerKeyArn, { policy: policy(conditioned) });
    await s3().send(put({ ...underKms(customerKeyArn), BucketKeyEnabled }));
    expect(await refusal(s3().send(put({ ...underKms(customerKeyArn), BucketKeyEnabled: !BucketKeyEnabled })))).toMatch(
      /^AccessDenied: .*kms:GenerateDataKey on this resource because/,
    );
  });

  test('adds the encryption context of the caller', async () => {
    const conditioned = allow('kms:GenerateDataKey', '*', {
      Principal: { AWS: deliveryRoleArn },
      Condition: { StringEquals: { 'kms:EncryptionContext:department': 'reports' } },
    });
    editKey(world(), serviceKeyArn, { policy: policy(conditioned) });
    const context = Buffer.from(JSON.stringify({ department: 'reports' })).toString('base64');
    await s3().send(put({ ...underKms(serviceKeyArn), SSEKMSEncryptionContext: context }));
    expect(await denialOf(s3().send(put(underKms(serviceKeyArn))))).toMatchObject({
      code: 'AccessDenied',
      action: 'kms:GenerateDataKey',
    });
  });

  test.each([
    ['a key of another Region', europeanKeyArn, 'KMS.NotFoundException: Invalid arn eu-west-1'],
    ['no key id', 'aws/s3', "KMS.NotFoundException: Invalid keyId 'aws/s3'"],
  ])('is refused with %s', async (_, key, expected) => {
    expect(await refusal(s3().send(put(underKms(key))))).toBe(expected);
  });

  test("is denied by another account's key without a reason", async () => {
    editKey(world(), customerKeyArn, { policy: policy() });
    expect(await refusal(s3().send(put(underKms(customerKeyArn))))).toBe(
      `AccessDenied: User: ${delivery.arn} is not authorized to perform: kms:GenerateDataKey on this resource because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access`,
    );
  });

  test('is rejected over plain HTTP, but only for callers that the bucket allows', async () => {
    Object.assign(world(), { network: { secureTransport: false } });
    expect(await refusal(s3().send(put(underKms(serviceKeyArn))))).toBe(
      'InvalidArgument: Requests specifying Server Side Encryption with AWS KMS managed keys must be made over a secure connection.',
    );
    const onlyTls = deny('s3:*', '*', { Principal: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } });
    editBucket(world(), internalBucket, { policy: policy(onlyTls) });
    expect(await denialOf(s3().send(put(underKms(serviceKeyArn))))).toMatchObject({
      effect: 'explicit',
      policy: 'resource-based policy',
    });
  });

  test('a key without the algorithm is an error', async () => {
    expect(await refusal(s3().send(put({ SSEKMSKeyId: serviceKeyArn })))).toMatch(
      /^InvalidArgument: Server Side Encryption with AWS KMS managed key requires HTTP header/,
    );
  });
});

describe("A bucket's default encryption", () => {
  const byDefault = { sseAlgorithm: 'aws:kms', kmsKeyArn: serviceKeyArn, bucketKeyEnabled: true } as const;

  test('encrypts requests without encryption headers, with its Bucket Key', async () => {
    editBucket(world(), internalBucket, { defaultEncryption: byDefault });
    expect(await s3().send(put())).toMatchObject({ SSEKMSKeyId: serviceKeyArn, BucketKeyEnabled: true });
  });

  test('applies its Bucket Key setting to a request with its own key, unless that sets its own', async () => {
    editBucket(world(), internalBucket, { defaultEncryption: byDefault });
    expect(await s3().send(put(underKms(customerKeyArn)))).toMatchObject({
      SSEKMSKeyId: customerKeyArn,
      BucketKeyEnabled: true,
    });
    const without = await s3().send(put({ ...underKms(customerKeyArn), BucketKeyEnabled: false }));
    expect(without.BucketKeyEnabled).toBeUndefined();
  });

  test('does not appear in condition keys, which contain only what was sent', async () => {
    const demand = deny('s3:PutObject', '*', {
      Principal: '*',
      Condition: { StringNotEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' } },
    });
    editBucket(world(), internalBucket, { defaultEncryption: byDefault, policy: policy(demand) });
    expect(await denialOf(s3().send(put()))).toMatchObject({ action: 's3:PutObject', effect: 'explicit' });
    await s3().send(put(underKms(serviceKeyArn)));
  });

  test("without a key uses aws/s3 of the requester's account, also in another account's bucket", async () => {
    const withoutKey = { sseAlgorithm: 'aws:kms', bucketKeyEnabled: false } as const;
    editBucket(world(), inboxBucket, { defaultEncryption: withoutKey });
    const { SSEKMSKeyId: key } = await s3().send(put({ Bucket: inboxBucket }));
    expect(key).toMatch(`arn:aws:kms:us-east-1:${serviceAccount}:key/`);
    expect((await s3().send(put({ Bucket: inboxBucket }))).SSEKMSKeyId).toBe(key);
  });

  test('that names aws/s3 literally cannot work', async () => {
    editBucket(world(), inboxBucket, { defaultEncryption: { ...byDefault, kmsKeyArn: 'aws/s3' } });
    expect(await refusal(s3().send(put({ Bucket: inboxBucket })))).toBe(
      "KMS.NotFoundException: Invalid keyId 'aws/s3'",
    );
  });
});

test('SSE-C is refused, as buckets do by default', async () => {
  const key = Buffer.alloc(32, 'k');
  expect(await refusal(s3().send(put({ SSECustomerAlgorithm: 'AES256', SSECustomerKey: key.toString() })))).toMatch(
    /^AccessDenied: User: .* because this bucket has blocked upload requests that specify Server Side Encryption with Customer provided keys \(SSE-C\)/,
  );
});

test('the root user of the customer needs no policy in its own account', async () => {
  await s3({ credentials: customerRoot }).send(put({ Bucket: inboxBucket, ...underKms(customerKeyArn) }));
  expect(stored(inboxBucket)?.encryption.kmsKeyArn).toBe(customerKeyArn);
});
