import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '../../../core/report.ts';
import {
  acmeEvent,
  administrator,
  allow,
  bucketPolicy,
  deliveryRole,
  keyArn,
  keyPolicy,
  policy,
  silentKey,
} from './acme.ts';
import { preflight, preflightReport, testFolder } from './given.ts';
import { useModeledSandbox } from './modeled-sandbox.ts';

useModeledSandbox();

/**
 * Folders with output of the AWS CLI. The formats are those in the AWS CLI's reference:
 * https://docs.aws.amazon.com/cli/latest/reference/
 */
const { folder: root, file } = testFolder('answers');

const elsewhere = policy(allow(deliveryRole, 's3:PutObject', 'arn:aws:s3:::acme-inbox/other/*'));
const text = (value: unknown) => JSON.stringify(value);

type Files = Readonly<Record<string, string | object>>;
let folders = 0;

function folderOf(files: Files): string {
  folders += 1;
  for (const [name, content] of Object.entries({ 'event.json': acmeEvent(), ...files })) {
    file(`${folders}/${name}`, content);
  }
  return join(root, String(folders));
}

const reportOf = (files: Files) => preflightReport(folderOf(files));

const layersIn = ({ diagnoses }: Report) => diagnoses.map(({ denial }) => denial.layer);

const wrappings: Readonly<Record<string, (bucket: object, key: object) => Files>> = {
  'get-bucket-policy and get-key-policy': (bucket, key) => ({
    'bucket.json': { Policy: text(bucket) },
    'key.json': { Policy: JSON.stringify(key, null, 2), PolicyName: 'default' },
  }),
  '--output yaml': (bucket, key) => ({
    'bucket.yaml': `Policy: '${text(bucket)}'\n`,
    'key.yaml': `Policy: '${text(key)}'\nPolicyName: default\n`,
  }),
  '--query Policy': (bucket, key) => ({ 'bucket.json': text(text(bucket)), 'key.json': text(text(key)) }),
  '--output text': (bucket, key) => ({ 'bucket.txt': text(bucket), 'key.json': `${text(key)}\tdefault\n` }),
  'files without an extension, and notes beside them': (bucket, key) => ({
    bucket: text(bucket),
    key: text(key),
    README: 'Statement of the Effect of this Version',
  }),
  'input of put-bucket-policy and put-key-policy': (bucket, key) => ({
    'bucket.json': { Bucket: 'acme-inbox', Policy: text(bucket) },
    'key.json': { KeyId: keyArn, PolicyName: 'default', Policy: text(key) },
  }),
  'policies that somebody took out of the strings': (bucket, key) => ({
    'bucket.json': { Policy: bucket },
    'key.json': { KeyPolicy: key },
  }),
  'a list of both': (bucket, key) => ({ 'policies.json': [bucket, key] }),
  'get-template': (bucket, key) => ({
    'template.json': {
      TemplateBody: `Resources:
  Inbox: { Type: AWS::S3::Bucket, Properties: { BucketName: acme-inbox } }
  InboxPolicy: { Type: AWS::S3::BucketPolicy, Properties: { Bucket: !Ref Inbox, PolicyDocument: ${text(bucket)} } }
`,
      StagesAvailable: ['Original', 'Processed'],
    },
    'key.json': key,
  }),
};

describe.each(Object.entries(wrappings))('%s', (name, filesOf) => {
  it('is read for the policies in it, right and wrong ones', async () => {
    expect((await reportOf(filesOf(bucketPolicy, keyPolicy))).verdict).toBe('passed');
    expect(layersIn(await reportOf(filesOf(elsewhere, keyPolicy)))).toEqual(['bucket-policy']);
    const silent = await reportOf(filesOf(bucketPolicy, silentKey));
    // A key that the template doesn't create may have grants.
    expect(silent.verdict).toBe(name === 'get-template' ? 'inconclusive' : 'denied');
  });

  it('is fixed as separate documents, which pass together', async () => {
    const to = join(root, `fixed-${folders}`);
    await preflight(folderOf(filesOf(elsewhere, name === 'get-template' ? keyPolicy : silentKey)), '--fix', to);
    expect(readdirSync(to).filter((name) => name.includes('#'))).toEqual([]);
    expect((await preflight(to)).status).toBe(0);
  });
});

it('reads an answer that is given by its option', async () => {
  const folder = folderOf({ 'b.json': { Policy: text(elsewhere) } });
  const given = ['--event', join(folder, 'event.json'), '--bucket-policy', join(folder, 'b.json')];
  expect((await preflight(...given)).status).toBe(1);
});

