import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sessionArn } from '../../../core/arn.ts';
import type { Report } from '../../../core/report.ts';
import { policy } from './acme.ts';
import { preflight, preflightReport, testFolder } from './given.ts';
import { useModeledSandbox } from './modeled-sandbox.ts';

useModeledSandbox();

/** The questions of a preflight of documents, and the options that answer them. */

const acme = join(import.meta.dirname, '../../fixtures/preflight/acme/event.json');
const { deliveryRoleArn, inbox } = JSON.parse(readFileSync(acme, 'utf8')) as {
  readonly deliveryRoleArn: string;
  readonly inbox: { readonly bucket: string };
};
const { folder, file } = testFolder('questions');
const policyFile = (...statements: readonly object[]) => file('policy.json', policy(...statements));

const deliver = {
  Sid: 'Deliver',
  Effect: 'Allow',
  Principal: { AWS: deliveryRoleArn },
  Action: 's3:PutObject',
  Resource: `arn:aws:s3:::${inbox.bucket}/*`,
};

const run = (...args: readonly string[]) => preflight('--json', '--event', acme, ...args);
const reportOf = (...args: readonly string[]) => preflightReport('--event', acme, ...args);

function questionsIn({ notes = [] }: Report): readonly string[] {
  return notes.filter(({ kind }) => kind === 'unknown').map(({ detail }) => detail);
}

type Answers = readonly (readonly [options: readonly string[], verdict: string])[];

const endpoint = ['--vpc-endpoint', 'vpce-0a1b2c3d'];
const organization = 'o-a1b2c3d4e5';
const path = `${organization}/r-f6g7/ou-f6g7-h8i9j0k1/`;

const network: readonly (readonly [condition: object, asks: string, Answers])[] = [
  [
    { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } },
    '--source-ip',
    [
      [['--source-ip', '192.0.2.7'], 'passed'],
      [['--source-ip', '198.51.100.7'], 'denied'],
      [endpoint, 'denied'],
    ],
  ],
  [
    { StringEquals: { 'aws:SourceVpce': 'vpce-0a1b2c3d' } },
    '--vpc-endpoint',
    [
      [endpoint, 'passed'],
      [['--vpc-endpoint', 'vpce-0ffffff'], 'denied'],
      [['--source-ip', '192.0.2.7'], 'denied'],
    ],
  ],
  [
    { StringEquals: { 'aws:SourceVpc': 'vpc-0a1b2c3d' } },
    '--vpc',
    [
      [endpoint, 'inconclusive'],
      [['--vpc', 'vpc-0a1b2c3d'], 'passed'],
      [['--source-ip', '192.0.2.7'], 'denied'],
    ],
  ],
  [
    { IpAddress: { 'aws:VpcSourceIp': '10.0.0.0/8' } },
    'aws:VpcSourceIp',
    [
      [endpoint, 'inconclusive'],
      [[...endpoint, '--source-ip', '10.1.2.3'], 'passed'],
      [['--source-ip', '10.1.2.3'], 'denied'],
    ],
  ],
  [
    { StringEquals: { 'aws:PrincipalOrgID': organization } },
    '--service-organization',
    [
      [['--service-organization', organization], 'passed'],
      [['--service-organization', 'o-another'], 'denied'],
      [['--service-organization-path', path], 'passed'],
    ],
  ],
  [
    { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': `${organization}/*/ou-f6g7-h8i9j0k1/*` } },
    '--service-organization-path',
    [
      [['--service-organization', organization], 'inconclusive'],
      [['--service-organization-path', path], 'passed'],
      [['--service-organization-path', `${organization}/r-f6g7/`], 'denied'],
    ],
  ],
];

it.each(network)('a condition on %j asks for %s, and its answers decide', async (Condition, asks, answers) => {
  const bucket = policyFile({ ...deliver, Condition });
  const report = await reportOf('--bucket-policy', bucket);
  expect(report).toMatchObject({ verdict: 'inconclusive', diagnoses: [] });
  expect(questionsIn(report)).toEqual([expect.stringContaining(asks)]);
  const verdicts = [];
  for (const [options] of answers) verdicts.push((await reportOf('--bucket-policy', bucket, ...options)).verdict);
  expect(verdicts).toEqual(answers.map(([, verdict]) => verdict));
});

it('asks at the condition', async () => {
  const bucket = policyFile({ ...deliver, Condition: { IpAddress: { 'AWS:sourceip': '192.0.2.0/24' } } });
  const { notes = [] } = await reportOf('--bucket-policy', bucket);
  const [note] = notes.filter(({ kind }) => kind === 'unknown');
  expect(readFileSync(note?.file ?? '', 'utf8').split('\n')[(note?.line ?? 0) - 1]).toContain('AWS:sourceip');
});

