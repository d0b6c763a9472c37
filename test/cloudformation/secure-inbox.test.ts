import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseTestEvent } from '../../core/event.ts';
import { here, homeRegion } from '../here.ts';
import {
  deployed,
  existingBucket,
  existingKeyArn,
  furtherRoleArn,
  given,
  newKeyArn,
  readerArn,
  section,
  senderKeyArn,
} from './deployed.ts';

const bucket = here('secure-inbox-222222222222-us-east-1');

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

  it.each([
    ['by default', {}, 'configuration-check/'],
    ['below the prefix', { Prefix: 'reports/' }, 'reports/configuration-check/'],
  ])('expires test objects and unfinished uploads, and nothing else, %s', (_, parameters, prefix) => {
    expect(lifecycle(parameters)).toEqual([
      {
        Id: 'ExpireTestObjects',
        Status: 'Enabled',
        Prefix: prefix,
        ExpirationInDays: 1,
        NoncurrentVersionExpiration: { NoncurrentDays: 1 },
      },
      {
        Id: 'RemoveUnfinishedUploads',
        Status: 'Enabled',
        Prefix: '',
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
      },
    ]);
  });

  it.each([
    ['in the whole bucket', {}, ''],
    ['below the prefix only', { Prefix: 'reports/' }, 'reports/'],
  ])('expires reports and their older versions after the days that are asked for, %s', (_, parameters, prefix) => {
    expect(lifecycle({ ...parameters, RetentionDays: '90' })).toContainEqual({
      Id: 'ExpireReports',
      Status: 'Enabled',
      Prefix: prefix,
      ExpirationInDays: '90',
      NoncurrentVersionExpiration: { NoncurrentDays: '90' },
    });
  });

  it('has access logs if there is a bucket for them, whose policy lets S3 write only those', () => {
    expect(deployed().properties('AWS::S3::Bucket')).not.toHaveProperty('LoggingConfiguration');
    expect(deployed().outputs).not.toHaveProperty('AccessLogPolicyToAdd');
    const logged = deployed({ AccessLogBucketName: 'acme-access-logs' });
    const { DestinationBucketName, LogFilePrefix } = logged.properties('AWS::S3::Bucket')[
      'LoggingConfiguration'
    ] as Record<string, string>;
    expect(DestinationBucketName).toBe('acme-access-logs');
    expect(JSON.parse(logged.outputs['AccessLogPolicyToAdd'] ?? '')).toEqual({
      Sid: 'WriteAccessLogs',
      Effect: 'Allow',
      Principal: { Service: 'logging.s3.amazonaws.com' },
      Action: 's3:PutObject',
      Resource: here(`arn:aws:s3:::${DestinationBucketName}/${LogFilePrefix}*`),
      Condition: {
        ArnEquals: { 'aws:SourceArn': here(`arn:aws:s3:::${bucket}`) },
        StringEquals: { 'aws:SourceAccount': '222222222222' },
      },
    });
  });

  it('can have another name', () => {
    expect(deployed({ BucketName: 'acme-inbox' }).properties('AWS::S3::Bucket')['BucketName']).toBe('acme-inbox');
  });

  function lifecycle(parameters: Readonly<Record<string, string>>): unknown {
    const { LifecycleConfiguration } = deployed(parameters).properties('AWS::S3::Bucket');
    return (LifecycleConfiguration as { readonly Rules: unknown }).Rules;
  }
});

it('rotates the key', () => {
  expect(section('Resources')['InboxKey']?.['Properties']).toMatchObject({ EnableKeyRotation: true });
});