const others = { 'bucket-policy.json': bucketPolicy, 'key-policy.json': keyPolicy };
const described = (Type: string, content: object, AwsManaged = false) => ({
  Policy: { PolicySummary: { Id: 'p-1', Name: 'region', Type, AwsManaged }, Content: text(content) },
});
const otherRegion = {
  Effect: 'Deny',
  Action: 's3:PutObject',
  Resource: '*',
  Condition: { StringNotEquals: { 'aws:RequestedRegion': 'eu-west-1' } },
};
const endpoints = (ServiceName: string) => ({
  VpcEndpoints: [{ ServiceName, PolicyDocument: text(policy({ ...otherRegion, Effect: 'Allow', Principal: '*' })) }],
});

it.each<readonly [string, object, string | undefined]>([
  ['describe-policy of an SCP', described('SERVICE_CONTROL_POLICY', policy(otherRegion)), 'service-control-policy'],
  [
    'describe-policy of an RCP',
    described('RESOURCE_CONTROL_POLICY', policy({ ...otherRegion, Principal: '*' })),
    'resource-control-policy',
  ],
  [
    "AWS's own SCP",
    described('SERVICE_CONTROL_POLICY', policy({ Effect: 'Allow', Action: '*', Resource: '*' }), true),
    undefined,
  ],
  ['a tag policy', described('TAG_POLICY', { tags: {} }), undefined],
  ['describe-vpc-endpoints', endpoints('com.amazonaws.us-east-1.s3'), 'vpc-endpoint-policy'],
  ['describe-vpc-endpoints of another service', endpoints('com.amazonaws.us-east-1.sqs'), undefined],
  ['get-role-policy', { RoleName: 'admin', PolicyName: 'p', PolicyDocument: policy(otherRegion) }, undefined],
  ['get-policy-version', { PolicyVersion: { Document: policy(otherRegion), VersionId: 'v1' } }, undefined],
])('%s', async (_, answer, layer) => {
  const layers = layersIn(await reportOf({ ...others, 'answer.json': answer }));
  expect(layers.filter((one) => one !== layer)).toEqual([]);
  if (layer !== undefined) expect(layers).toContain(layer);
});

it.each([
  ['an RCP of the organization', 'RESOURCE_CONTROL_POLICY', false, 2],
  ["AWS's own RCP", 'RESOURCE_CONTROL_POLICY', true, 0],
  ['an SCP, which applies to no delivery', 'SERVICE_CONTROL_POLICY', false, 0],
])('list-policies with %s', async (_, Type, AwsManaged, status) => {
  const Policies = [{ Id: 'p-1', Name: 'perimeter', Type, AwsManaged }];
  const named = await preflight(folderOf({ ...others, 'list.json': { Policies } }));
  expect(named.status).toBe(status);
  if (status !== 0) expect(named.stderr).toMatch(/list\.json: .*perimeter.*describe-policy/);
});

const metadata = (fields: object) => ({
  KeyMetadata: { Arn: keyArn, KeyState: 'Enabled', KeySpec: 'SYMMETRIC_DEFAULT', KeyManager: 'CUSTOMER', ...fields },
});
const blocked = (RestrictPublicBuckets: boolean) => ({ PublicAccessBlockConfiguration: { RestrictPublicBuckets } });

