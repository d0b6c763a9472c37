import { parseTestEvent } from '../../lambda/customer_configuration_check/event.ts';
import { deployed, existingKeyArn, given, newKeyArn, section, senderKeyArn } from './deployed.ts';

const bucket = 'secure-inbox-222222222222-us-east-1';

describe('the bucket', () => {
  const properties = deployed().properties('AWS::S3::Bucket');

  it('belongs to its account, is closed to the public and keeps every version', () => {
    expect(properties).toMatchObject({
      BucketName: bucket,
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        IgnorePublicAcls: true,
        BlockPublicPolicy: true,
        RestrictPublicBuckets: true,
      },
      VersioningConfiguration: { Status: 'Enabled' },
    });
  });

  it.each([
    ['the new key', {}, newKeyArn],
    ['an existing one', { ExistingKeyArn: existingKeyArn }, existingKeyArn],
  ])('encrypts with %s by default, under a Bucket Key', (_, parameters, keyArn) => {
    expect(deployed(parameters).properties('AWS::S3::Bucket')['BucketEncryption']).toEqual({
      ServerSideEncryptionConfiguration: [
        {
          ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: keyArn },
          BucketKeyEnabled: true,
        },
      ],
    });
  });

  it('expires test objects and nothing else', () => {
    expect(section('Resources')['InboxBucket']?.['Properties']).toMatchObject({
      LifecycleConfiguration: {
        Rules: [
          {
            Prefix: { 'Fn::Sub': '${Prefix}configuration-check/' },
            ExpirationInDays: 1,
            NoncurrentVersionExpiration: { NoncurrentDays: 1 },
          },
        ],
      },
    });
  });

  it('takes another name', () => {
    expect(deployed({ BucketName: 'acme-inbox' }).properties('AWS::S3::Bucket')['BucketName']).toBe('acme-inbox');
  });
});

describe('deleting the stack', () => {
  it.each(['InboxKey', 'InboxBucket'])('keeps %s', (logicalId) => {
    expect(section('Resources')[logicalId]).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });

  it("ends the service's access", () => {
    expect(section('Resources')['InboxBucketPolicy']).not.toHaveProperty('DeletionPolicy');
  });
});

it('rotates the key', () => {
  expect(section('Resources')['InboxKey']?.['Properties']).toMatchObject({ EnableKeyRotation: true });
});

describe('what the stack makes', () => {
  it('is a key, a bucket and its policy', () => {
    expect(deployed().types).toEqual(
      expect.arrayContaining(['AWS::KMS::Key', 'AWS::S3::Bucket', 'AWS::S3::BucketPolicy']),
    );
  });

  it.each([
    ['no bucket where there is one', { BucketOrigin: 'existing', BucketName: 'acme-inbox' }, /S3/],
    ['no key where there is one', { ExistingKeyArn: existingKeyArn }, /KMS/],
  ])('is %s', (_, parameters, type) => {
    expect(deployed(parameters).types.filter((each) => type.test(each))).toEqual([]);
  });
});

describe('the test event that the stack prints', () => {
  const inbox = { accountId: '222222222222', region: 'us-east-1', bucket, kmsKeyArn: newKeyArn };
  const internal = { kmsKeyArn: senderKeyArn };

  it.each([
    ['by default', {}, { customer: 'acme', inbox }],
    ['with a prefix', { Prefix: 'reports/' }, { customer: 'acme', inbox: { ...inbox, prefix: 'reports/' } }],
    ["with the service's own key", { SenderKeyArn: senderKeyArn }, { customer: 'acme', inbox, internal }],
    [
      'with an existing bucket and key',
      { BucketOrigin: 'existing', BucketName: 'acme-inbox', ExistingKeyArn: existingKeyArn },
      { customer: 'acme', inbox: { ...inbox, bucket: 'acme-inbox', kmsKeyArn: existingKeyArn } },
    ],
  ])('is what the check takes, %s', async (_, parameters, expected) => {
    const event: unknown = JSON.parse(deployed(parameters).outputs['TestEvent'] ?? '');
    expect(event).toEqual(expected);
    const defaults = { region: 'us-east-1', internalBucket: given.SenderInternalBucketName };
    expect(await parseTestEvent(event, defaults)).toMatchObject({ valid: true });
  });
});

describe('parameters', () => {
  it.each([
    ['CustomerName', 'acme corp'],
    ['DeliveryRoleArn', '111111111111'],
    ['DeliveryRoleArn', 'arn:aws:sts::111111111111:assumed-role/secure-inbox-delivery/session'],
    ['SenderInternalBucketName', 'arn:aws:s3:::internal'],
    ['SenderKeyArn', 'alias/secure-inbox-internal'],
    ['BucketOrigin', 'old'],
    ['BucketName', 's3://acme-inbox'],
    ['Prefix', 'reports'],
    ['Prefix', '/reports/'],
    ['Prefix', 'reports/*/'],
    ['Prefix', '${aws:username}/'],
    ['ExistingKeyArn', 'arn:aws:kms:us-east-1:222222222222:alias/inbox'],
  ])('%s cannot be %s', (parameter, value) => {
    expect(() => deployed({ [parameter]: value })).toThrow(parameter);
  });

  it('must name a bucket that exists', () => {
    expect(() => deployed({ BucketOrigin: 'existing' })).toThrow('BucketName must say which existing bucket is meant.');
  });

  it.each(Object.entries(section('Parameters')))('%s is explained, labelled and grouped', (name, parameter) => {
    expect(parameter).toHaveProperty('Description');
    if ('AllowedPattern' in parameter) expect(parameter).toHaveProperty('ConstraintDescription');
    const { ParameterGroups, ParameterLabels } = section('Metadata')['AWS::CloudFormation::Interface'] as {
      readonly ParameterGroups: readonly { readonly Parameters: readonly string[] }[];
      readonly ParameterLabels: Readonly<Record<string, unknown>>;
    };
    expect(ParameterLabels).toHaveProperty(name);
    expect(ParameterGroups.flatMap((group) => group.Parameters).filter((each) => each === name)).toHaveLength(1);
  });
});

it('says which version of the template made the stack', () => {
  expect(deployed().outputs['TemplateVersion']).toBe(section('Metadata')['SecureInbox']?.['TemplateVersion']);
});