describe('what the stack creates', () => {
  it('is a key, a bucket and its policy', () => {
    expect(deployed().types).toEqual(
      expect.arrayContaining(['AWS::KMS::Key', 'AWS::S3::Bucket', 'AWS::S3::BucketPolicy']),
    );
    expect(deployed().types).not.toContain('AWS::IAM::Role');
  });

  it('is also a role if there are readers', () => {
    const stack = deployed({ ReaderArns: readerArn });
    expect(stack.types).toContain('AWS::IAM::Role');
    expect(stack.outputs['ReportReaderRoleArn']).toBe(
      here('arn:aws:iam::222222222222:role/secure-inbox-ReportReaderRole'),
    );
  });

  it.each([
    ['no bucket where there is one', existingBucket, /S3/],
    ['no key where there is one', { ExistingKeyArn: existingKeyArn }, /KMS/],
  ])('is %s', (_, parameters, type) => {
    expect(deployed(parameters).types.filter((each) => type.test(each))).toEqual([]);
  });
});

describe('the test event that the stack prints', () => {
  const inbox = { accountId: '222222222222', region: here('us-east-1'), bucket, kmsKeyArn: newKeyArn };
  const internal = { kmsKeyArn: senderKeyArn };

  it.each([
    ['by default', {}, { customer: 'acme', inbox }],
    ['with a prefix', { Prefix: 'reports/' }, { customer: 'acme', inbox: { ...inbox, prefix: 'reports/' } }],
    ["with the service's own key", { SenderKeyArn: senderKeyArn }, { customer: 'acme', inbox, internal }],
    [
      'with an existing bucket and key',
      { ...existingBucket, ExistingKeyArn: existingKeyArn },
      { customer: 'acme', inbox: { ...inbox, bucket: 'acme-inbox', kmsKeyArn: existingKeyArn } },
    ],
    [
      'with further senders, readers and a retention',
      { MoreDeliveryRoleArns: furtherRoleArn, ReaderArns: readerArn, RetentionDays: '90' },
      { customer: 'acme', inbox },
    ],
  ])('is accepted by the check, %s', async (_, parameters, expected) => {
    const event: unknown = JSON.parse(deployed(parameters).outputs['TestEvent'] ?? '');
    expect(event).toEqual(expected);
    const defaults = { region: here('us-east-1'), internalBucket: given.SenderInternalBucketName };
    expect(await parseTestEvent(event, defaults)).toMatchObject({ valid: true });
  });
});