it.each([
  ['aws:PrincipalTag/team', 'tags of the delivery role'],
  ['aws:UserAgent', 'client'],
  ['aws:BrandNew', 'condition keys'],
])('asks about %s, which no option tells', async (key, asks) => {
  const bucket = policyFile({ ...deliver, Condition: { StringEquals: { [key]: 'x' } } });
  const report = await reportOf('--bucket-policy', bucket);
  expect(report.verdict).toBe('inconclusive');
  expect(questionsIn(report)).toEqual([expect.stringContaining(asks)]);
});

it.each([
  'aws:SourceAccount',
  'aws:FederatedProvider',
  's3:object-lock-mode',
  's3:DataAccessPointArn',
  'aws:CalledViaFirst',
])('knows that deliveries never have %s', async (key) => {
  const bucket = policyFile({ ...deliver, Condition: { StringEquals: { [key]: 'x' } } });
  expect(await reportOf('--bucket-policy', bucket)).toMatchObject({
    verdict: 'denied',
    diagnoses: [{ confidence: 'proven', denial: { layer: 'bucket-policy' } }],
  });
});

it('reports a denial if another reason is certain, and still asks', async () => {
  const guard = { ...deliver, Sid: 'Guard', Effect: 'Deny', Principal: '*' };
  const unencrypted = { StringNotEquals: { 's3:x-amz-server-side-encryption': 'AES256' } };
  const elsewhere = { NotIpAddress: { 'aws:SourceIp': '192.0.2.0/24' } };
  const bucket = policyFile(
    deliver,
    { ...guard, Condition: unencrypted },
    { ...guard, Sid: 'Network', Condition: elsewhere },
  );
  expect(await reportOf('--bucket-policy', bucket)).toMatchObject({ verdict: 'denied', diagnoses: [{}] });
});

it.each([
  ['a Deny', [deliver, { ...deliver, Sid: 'Other', Effect: 'Deny' }]],
  ['the only Allow', [deliver]],
])('does not know the account behind a canonical user ID in %s', async (_, statements) => {
  const Principal = { CanonicalUser: '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be' };
  const named = statements.map((one, at) => (at === statements.length - 1 ? { ...one, Principal } : one));
  const report = await reportOf('--bucket-policy', policyFile(...named));
  expect(report).toMatchObject({ verdict: 'inconclusive', diagnoses: [] });
  expect(questionsIn(report)).toEqual([expect.stringContaining('canonical user ID')]);
});

describe('a session of the delivery role by its name', () => {
  const { customer } = JSON.parse(readFileSync(acme, 'utf8')) as { readonly customer: string };
  const ofCheck = sessionArn(deliveryRoleArn, `check-${customer}`);
  const named = (...AWS: readonly string[]) => ({ ...deliver, Principal: { AWS } });
  const account = deliveryRoleArn.replace(/role.*/, 'root');
  const { Principal: _, ...everybody } = deliver;

  it.each<readonly [string, readonly object[], string, number]>([
    ['alone', [named(ofCheck)], 'inconclusive', 1],
    ['beside the role', [named(ofCheck, deliveryRoleArn)], 'passed', 0],
    [
      'in a NotPrincipal',
      [deliver, { ...everybody, Effect: 'Deny', NotPrincipal: { AWS: [ofCheck, deliveryRoleArn, account] } }],
      'inconclusive',
      1,
    ],
    [
      'in a Deny for another one',
      [deliver, { ...named(sessionArn(deliveryRoleArn, 'deliver')), Effect: 'Deny' }],
      'inconclusive',
      1,
    ],
    [
      'in a Deny for a session of another role',
      [deliver, { ...named(sessionArn(`${deliveryRoleArn}-2`, 'x')), Effect: 'Deny' }],
      'passed',
      0,
    ],
  ])('%s', async (_name, statements, verdict, asked) => {
    const report = await reportOf('--bucket-policy', policyFile(...statements));
    expect(report).toMatchObject({ verdict, diagnoses: [] });
    expect(questionsIn(report).filter((detail) => detail.includes(deliveryRoleArn))).toHaveLength(asked);
  });
});

describe('Block Public Access', () => {
  const bucket = () => policyFile({ ...deliver, Principal: '*' });

  it('is asked for if the policy is public', async () => {
    const report = await reportOf('--bucket-policy', bucket());
    expect(report).toMatchObject({ verdict: 'inconclusive', diagnoses: [] });
    expect(questionsIn(report)).toEqual([expect.stringContaining('--restrict-public-buckets')]);
  });

  it.each([
    ['yes', 'denied'],
    ['no', 'passed'],
  ])('%s: %s', async (answer, verdict) => {
    const report = await reportOf('--bucket-policy', bucket(), '--restrict-public-buckets', answer);
    expect(report.verdict).toBe(verdict);
  });
});

