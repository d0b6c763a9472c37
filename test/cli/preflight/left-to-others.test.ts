import { allow, deliveryRole, policy } from './acme.ts';
import { preflightReport, testFolder } from './given.ts';
import { useModeledSandbox } from './modeled-sandbox.ts';

useModeledSandbox();

/** Templates in which other resources decide what the bucket's or key's policy will be. */
const { file } = testFolder('left-to-others');

const allowed = (what: object) =>
  policy({ ...allow(deliveryRole, 's3:PutObject', 'arn:aws:s3:::acme-inbox/*'), ...what });
const inbox = { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'acme-inbox' } };
const inboxPolicy = (what: object = {}) => ({
  Type: 'AWS::S3::BucketPolicy',
  Properties: { Bucket: { Ref: 'Inbox' }, PolicyDocument: allowed(what) },
});
const key = {
  Type: 'AWS::KMS::Key',
  Properties: {
    KeyPolicy: policy(
      allow('arn:aws:iam::222222222222:root', 'kms:*', '*'),
      allow(deliveryRole, ['kms:GenerateDataKey', 'kms:Decrypt'], '*'),
    ),
  },
};
const usual = { Inbox: inbox, Policy: inboxPolicy(), Key: key };

let made = 0;

async function outcomeOf(Resources: object, ...options: readonly string[]) {
  made += 1;
  const template = file(`${made}.json`, { Resources });
  const { verdict, diagnoses, notes = [] } = await preflightReport('--inbox-template', template, ...options);
  const asked = notes.filter(({ kind }) => kind === 'unknown').map(({ detail }) => detail.match(/--[\w-]+/)?.[0]);
  return [verdict, ...diagnoses.map(({ denial }) => denial.layer), ...asked];
}

const other = (Type: string, Properties: object) => ({
  Other: { Type, Properties: { ServiceToken: 'code', ...Properties } },
});
const ofBucket = { Bucket: { Ref: 'Inbox' } };
const calling = (action: string) => ({
  Create: {
    'Fn::Join': ['', [`{"service":"S3","action":"${action}","parameters":{"Bucket":"`, { Ref: 'Inbox' }, '"}}']],
  },
});

it.each<readonly [string, object, string | undefined]>([
  ['a custom resource that gets the bucket', other('Custom::BucketPolicy', ofBucket), '--bucket-policy'],
  [
    'its name alone',
    other('AWS::CloudFormation::CustomResource', { Name: 'acme-inbox', Policy: 'x' }),
    '--bucket-policy',
  ],
  ['its ARN in a text', other('Custom::BucketPolicy', { On: { 'Fn::Sub': '${Inbox.Arn}/*' } }), '--bucket-policy'],
  ['one that gets the key', other('Custom::BucketPolicy', { Key: { 'Fn::GetAtt': ['Key', 'Arn'] } }), '--key-policy'],
  ['one that gets neither', other('Custom::BucketPolicy', { Name: 'other' }), undefined],
  ["a helper of the CDK's", other('Custom::S3BucketNotifications', ofBucket), undefined],
  ['a call that writes the policy', other('Custom::AWS', calling('putBucketPolicy')), '--bucket-policy'],
  ['a call that tags the bucket', other('Custom::AWS', calling('putBucketTagging')), undefined],
  [
    'a nested stack',
    other('AWS::CloudFormation::Stack', { TemplateURL: 'bucket-policy.yaml', Parameters: ofBucket }),
    '--bucket-policy',
  ],
  ["another vendor's type", other('Vendor::S3::BucketPolicy', ofBucket), '--bucket-policy'],
  ['a module', other('Org::Inbox::Permissions::MODULE', ofBucket), '--bucket-policy'],
  [
    'a resource control policy',
    other('AWS::Organizations::Policy', { Type: 'RESOURCE_CONTROL_POLICY' }),
    '--resource-control-policy',
  ],
  ['a service control policy', other('AWS::Organizations::Policy', { Type: 'SERVICE_CONTROL_POLICY' }), undefined],
])('%s', async (_, resources, option) => {
  expect(await outcomeOf({ ...usual, ...resources })).toEqual(option ? ['inconclusive', option] : ['passed']);
});

it('assumes that resources with another purpose do not change the policy', async () => {
  const template = file('seems.json', { Resources: { ...usual, ...other('Custom::Folders', ofBucket) } });
  const { verdict, notes } = await preflightReport('--inbox-template', template);
  const assumed = notes?.filter(({ kind, detail }) => kind === 'assumed' && detail.includes('Custom::Folders'));
  expect({ verdict, assumed }).toMatchObject({ verdict: 'passed', assumed: [{}] });
});

it('proves nothing about a bucket whose policy a custom resource may write', async () => {
  expect(await outcomeOf({ Inbox: inbox, Key: key, ...other('Custom::Folders', ofBucket) })).toEqual([
    'inconclusive',
    '--bucket-policy',
  ]);
  expect(await outcomeOf({ Inbox: inbox, Key: key })).toEqual(['denied', 'bucket-policy']);
});

it('takes the missing policy from its option', async () => {
  const given = ['--bucket-policy', file('bucket-policy.json', allowed({}))];
  expect(await outcomeOf({ ...usual, ...other('Custom::BucketPolicy', ofBucket) }, ...given)).toEqual(['passed']);
});

it('reads a nested template that is given too', async () => {
  const nested = file('nested.json', { Resources: { Topic: { Type: 'AWS::SNS::Topic' } } });
  const stack = other('AWS::CloudFormation::Stack', { TemplateURL: './nested.json', Parameters: ofBucket });
  expect(await outcomeOf({ ...usual, ...stack }, '--inbox-template', nested)).toEqual(['passed']);
});

it('asks if the account restricts public buckets, if the bucket does not', async () => {
  const publicTo = (RestrictPublicBuckets: boolean) => ({
    ...usual,
    Inbox: { ...inbox, Properties: { ...inbox.Properties, PublicAccessBlockConfiguration: { RestrictPublicBuckets } } },
    Policy: inboxPolicy({ Principal: '*' }),
  });
  expect(await outcomeOf(publicTo(true))).toEqual(['denied', 'block-public-access']);
  expect(await outcomeOf(publicTo(false))).toEqual(['inconclusive', '--restrict-public-buckets']);
  expect(await outcomeOf(publicTo(false), '--restrict-public-buckets', 'no')).toEqual(['passed']);
});