describe('settings', () => {
  it.each<readonly [string, object, string | undefined]>([
    ['describe-key', metadata({}), undefined],
    ['describe-key, disabled', metadata({ KeyState: 'Disabled' }), 'key-state'],
    ['describe-key, to be deleted', metadata({ KeyState: 'PendingDeletion' }).KeyMetadata, 'key-state'],
    ['describe-key, of RSA', metadata({ KeySpec: 'RSA_2048' }), 'key-state'],
    ['describe-key of another key', metadata({ Arn: keyArn.replace('1111', '9999'), KeyState: 'Disabled' }), undefined],
    ['get-bucket-location', { LocationConstraint: 'eu-west-1' }, 'region'],
    ['get-bucket-location of us-east-1', { LocationConstraint: null }, undefined],
    ['what is no answer of get-bucket-location', { LocationConstraint: {} }, undefined],
    ['get-bucket-policy-status', { PolicyStatus: { IsPublic: false } }, undefined],
    ['get-bucket-versioning', { Status: 'Enabled' }, undefined],
    ['get-public-access-block', blocked(true), undefined],
  ])('%s', async (_, answer, layer) => {
    expect([...new Set(layersIn(await reportOf({ ...others, 'answer.json': answer })))]).toEqual(layer ? [layer] : []);
  });

  it('of another key are listed as not used', async () => {
    const other = metadata({ Arn: keyArn.replace('1111', '9999'), KeyState: 'Disabled' });
    const { stdout } = await preflight(folderOf({ ...others, 'other.json': other }));
    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(/other\.json not used: .*9999/);
  });

  it('are grants, if the key policy allows nothing', async () => {
    const Grants = [{ KeyId: keyArn, GranteePrincipal: deliveryRole, Operations: ['GenerateDataKey', 'Decrypt'] }];
    const files = { 'bucket-policy.json': bucketPolicy, 'key-policy.json': silentKey };
    expect((await reportOf({ ...files, 'grants.json': { Grants } })).verdict).toBe('passed');
    expect((await reportOf(files)).verdict).toBe('denied');
  });

  it('are not the grants of another key', async () => {
    const other = {
      GranteePrincipal: deliveryRole,
      Operations: ['GenerateDataKey', 'Decrypt'],
      KeyId: `${keyArn.slice(0, -4)}9999`,
    };
    const Grants = [null, { ...other, Operations: ['Encrypt'], KeyId: keyArn }, other];
    const files = { 'bucket-policy.json': bucketPolicy, 'key-policy.json': silentKey };
    expect((await reportOf({ ...files, 'grants.json': { Grants } })).verdict).toBe('denied');
  });

  it('show if there is a Bucket Key, on which a condition of the key policy depends', async () => {
    const Condition = {
      StringLike: { 'kms:EncryptionContext:aws:s3:arn': ['arn:aws:s3:::acme-inbox/*', '*internal*'] },
    };
    const ofObjects = policy(administrator, { ...keyPolicy.Statement[1], Condition });
    const files = { 'bucket-policy.json': bucketPolicy, 'key-policy.json': ofObjects };
    const encryption = (BucketKeyEnabled: boolean) => ({
      ServerSideEncryptionConfiguration: {
        Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' }, BucketKeyEnabled }],
      },
    });
    expect((await reportOf(files)).verdict).toBe('inconclusive');
    expect((await reportOf({ ...files, 'e.json': encryption(false) })).verdict).toBe('passed');
    expect((await reportOf({ ...files, 'e.json': encryption(true) })).verdict).toBe('denied');
  });

  it("show if public policies are restricted, if the bucket's setting is on", async () => {
    const files = { ...others, 'bucket-policy.json': policy({ ...bucketPolicy.Statement[0], Principal: '*' }) };
    expect((await reportOf({ ...files, 'b.json': blocked(true) })).verdict).toBe('denied');
    expect((await reportOf({ ...files, 'b.json': blocked(false) })).verdict).toBe('inconclusive');
  });

  it('are combined for a bucket and its account, and rejected if two contradict each other', async () => {
    const files = { ...others, 'bucket-policy.json': policy({ ...bucketPolicy.Statement[0], Principal: '*' }) };
    expect((await reportOf({ ...files, 'a.json': blocked(true), 'b.json': blocked(false) })).verdict).toBe('denied');
    const owned = (ObjectOwnership: string) => ({ OwnershipControls: { Rules: [{ ObjectOwnership }] } });
    const different = { 'a.json': owned('BucketOwnerEnforced'), 'b.json': owned('ObjectWriter') };
    const { status, stderr } = await preflight(folderOf({ ...others, ...different }));
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: expect.stringMatching(/a\.json and .*b\.json say different/),
    });
  });

  const publicAccess = (value: unknown) => ({ PublicAccessBlockConfiguration: value });
  const grantWith = (Constraints: object) => ({
    Grants: [
      { KeyId: keyArn, GranteePrincipal: deliveryRole, Operations: ['GenerateDataKey', 'Decrypt'], Constraints },
    ],
  });
  it.each<readonly [string, object, RegExp]>([
    ['a kind of key', metadata({ KeySpec: 'QUBIT_1' }), /KeySpec is "QUBIT_1"/],
    ['a constraint of a grant', grantWith({ SourceArn: 'arn:aws:s3:::acme-inbox' }), /Constraints is \{"SourceArn"/],
    ['a text for a switch', publicAccess({ RestrictPublicBuckets: 'no' }), /RestrictPublicBuckets is "no"/],
    ['nothing', publicAccess(null), /PublicAccessBlockConfiguration is null/],
    ['a number', { OwnershipControls: { Rules: [{ ObjectOwnership: 7 }] } }, /ObjectOwnership is 7/],
  ])('are rejected if their meaning is unknown: %s', async (_, answer, problem) => {
    const { status, stderr } = await preflight(folderOf({ ...others, 'answer.json': answer }));
    expect(status).toBe(2);
    expect(stderr).toMatch(problem);
  });

  it("are those of the documents' key, if there is no event", async () => {
    const files = {
      ...others,
      'a.json': metadata({}),
      'b.json': metadata({ Arn: `${keyArn.slice(0, -4)}9999`, KeyState: 'Disabled' }),
    };
    const folder = folderOf(files);
    rmSync(join(folder, 'event.json'));
    expect(layersIn(await preflightReport(folder))).toEqual([]);
  });

  it('determine the key if no event does', async () => {
    const folder = folderOf({ ...others, 'key.json': metadata({}) });
    rmSync(join(folder, 'event.json'));
    expect((await preflightReport(folder)).notes).toContainEqual({
      kind: 'assumed',
      detail: `key: ${keyArn} (${join(folder, 'key.json')})`,
    });
  });
});