describe('parameters', () => {
  it.each([
    ['CustomerName', 'acme corp'],
    ['DeliveryRoleArn', '111111111111'],
    ['DeliveryRoleArn', here('arn:aws:sts::111111111111:assumed-role/secure-inbox-delivery/session')],
    ['SenderInternalBucketName', here('arn:aws:s3:::internal')],
    // The generated name of the new inbox, which is not in any parameter.
    ['SenderInternalBucketName', here('secure-inbox-222222222222-us-east-1')],
    ['SenderKeyArn', 'alias/secure-inbox-internal'],
    ['BucketOrigin', 'old'],
    ['BucketName', 's3://acme-inbox'],
    ['Prefix', 'reports'],
    ['Prefix', '/reports/'],
    ['Prefix', 'reports/*/'],
    ['Prefix', '../'],
    ['Prefix', 'reports/./'],
    ['Prefix', 'reports/../2026/'],
    ['Prefix', '${aws:username}/'],
    ['ExistingKeyArn', here('arn:aws:kms:us-east-1:222222222222:alias/inbox')],
    ['MoreDeliveryRoleArns', `${furtherRoleArn},somebody`],
    ['MoreDeliveryRoleArns', here('arn:aws:iam::111111111111:root')],
    ['AccessLogBucketName', 's3://logs'],
    ['AccessLogBucketName', here('secure-inbox-222222222222-us-east-1')],
    ['RetentionDays', '-1'],
    ['RetentionDays', '1.5'],
    ['RetentionDays', '007'],
    ['ReaderArns', 'auditor'],
    ['ReaderArns', '*'],
    ['ReaderArns', here('arn:aws:iam::222222222222:group/auditors')],
  ])('%s cannot be %s', (parameter, value) => {
    expect(() => deployed({ [parameter]: value })).toThrow(parameter);
  });

  it.each([
    [{ BucketOrigin: 'existing' }, 'BucketName must name the existing bucket.'],
    [{ ...existingBucket, RetentionDays: '90' }, 'RetentionDays must be 0 for an existing bucket'],
    [
      { ...existingBucket, AccessLogBucketName: 'acme-logs' },
      'AccessLogBucketName must be empty for an existing bucket',
    ],
    [{ BucketName: 'acme-inbox', AccessLogBucketName: 'acme-inbox' }, 'must be another bucket than BucketName'],
    [{ AccessLogBucketName: given.SenderInternalBucketName }, 'must be a bucket of yours'],
    [{ BucketName: given.SenderInternalBucketName }, 'BucketName must be a bucket of yours'],
    [{ SenderKeyArn: senderKeyArn, ExistingKeyArn: senderKeyArn }, 'EachSideHasItsOwnKey'],
    [{ MoreDeliveryRoleArns: `${furtherRoleArn},` }, 'MoreDeliveryRoleArns has an empty item'],
    [{ MoreDeliveryRoleArns: given.DeliveryRoleArn }, 'MoreDeliveryRoleArns repeats DeliveryRoleArn'],
    [{ ReaderArns: `,${readerArn}` }, 'ReaderArns has an empty item'],
    [{ ReaderArns: `${readerArn},${given.DeliveryRoleArn}` }, 'ReaderArns names the role that delivers'],
  ])('cannot contradict each other: %j', (parameters, message) => {
    expect(() => deployed(parameters)).toThrow(message);
  });

  it.each([
    ['another Region', here('arn:aws:kms:eu-west-1:222222222222:key/0a1b2c3d-0000-4000-8000-000000000003'), true],
    ['this Region', existingKeyArn, false],
    ['this Region and another account', here('arn:aws:kms:us-east-1:333333333333:key/0a1b2c3d'), false],
    ['nowhere yet', '', false],
  ])('are warned about a key in %s, as far as they have to be', (_, ExistingKeyArn, isWarned) => {
    const warning = deployed({ ExistingKeyArn }).outputs['KeyInAnotherRegion'];
    if (isWarned) expect(warning).toContain(`an ExistingKeyArn of ${homeRegion} instead of ${ExistingKeyArn}`);
    else expect(warning).toBeUndefined();
  });

  it.each(Object.entries(section('Parameters')))('%s is explained, labeled and grouped', (name, parameter) => {
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

it.each(['Parameters', 'Resources', 'Outputs'])('is described: its %s, all of them', (name) => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/customer-template.md'), 'utf8');
  const rows = page.split('\n').filter((line) => line.startsWith('| `'));
  const described = rows.flatMap((row) => [...row.matchAll(/`(\w+)`/g)].map(([, word]) => word));
  expect(Object.keys(section(name)).filter((each) => !described.includes(each))).toEqual([]);
});

it('uses the prefix reports/ for a new deployment that sets none', () => {
  expect(section('Parameters')['Prefix']).toMatchObject({ Default: 'reports/' });
  expect(JSON.parse(deployed({ Prefix: 'reports/' }).outputs['TestEvent'] ?? '')).toMatchObject({
    inbox: { prefix: 'reports/' },
  });
});

it('says which version of the template created the stack, and what is new in it', () => {
  const version = section('Metadata')['SecureInbox']?.['TemplateVersion'];
  expect(version).toMatch(/^[1-9]\d*$/);
  expect(deployed().outputs['TemplateVersion']).toBe(version);
  const upgrading = readFileSync(join(import.meta.dirname, '../../docs/upgrading.md'), 'utf8');
  const versions = [...upgrading.matchAll(/^## Version (\d+)/gm)].map(([, number]) => number);
  expect(versions[0]).toBe(version);
  expect(versions.map(Number)).toEqual(versions.map((_, index) => versions.length - index));
});
