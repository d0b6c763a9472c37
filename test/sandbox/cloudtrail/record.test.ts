import { LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { DecryptCommand, GenerateDataKeyCommand } from '@aws-sdk/client-kms';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import type { Caller } from '../../../model/world/world.ts';
import { useKey } from '../../../sandbox/kms/with-key.ts';
import { failureOf, servedWorld } from '../kms/served-world.ts';
import {
  allow,
  customerKeyArn,
  customerRoot,
  delivery,
  deliveryRoleArn,
  editKey,
  editRole,
  idle,
  idleRoleArn,
  policy,
  region,
  serviceKeyArn,
  serviceRoot,
} from '../small-world.ts';

const served = servedWorld();
async function recordsOf(caller: Caller): Promise<Record<string, unknown>[]> {
  const { Events = [] } = await served.clientsOf(caller).cloudtrail.send(new LookupEventsCommand({}));
  return Events.map(({ CloudTrailEvent = '' }) => JSON.parse(CloudTrailEvent));
}

const dataKey = (caller: Caller = delivery, KeyId: string = customerKeyArn) =>
  served
    .clientsOf(caller)
    .kms.send(new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256', EncryptionContext: { tenant: 'acme' } }));

const throughS3 = (operation: 'GenerateDataKey' | 'Decrypt') =>
  useKey(served.world, {
    caller: delivery,
    requestId: 'THE-ID-OF-S3',
    operation,
    keyId: customerKeyArn,
    region,
    encryptionContext: { 'aws:s3:arn': 'arn:aws:s3:::inbox/reports/1' },
    forwardedBy: { service: 's3', region },
  });

test('keeps the newest of very many events', async () => {
  for (let i = 0; i < 2_500; i += 1) throughS3('Decrypt');
  await dataKey();
  expect(served.world.trail.length).toBeLessThanOrEqual(2_001);
  expect(served.world.trail.at(-1)?.eventName).toBe('GenerateDataKey');
});

describe('a KMS call', () => {
  test('is recorded with its caller, its request and its key, and never with a secret', async () => {
    const { Plaintext } = await dataKey(delivery, serviceKeyArn);
    const [record] = await recordsOf(serviceRoot);
    expect(record).toMatchObject({
      eventVersion: '1.11',
      eventSource: 'kms.amazonaws.com',
      eventName: 'GenerateDataKey',
      eventType: 'AwsApiCall',
      eventCategory: 'Management',
      managementEvent: true,
      readOnly: true,
      awsRegion: region,
      sourceIPAddress: '203.0.113.10',
      userAgent: expect.stringContaining('aws-sdk-js'),
      userIdentity: {
        type: 'AssumedRole',
        arn: delivery.arn,
        accountId: '111111111111',
        sessionContext: { sessionIssuer: { type: 'Role', arn: deliveryRoleArn, userName: 'delivery' } },
      },
      requestParameters: { keyId: serviceKeyArn, keySpec: 'AES_256', encryptionContext: { tenant: 'acme' } },
      responseElements: null,
      resources: [{ accountId: '111111111111', type: 'AWS::KMS::Key', ARN: serviceKeyArn }],
      recipientAccountId: '111111111111',
    });
    expect(record).not.toHaveProperty('sharedEventID');
    expect(JSON.stringify(record)).not.toContain(Buffer.from(Plaintext ?? []).toString('base64'));
  });

  test('on another account’s key is recorded for both under one ID, with less about the caller for the owner', async () => {
    await dataKey();
    const [[ours], [theirs]] = await Promise.all([recordsOf(serviceRoot), recordsOf(customerRoot)]);
    expect(ours?.['sharedEventID']).toEqual(expect.any(String));
    expect(theirs?.['sharedEventID']).toBe(ours?.['sharedEventID']);
    expect(theirs?.['eventID']).not.toBe(ours?.['eventID']);
    expect(theirs?.['userIdentity']).toEqual({
      type: 'AWSAccount',
      principalId: delivery.userId,
      accountId: '111111111111',
    });
  });

  test('that is denied is recorded only for the caller’s account', async () => {
    editKey(served.world, customerKeyArn, { policy: policy() });
    const { message } = await failureOf(dataKey());
    expect(await recordsOf(customerRoot)).toEqual([]);
    expect((await recordsOf(serviceRoot))[0]).toMatchObject({
      errorCode: 'AccessDenied',
      errorMessage: message,
      requestParameters: { keyId: customerKeyArn, encryptionContext: { tenant: 'acme' } },
    });
  });

  test('that the key cannot perform is recorded for both, with its error', async () => {
    editKey(served.world, customerKeyArn, { state: 'Disabled' });
    await failureOf(dataKey());
    for (const account of [serviceRoot, customerRoot]) {
      expect((await recordsOf(account))[0]).toMatchObject({ errorCode: 'DisabledException' });
    }
  });

  test('that is only a dry run is recorded as one', async () => {
    const command = new GenerateDataKeyCommand({ KeyId: serviceKeyArn, KeySpec: 'AES_256', DryRun: true });
    await failureOf(served.clientsOf(delivery).kms.send(command));
    expect((await recordsOf(serviceRoot))[0]).toMatchObject({
      errorCode: 'DryRunOperationException',
      requestParameters: { dryRun: true },
    });
  });

  test('that fails in the end is not recorded as a success', async () => {
    const { CiphertextBlob } = await dataKey(delivery, serviceKeyArn);
    await failureOf(served.clientsOf(delivery).kms.send(new DecryptCommand({ CiphertextBlob })));
    expect((await recordsOf(serviceRoot))[0]).toMatchObject({
      eventName: 'Decrypt',
      errorCode: 'InvalidCiphertextException',
      requestParameters: { encryptionAlgorithm: 'SYMMETRIC_DEFAULT' },
    });
  });
});

describe('a call that S3 makes for a caller', () => {
  test('names the caller, and AWS Internal as the origin', async () => {
    throughS3('GenerateDataKey');
    const [record] = await recordsOf(serviceRoot);
    expect(record).toMatchObject({
      userIdentity: { type: 'AssumedRole', arn: delivery.arn, invokedBy: 'AWS Internal' },
      sourceIPAddress: 'AWS Internal',
      userAgent: 'AWS Internal',
      requestParameters: {
        keyId: customerKeyArn,
        keySpec: 'AES_256',
        encryptionContext: { 'aws:s3:arn': 'arn:aws:s3:::inbox/reports/1' },
      },
    });
    expect(record?.['requestID']).not.toBe('THE-ID-OF-S3');
  });

  test('to decrypt names no key: the ciphertext does', async () => {
    throughS3('Decrypt');
    const [record] = await recordsOf(serviceRoot);
    expect(record?.['requestParameters']).not.toHaveProperty('keyId');
    expect(record?.['resources']).toMatchObject([{ ARN: customerKeyArn }]);
  });
});

describe('AssumeRole', () => {
  const assume = () =>
    served
      .clientsOf(idle)
      .sts.send(new AssumeRoleCommand({ RoleArn: deliveryRoleArn, RoleSessionName: 'check', ExternalId: 'acme' }));

  test('is recorded with the session that it opened', async () => {
    editRole(served.world, idleRoleArn, {
      policies: [{ name: 'may', document: policy(allow('sts:AssumeRole', '*')) }],
    });
    const { Credentials } = await assume();
    const [record] = await recordsOf(serviceRoot);
    expect(record).toMatchObject({
      eventSource: 'sts.amazonaws.com',
      eventName: 'AssumeRole',
      requestParameters: {
        roleArn: deliveryRoleArn,
        roleSessionName: 'check',
        externalId: 'acme',
        durationSeconds: 3600,
      },
      responseElements: {
        credentials: { accessKeyId: Credentials?.AccessKeyId },
        assumedRoleUser: { arn: 'arn:aws:sts::111111111111:assumed-role/delivery/check' },
      },
      resources: [{ type: 'AWS::IAM::Role', ARN: deliveryRoleArn }],
    });
    expect(JSON.stringify(record)).not.toContain(Credentials?.SecretAccessKey);
  });

  test('is recorded if it was denied', async () => {
    const { message } = await failureOf(assume());
    expect((await recordsOf(serviceRoot))[0]).toMatchObject({
      errorCode: 'AccessDenied',
      errorMessage: message,
      responseElements: null,
    });
  });
});
