import { here } from '../here.ts';
import {
  checkTopicArn,
  deployed,
  existingBucket,
  existingKeyArn,
  furtherRoleArn,
  type Resource,
  readerArn,
  section,
  senderKeyArn,
} from './deployed.ts';

/** Changes for which CloudFormation replaces a resource. It makes any other change in place. */
const replacedFor: Readonly<Record<string, readonly string[]>> = {
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html
  'AWS::S3::Bucket': ['BucketName'],
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucketpolicy.html
  'AWS::S3::BucketPolicy': ['Bucket'],
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html
  'AWS::KMS::Key': ['KeySpec', 'KeyUsage', 'MultiRegion', 'Origin'],
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-alias.html
  'AWS::KMS::Alias': ['AliasName'],
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html
  'AWS::IAM::Role': ['RoleName', 'Path'],
};

type Parameters = Readonly<Record<string, string>>;

interface Update {
  readonly removed: readonly string[];
  readonly replaced: readonly string[];
  readonly changed: readonly string[];
  readonly added: readonly string[];
}

/** The effects of a stack update on its resources, by logical ID. */
function update(from: Parameters, to: Parameters): Update {
  const before = deployed(from).resources;
  const after = deployed(to).resources;
  const pairs = before.flatMap((old) => {
    const now = after.find(({ logicalId }) => logicalId === old.logicalId);
    return now === undefined ? [] : [{ old, now }];
  });
  const ids = (resources: readonly Resource[]) => resources.map(({ logicalId }) => logicalId).sort();
  const without = (some: readonly Resource[], others: readonly Resource[]) =>
    some.filter(({ logicalId }) => !others.some((other) => other.logicalId === logicalId));
  const isReplaced = ({ old, now }: (typeof pairs)[number]) =>
    (replacedFor[old.type] ?? []).some((name) => !isSame(old.properties[name], now.properties[name]));
  const isChanged = ({ old, now }: (typeof pairs)[number]) => !isSame(old.properties, now.properties);
  return {
    removed: ids(without(before, after)),
    replaced: ids(pairs.filter(isReplaced).map(({ old }) => old)),
    changed: ids(pairs.filter((pair) => isChanged(pair) && !isReplaced(pair)).map(({ old }) => old)),
    added: ids(without(after, before)),
  };
}

const isSame = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

const nothing: Update = { removed: [], replaced: [], changed: [], added: [] };

/** Every parameter, changed from its default (along with what a rule requires), and the effect. */
const changes: readonly (readonly [parameter: string, to: Parameters, Partial<Update>])[] = [
  ['CustomerName', { CustomerName: 'acme-corp' }, {}],
  ['DeliveryRoleArn', { DeliveryRoleArn: furtherRoleArn }, { changed: ['InboxBucketPolicy', 'InboxKey'] }],
  ['MoreDeliveryRoleArns', { MoreDeliveryRoleArns: furtherRoleArn }, { changed: ['InboxBucketPolicy', 'InboxKey'] }],
  ['SenderInternalBucketName', { SenderInternalBucketName: 'another' }, { changed: ['InboxKey'] }],
  ['SenderKeyArn', { SenderKeyArn: senderKeyArn }, { changed: ['InboxKey'] }],
  ['MultipartDeliveries', { MultipartDeliveries: 'yes' }, { changed: ['InboxBucketPolicy', 'InboxKey'] }],
  ['BucketOrigin', existingBucket, { removed: ['InboxBucket', 'InboxBucketPolicy'], changed: ['InboxKey'] }],
  [
    'BucketName',
    { BucketName: 'acme-inbox' },
    { replaced: ['InboxBucket', 'InboxBucketPolicy'], changed: ['InboxKey'] },
  ],
  ['Prefix', { Prefix: 'reports/' }, { changed: ['InboxBucket', 'InboxBucketPolicy', 'InboxKey'] }],
  ['RetentionDays', { RetentionDays: '90' }, { changed: ['InboxBucket'] }],
  ['AccessLogBucketName', { AccessLogBucketName: 'acme-access-logs' }, { changed: ['InboxBucket'] }],
  [
    'ExistingKeyArn',
    { ExistingKeyArn: existingKeyArn },
    { removed: ['InboxKey', 'InboxKeyAlias'], changed: ['InboxBucket', 'InboxBucketPolicy'] },
  ],
  ['ReaderArns', { ReaderArns: readerArn }, { added: ['ReportReaderRole'] }],
  ['CheckTopicArn', { CheckTopicArn: checkTopicArn }, { added: ['DeliveryCheck'] }],
  ['FailOnDenied', { CheckTopicArn: checkTopicArn, FailOnDenied: 'yes' }, { added: ['DeliveryCheck'] }],
  ['CheckSerial', { CheckSerial: '2' }, {}],
];

describe('an update', () => {
  it('is described for every parameter', () => {
    expect(changes.map(([parameter]) => parameter)).toEqual(Object.keys(section('Parameters')));
  });

  it.each(changes)('of %s changes no more than necessary', (_, to, expected) => {
    expect(update({}, to)).toEqual({ ...nothing, ...expected });
  });

  it.each(
    changes.flatMap(([name, to]) => [
      [`of ${name}`, {}, to] as const,
      [`of ${name} back to its default`, to, {}] as const,
      [`of ${name} beside all others`, everythingBut(to), { ...everythingBut(to), ...to }] as const,
    ]),
  )('%s loses neither bucket nor key', (_, from, to) => {
    const { removed, replaced } = update(from, to);
    for (const id of removed.filter(isPrecious)) expect(policies(id)['DeletionPolicy']).toMatch(/^Retain/);
    for (const id of replaced.filter(isPrecious)) expect(policies(id)['UpdateReplacePolicy']).toBe('Retain');
  });

  it("to the bucket's current name changes nothing", () => {
    expect(update({}, { BucketName: here('secure-inbox-222222222222-us-east-1') })).toEqual(nothing);
  });
});

describe('deleting the stack', () => {
  it('keeps the key in any case, because encrypted objects need it', () => {
    expect(policies('InboxKey')).toEqual({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });

  it('keeps the bucket, unless the failed operation created it, so that it is empty', () => {
    expect(policies('InboxBucket')).toEqual({
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    });
  });

  it.each(['InboxBucketPolicy', 'ReportReaderRole'])('ends the access that %s gives', (logicalId) => {
    expect(policies(logicalId)).toEqual({});
  });
});

function isPrecious(logicalId: string): boolean {
  return /^AWS::(S3::Bucket|KMS::Key)$/.test(String(section('Resources')[logicalId]?.['Type']));
}

function policies(logicalId: string): Readonly<Record<string, unknown>> {
  const { DeletionPolicy, UpdateReplacePolicy } = section('Resources')[logicalId] ?? {};
  return { ...(DeletionPolicy !== undefined && { DeletionPolicy, UpdateReplacePolicy }) };
}

/** Every parameter changed from its default, as far as the given ones and the rules permit. */
function everythingBut(given: Parameters): Parameters {
  const all: Parameters = {
    MoreDeliveryRoleArns: furtherRoleArn,
    Prefix: 'reports/',
    SenderKeyArn: senderKeyArn,
    ReaderArns: readerArn,
  };
  return Object.fromEntries(
    Object.entries(all).filter(([name, value]) => !(name in given) && value !== given['DeliveryRoleArn']),
  );
}