describe('a service control policy that lists what is allowed', () => {
  const listed = () => policyFile({ Sid: 'Listed', Effect: 'Allow', Action: ['s3:Get*', 'sts:*'], Resource: '*' });

  it('may replace FullAWSAccess', async () => {
    const report = await reportOf('--service-control-policy', listed());
    expect(report).toMatchObject({ verdict: 'inconclusive', diagnoses: [] });
    expect(questionsIn(report)[0]).toContain('--scp-replaces-full-access');
  });

  it('denies if it does', async () => {
    const report = await reportOf('--service-control-policy', listed(), '--scp-replaces-full-access');
    expect(report.verdict).toBe('denied');
    expect(new Set(report.diagnoses.map(({ denial: { layer } }) => layer))).toEqual(
      new Set(['service-control-policy']),
    );
  });

  it.each<readonly [string, readonly (readonly string[])[], string]>([
    ['beside one that allows something else', [['s3:*', 'kms:*', 'sts:*'], ['ec2:*']], 'inconclusive'],
    ['beside one that allows the rest', [['s3:*', 'sts:*'], ['kms:*']], 'inconclusive'],
    ['beside one that allows as much', [['s3:*', 'kms:*', 'sts:*'], ['*']], 'passed'],
  ])('%s may be attached at another level', async (_, lists, verdict) => {
    const allowing = lists.map((Action, at) =>
      file(`level-${at}.json`, policy({ Effect: 'Allow', Action, Resource: '*' })),
    );
    for (const flags of [[], ['--scp-replaces-full-access']]) {
      const options = allowing.flatMap((one) => ['--service-control-policy', one]);
      const { verdict: found, diagnoses } = await reportOf(...options, ...flags);
      expect({ found, diagnoses }).toEqual({ found: verdict, diagnoses: [] });
    }
  });

  it('that only denies needs no answer', async () => {
    const other = policyFile({ Effect: 'Deny', Action: 'ec2:*', Resource: '*' });
    expect(await reportOf('--service-control-policy', other)).toMatchObject({ verdict: 'passed' });
  });
});

it.each([
  [['--source-ip', 'banana'], '--source-ip "banana"'],
  [['--source-ip', '192.0.2.0/24'], 'an IPv4 or IPv6 address'],
  [['--vpc-endpoint', 'vpc-1'], 'vpce-0a1b2c3d'],
  [['--vpc', 'x'], '--vpc "x"'],
  [['--service-organization', 'acme'], '--service-organization "acme"'],
  [['--customer-organization-path', 'o-x/ou-1'], '--customer-organization-path'],
  [['--service-organization', 'o-one', '--service-organization-path', 'o-two/r-1/'], 'two organizations'],
  [['--restrict-public-buckets', 'maybe'], 'Allowed choices are yes, no'],
])('refuses %j', async (options, says) => {
  const { status, stdout, stderr } = await run(...options);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain(says);
});

describe('a Deny that depends on an unknown fact, behind a fault', () => {
  const open = (Condition: object) => ({
    Sid: 'Open',
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: [`arn:aws:s3:::${inbox.bucket}/*`],
    Condition,
  });

  it('is noted next to it and not changed, and no fix of the fault is called verified', async () => {
    const bucket = policyFile(open({ NotIpAddress: { 'aws:SourceIp': '192.0.2.0/24' } }));
    const fixed = join(folder, 'open-deny');
    const report = await reportOf('--bucket-policy', bucket, '--fix', fixed);
    expect(report.diagnoses.map(({ denial, remedy }) => [denial.effect, remedy?.verified])).toEqual([
      ['implicit', undefined],
    ]);
    expect(questionsIn(report)).toEqual([expect.stringContaining('--source-ip')]);
    const again = await reportOf('--bucket-policy', join(fixed, 'policy.json'));
    expect([again.verdict, questionsIn(again).length]).toEqual(['inconclusive', 1]);
    const answered = await reportOf('--bucket-policy', bucket, '--source-ip', '192.0.2.7');
    expect(answered.diagnoses.map(({ remedy }) => remedy?.verified)).toEqual([true]);
  });

  it('proves nothing if two values of a template decide together', async () => {
    const deny = (key: string, parameter: string) =>
      `{ Effect: Deny, Principal: '*', Action: 's3:PutObject', Resource: !Sub '\${Inbox.Arn}/*', Condition: { StringNotEquals: { '${key}': !Ref ${parameter} } } }`;
    const template = file(
      'two.yaml',
      `Parameters: { AllowedKey: { Type: String }, Vendor: { Type: String } }
Resources:
  Inbox: { Type: AWS::S3::Bucket, Properties: { BucketName: ${inbox.bucket} } }
  InboxPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Inbox
      PolicyDocument:
        Statement:
          - ${deny('s3:x-amz-server-side-encryption-aws-kms-key-id', 'AllowedKey')}
          - ${deny('aws:PrincipalAccount', 'Vendor')}
`,
    );
    const fixed = join(folder, 'two-fixed');
    const report = await reportOf('--inbox-template', template, '--fix', fixed);
    expect(report.diagnoses.map(({ denial }) => denial.effect)).toEqual(['implicit']);
    expect(questionsIn(report).join()).toMatch(/AllowedKey.*Vendor/);
    const before = readFileSync(template, 'utf8').split('\n');
    const after = readFileSync(join(fixed, 'two.yaml'), 'utf8').split('\n');
    expect(before.filter((line) => !after.includes(line))).toEqual([]);
  });
});
