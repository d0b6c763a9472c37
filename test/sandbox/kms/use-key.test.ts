import type { Key, World } from '../../../model/world/world.ts';
import { type KeyUse, useKey } from '../../../sandbox/kms/with-key.ts';
import { AwsError } from '../../../sandbox/wire/operation.ts';
import {
  allow,
  customerKeyArn,
  delivery,
  deliveryRoleArn,
  editKey,
  policy,
  region,
  smallWorld,
} from '../small-world.ts';

const objectArn = 'arn:aws:s3:::inbox/reports/1';
const asS3: KeyUse = {
  caller: delivery,
  requestId: 'THE-ID-OF-S3',
  operation: 'GenerateDataKey',
  keyId: customerKeyArn,
  region,
  encryptionContext: { 'aws:s3:arn': objectArn },
  forwardedBy: { service: 's3', region },
};

function worldWithKey(changes: Partial<Key> = {}): World {
  const world = smallWorld();
  editKey(world, customerKeyArn, changes);
  return world;
}

function refusal(world: World, use: KeyUse): { code: string; status: number; message: string } {
  try {
    useKey(world, use);
  } catch (error) {
    if (error instanceof AwsError) return { code: error.code, status: error.status, message: error.message };
    throw error;
  }
  throw new Error('The key was used.');
}

test('returns the key that the request names', () => {
  expect(useKey(worldWithKey(), asS3)).toMatchObject({ arn: customerKeyArn });
});

describe('a key policy can distinguish S3’s calls from direct ones', () => {
  const viaS3 = (condition: object) =>
    worldWithKey({
      policy: policy(allow('kms:*', '*', { Principal: { AWS: deliveryRoleArn }, Condition: condition })),
    });
  const { forwardedBy: _, ...direct } = asS3;

  test.each([
    { why: 'by kms:ViaService', condition: { StringEquals: { 'kms:ViaService': `s3.${region}.amazonaws.com` } } },
    { why: 'by aws:ViaAWSService', condition: { Bool: { 'aws:ViaAWSService': 'true' } } },
  ])('$why', ({ condition }) => {
    expect(useKey(viaS3(condition), asS3)).toMatchObject({ arn: customerKeyArn });
    expect(refusal(viaS3(condition), direct)).toMatchObject({ code: 'AccessDeniedException' });
  });

  test('by the client’s address, which S3’s calls do not have', () => {
    const condition = { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } };
    expect(useKey(viaS3(condition), direct)).toMatchObject({ arn: customerKeyArn });
    expect(refusal(viaS3(condition), asS3)).toMatchObject({ code: 'AccessDeniedException' });
  });

  test('by the object in the encryption context', () => {
    const condition = { StringEquals: { 'kms:EncryptionContext:aws:s3:arn': objectArn } };
    expect(useKey(viaS3(condition), asS3)).toMatchObject({ arn: customerKeyArn });
    const bucketKey = { ...asS3, encryptionContext: { 'aws:s3:arn': 'arn:aws:s3:::inbox' } };
    expect(refusal(viaS3(condition), bucketKey)).toMatchObject({ code: 'AccessDeniedException' });
  });
});

describe('a key that cannot perform the operation', () => {
  test.each([
    { change: { state: 'Disabled' } as const, code: 'DisabledException', message: `${customerKeyArn} is disabled.` },
    {
      change: { state: 'PendingDeletion' } as const,
      code: 'KMSInvalidStateException',
      message: `${customerKeyArn} is pending deletion.`,
    },
    {
      change: { state: 'PendingImport' } as const,
      code: 'KMSInvalidStateException',
      message: `${customerKeyArn} is pending import.`,
    },
    {
      change: { state: 'Unavailable' } as const,
      code: 'KMSInvalidStateException',
      message: `${customerKeyArn} is unavailable.`,
    },
    {
      change: { spec: 'RSA_2048' },
      code: 'InvalidKeyUsageException',
      message: 'You cannot generate a data key with an asymmetric CMK',
    },
  ])('answers $code', ({ change, code, message }) => {
    expect(refusal(worldWithKey(change), asS3)).toEqual({ code, status: 400, message });
  });

  test('for another Region is not found', () => {
    expect(refusal(worldWithKey(), { ...asS3, region: 'eu-west-1' })).toEqual({
      code: 'NotFoundException',
      status: 400,
      message: 'Invalid arn us-east-1',
    });
  });

  test('because it is gone: reading does not reveal that, writing does', () => {
    const missing = customerKeyArn.replace('222222222222', '111111111111');
    expect(refusal(worldWithKey(), { ...asS3, keyId: missing })).toMatchObject({
      message: `Key '${missing}' does not exist`,
    });
    expect(refusal(worldWithKey(), { ...asS3, keyId: missing, operation: 'Decrypt' })).toMatchObject({
      code: 'AccessDeniedException',
      message: expect.stringContaining('on the resource associated with this ciphertext'),
    });
  });
});