it.each<readonly [string, string | object, RegExp]>([
  ['bucket-policy.json', { version: '2012-10-17', statement: [] }, /give that policy alone/],
  ['export.json', { policies: { inbox: bucketPolicy } }, /give that policy alone/],
  ['bucket-policy.txt', 'An error occurred (AccessDenied) when calling the GetBucketPolicy operation', /an error/],
  ['statements.json', bucketPolicy.Statement, /give that policy alone/],
  ['bucket-policy.json', '\n', /is empty/],
  ['get-bucket-policy.txt', '', /is empty/],
  ['our_bucket_policy.json', '', /is empty/],
  ['get-bucket-policy.json', 'null', /give that policy alone/],
  [
    'changes.json',
    { ChangeSetName: 'inbox', Changes: [{ ResourceChange: { ResourceType: 'AWS::S3::BucketPolicy' } }] },
    /change set/,
  ],
  ['bucket-policy.json', `// ours\n${text(bucketPolicy)}`, /a comment/],
  ['bucket-policy.json', `${text(bucketPolicy).slice(0, -1)},}`, /behind a comma/],
])('a folder whose %s cannot be read does not pass with the shipped policy instead', async (name, content, why) => {
  const { status, stdout, stderr } = await preflight(folderOf({ [name]: content, 'key-policy.json': keyPolicy }));
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(why);
});

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketPolicy.html */
describe('the answer that there is no bucket policy', () => {
  const error =
    '\nAn error occurred (NoSuchBucketPolicy) when calling the GetBucketPolicy operation: The bucket policy does not exist\n';

  it.each<readonly [string, string | object]>([
    ['bucket-policy.json', error],
    ['policy.txt', `$ aws s3api get-bucket-policy --bucket acme-inbox\n${error}`],
    ['bucket-policy', `aws: [ERROR]: ${error.trim()}`],
    ['answer.out', error],
    ['answer.xml', '<Error><Code>NoSuchBucketPolicy</Code><BucketName>acme-inbox</BucketName></Error>'],
    ['answer.json', { Error: { Code: 'NoSuchBucketPolicy', Message: 'The bucket policy does not exist' } }],
  ])('denies a delivery, in %s', async (name, content) => {
    const { diagnoses, notes } = await reportOf({ [name]: content, 'key-policy.json': keyPolicy });
    expect(diagnoses).toMatchObject([{ denial: { layer: 'bucket-policy', effect: 'implicit' }, confidence: 'proven' }]);
    expect(notes?.filter(({ kind }) => kind === 'assumed')).toEqual([]);
  });

  it('may be given by the option of the policy', async () => {
    const folder = folderOf({ 'answer.txt': error });
    const given = ['--event', join(folder, 'event.json'), '--bucket-policy', join(folder, 'answer.txt')];
    expect(layersIn(await preflightReport(...given))).toEqual(['bucket-policy']);
  });

  it('is rejected next to a bucket policy', async () => {
    const { status, stderr } = await preflight(folderOf({ ...others, 'answer.txt': error }));
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringMatching(/bucket-policy\.json is one/) });
  });
});

it.each<readonly [string, object, RegExp]>([
  ['one page of the grants', { Grants: [], Truncated: true, NextMarker: 'a' }, /only some of the grants/],
  [
    'a key that AWS manages',
    { KeyMetadata: { Arn: keyArn, KeyState: 'Enabled', KeySpec: 'SYMMETRIC_DEFAULT', KeyManager: 'AWS' } },
    /customer managed key/,
  ],
])('does not evaluate %s', async (_, answer, why) => {
  const { status, stderr } = await preflight(folderOf({ ...others, 'answer.json': answer }));
  expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringMatching(why) });
});

it('says that a statement is about another key, until a fix adds this one', async () => {
  const other = { ...keyPolicy.Statement[1], Resource: keyArn.replace('1111', '9999') };
  const folder = folderOf({ 'bucket-policy.json': bucketPolicy, 'key-policy.json': policy(administrator, other) });
  const fixed = join(root, 'of-another-key');
  const { verdict, notes } = await preflightReport(folder, '--fix', fixed);
  const contradiction = notes?.filter(({ kind }) => kind === 'contradiction').map(({ detail }) => detail);
  expect({ verdict, contradiction }).toEqual({ verdict: 'denied', contradiction: [expect.stringContaining('9999')] });
  expect((await preflight(fixed)).status).toBe(0);
});

describe('a document that is given by an option, with a folder,', () => {
  const silent = policy({ ...bucketPolicy.Statement[0], Action: 's3:GetObject' });

  it("replaces the folder's policies", async () => {
    const folder = folderOf({ 'old.json': silent, 'new.json': bucketPolicy, 'key-policy.json': keyPolicy });
    expect((await preflight(folder)).stderr).toContain('--bucket-policy');
    const { status, stdout } = await preflight(folder, '--bucket-policy', join(folder, 'new.json'));
    expect(status).toBe(0);
    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(/old\.json not used: /);
  });

  it('replaces a policy in code of the folder', async () => {
    const code = 'resource "aws_s3_bucket_policy" "a" {}\nresource "aws_kms_key" "a" {}\n';
    const given = folderOf(others);
    const options = ['bucket-policy', 'key-policy'].flatMap((name) => [`--${name}`, join(given, `${name}.json`)]);
    expect((await preflight(folderOf({ 'main.tf': code }), ...options)).status).toBe(0);
  });

  it("is the event for the folder's documents", async () => {
    const folder = folderOf({ 'bucket-policy.json': silent, 'key-policy.json': keyPolicy });
    const event = join(folderOf({}), 'event.json');
    rmSync(join(folder, 'event.json'));
    const { verdict, customer } = await preflightReport(folder, '--event', event);
    expect({ verdict, customer }).toEqual({ verdict: 'denied', customer: 'acme' });
  });
});

describe('parameters next to a template', () => {
  const key = { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: keyPolicy } };
  const templateWith = (Type: string) => ({
    Parameters: { Vendor: { Type } },
    Resources: {
      Inbox: { Type: 'AWS::S3::Bucket', Properties: { BucketName: { 'Fn::Sub': '${AWS::StackName}-inbox' } } },
      Policy: {
        Type: 'AWS::S3::BucketPolicy',
        Properties: {
          Bucket: { Ref: 'Inbox' },
          PolicyDocument: policy({ ...bucketPolicy.Statement[0], Principal: { AWS: { Ref: 'Vendor' } } }),
        },
      },
      Key: key,
    },
  });
  const template = templateWith('String');
  const pair = { ParameterKey: 'Vendor', ParameterValue: deliveryRole };
  const another = [`Vendor=${deliveryRole.replace('1111', '3333')}`];

  it.each<readonly [string, Files, string]>([
    ['of create-stack', { 'p.json': [pair] }, 'passed'],
    ['of deploy', { 'p.json': [`Vendor=${deliveryRole}`, 'NotOfThisTemplate=1'] }, 'passed'],
    ['of CodePipeline', { 'p.json': { Parameters: { Vendor: deliveryRole }, Tags: {} } }, 'passed'],
    ['of describe-stacks', { 'p.json': { Stacks: [{ StackName: 'acme', Parameters: [pair] }] } }, 'passed'],
    ['with another value', { 'p.json': another }, 'denied'],
    [
      'that are names in Parameter Store',
      { 'p.json': ['Vendor=/vendor'], 't.json': templateWith('AWS::SSM::Parameter::Value<String>') },
      'inconclusive',
    ],
    ['that are not there', {}, 'inconclusive'],
  ])('%s', async (_, files, verdict) => {
    expect((await reportOf({ 't.json': template, ...files })).verdict).toBe(verdict);
  });

  it('are overridden by those of an option, and rejected if two files differ', async () => {
    const folder = folderOf({ 't.json': template, 'p.json': another });
    const given = await preflightReport(folder, '--parameter', `Vendor=${deliveryRole}`);
    expect(given.verdict).toBe('passed');
    const { status, stderr } = await preflight(folderOf({ 't.json': template, 'a.json': another, 'b.json': [pair] }));
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: expect.stringMatching(/a\.json.*b\.json|b\.json.*a\.json/s),
    });
  });
});
