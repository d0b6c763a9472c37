import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Judged, judge } from '../../../model/preflight/judge.ts';
import type { DocumentToJudge, JudgeRequest } from '../../../model/preflight/judged-documents.ts';
import { slots } from '../../../model/preflight/slots.ts';
import type { StackTemplates } from '../../../model/world/scenario.ts';
import { assembly } from '../../../sandbox/assembly.ts';
import { templatesOf } from '../../../sandbox/scenario-files.ts';

const fixtures = join(import.meta.dirname, '../../fixtures/preflight');
let templates: StackTemplates;

beforeAll(async () => {
  templates = templatesOf(await assembly());
});

function judged(documents: readonly DocumentToJudge[], more: Partial<JudgeRequest> = {}): Promise<Judged> {
  return judge({ documents, told: {}, deployment: {}, templates, ...more });
}

function folder(name: string): readonly DocumentToJudge[] {
  return readdirSync(join(fixtures, name)).map((file) => {
    return { id: file, name: file, text: readFileSync(join(fixtures, name, file), 'utf8') };
  });
}

const bucketPolicy = (...statements: readonly object[]) =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements });
const allowed = {
  Effect: 'Allow',
  Principal: { AWS: 'arn:aws:iam::111111111111:role/secure-inbox-delivery' },
  Action: 's3:PutObject',
  Resource: 'arn:aws:s3:::acme-inbox/reports/*',
};

it('says only what kinds the documents are of where nothing else is asked for', async () => {
  const { recognized, problems, ...rest } = await judged(folder('acme'), { kindsOnly: true });
  expect(recognized.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['customer.inbox.bucketPolicy']));
  expect(problems).toEqual([]);
  expect(rest).toEqual({ kindsOnly: true, places: [], fixes: [], questions: [], parameters: [] });
});

it('judges the shipped templates if there are no documents', async () => {
  const { report, problems, recognized } = await judged([]);
  expect(report).toMatchObject({ verdict: 'passed', diagnoses: [] });
  expect(report?.permissions?.every(({ state }) => state === 'allowed')).toBe(true);
  expect([problems, recognized]).toEqual([[], []]);
});

it.each(['acme', 'globex', 'initech'])('passes with the fixes of %s, applied one after another', async (name) => {
  let documents = folder(name);
  let found = await judged(documents);
  expect(found.report?.verdict).not.toBe('passed');
  expect(found.places.filter(({ document, line }) => document && line)).not.toEqual([]);
  for (let round = 0; round < 10 && found.fixes.length > 0; round++) {
    const [fix] = found.fixes;
    expect(documents.find(({ id }) => id === fix?.document)?.text).toBe(fix?.before);
    documents = documents.map((one) => (one.id === fix?.document ? { ...one, text: fix.after } : one));
    found = await judged(documents);
  }
  expect(found).toMatchObject({ report: { verdict: 'passed' }, fixes: [], problems: [] });
});

it("keeps a statement for a role out of the customer's template, whichever policy of the role lacks it", async () => {
  const sideBySide = join(import.meta.dirname, '../../fixtures/templates/side-by-side');
  const ofRole = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Deny', Action: 'logs:PutLogEvents', Resource: '*' }],
  });
  const { report } = await judged([
    ...['bucket.yaml', 'key.yaml'].map((name) => ({
      id: name,
      name,
      text: readFileSync(join(sideBySide, name), 'utf8'),
    })),
    ...['one.json', 'two.json'].map((name) => ({ id: name, name, text: ofRole, as: 'service.deliveryRole.policies' })),
  ]);
  const remedies = (report?.diagnoses ?? []).flatMap(({ remedy }) => (remedy?.statement ? [remedy] : []));
  const ofRoles = remedies.filter(({ document }) => document === 'identity-policy');
  expect(ofRoles).not.toEqual([]);
  for (const { instruction } of ofRoles) expect(instruction).not.toMatch(/\.yaml/);
});

it.each([undefined, 'customer.inbox.bucketPolicy'])(
  'accepts the answer that there is no bucket policy, as %s',
  async (as) => {
    const text =
      'An error occurred (NoSuchBucketPolicy) when calling the GetBucketPolicy operation: The bucket policy does not exist';
    const { report, recognized, problems } = await judged([
      { id: 'a', name: 'bucket-policy.json', text, ...(as && { as }) },
    ]);
    expect(problems).toEqual([]);
    expect(recognized).toMatchObject([{ id: 'a', used: true }]);
    expect(report?.diagnoses.map(({ denial }) => denial.layer)).toEqual(['bucket-policy']);
  },
);

it('says what each document was recognized as', async () => {
  const { recognized } = await judged([
    { id: 'a', name: 'one.json', text: bucketPolicy(allowed) },
    { id: 'b', name: 'one.json', text: ' \n' },
    {
      id: 'c',
      name: 'deny.json',
      text: bucketPolicy({ Effect: 'Deny', Action: 's3:*', Resource: '*' }),
      as: 'service.serviceControlPolicies',
    },
    { id: 'd', name: 'notes.txt', text: 'not: ours' },
  ]);
  expect(recognized).toMatchObject([
    { id: 'a', kind: 'customer.inbox.bucketPolicy', used: true },
    { id: 'b', used: false },
    { id: 'c', kind: 'service.serviceControlPolicies', used: true },
    { id: 'd', used: false },
  ]);
});

describe('what is wrong with a document', () => {
  it.each([
    ['no JSON', '{\n  "Statement": [}', 2],
    [
      'no policy that S3 would save',
      '{ "Statement": [{\n"Effect": "Allow",\n"Principal": "*",\n"Action": "PutObject",\n"Resource": "*" }] }',
      4,
    ],
    ['a key twice', '{\n "Statement": [],\n "Statement": [] }', 3],
  ])('has its position: %s', async (_, text, line) => {
    const { report, problems } = await judged([
      { id: 'x', name: 'policy.json', text, as: 'customer.inbox.bucketPolicy' },
    ]);
    expect(report).toBeUndefined();
    expect(problems).toContainEqual(expect.objectContaining({ document: 'x', line }));
  });

  it('is reported for each of them, and the others are still recognized', async () => {
    const { problems, recognized } = await judged([
      { id: 'a', name: 'a.json', text: '{', as: 'customer.inbox.bucketPolicy' },
      { id: 'b', name: 'b.yaml', text: 'Resources: [', as: 'template' },
      { id: 'c', name: 'c.json', text: bucketPolicy({ ...allowed, Action: 'kms:Decrypt', Resource: '*' }) },
      { id: 'e', name: 'e.json', text: '{"customer": "acme", "inbox": {}}' },
    ]);
    expect(problems.map(({ document }) => document)).toEqual(['a', 'b']);
    expect(recognized.map(({ used }) => used)).toEqual([false, false, true, true]);
  });

  it('is reported for an event by its fields', async () => {
    const text = '{\n "customer": "acme",\n "inbox": {\n  "region": "mars" }\n}';
    const { report, problems } = await judged([{ id: 'e', name: 'event.json', text }]);
    expect(report).toBeUndefined();
    expect(problems).toContainEqual(expect.objectContaining({ document: 'e', line: 4 }));
  });

  it('is reported for answers', async () => {
    const { problems } = await judged([], { told: { sourceIp: 'nowhere' } });
    expect(problems).toMatchObject([{ field: 'sourceIp', message: expect.stringContaining('nowhere') }]);
  });
});

describe('messages for users without a command line', () => {
  const deny = (Condition: object) => bucketPolicy(allowed, { ...allowed, Effect: 'Deny', Principal: '*', Condition });
  const template = (Resources: object) => JSON.stringify({ Parameters: { Prefix: { Type: 'String' } }, Resources });
  const bucket = (name: unknown) => ({ Type: 'AWS::S3::Bucket', Properties: { BucketName: name } });
  const doubtful = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Deny', Action: '*', Resource: '*' }],
  });
  const options = new RegExp(
    `--(?:${[...Object.values(slots).map(({ option }) => option), 'source-ip', 'vpc', 'service-org', 'customer-org', 'event', 'scenario', 'inbox-template', 'parameter', 'stack-name', 'import', 'restrict', 'scp-'].join('|')})`,
  );

  const asBucketPolicy = { as: 'customer.inbox.bucketPolicy' };
  const one = (text: string, more = {}): readonly DocumentToJudge[] => [{ id: 'x', name: 'x.json', text, ...more }];

  it.each<readonly [string, readonly DocumentToJudge[]]>([
    ['a network', one(deny({ NotIpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }))],
    ['tags', one(deny({ StringNotEquals: { 'aws:PrincipalTag/team': 'x' } }))],
    ['two bucket policies', ['a', 'b'].map((id) => ({ id, name: 'x.json', text: bucketPolicy(allowed) }))],
    ['a policy of anything', one(doubtful)],
    ['a template as a policy', one(template({ B: bucket('b') }), asBucketPolicy)],
    ['a key policy as a bucket policy', one(bucketPolicy({ ...allowed, Action: 'kms:Decrypt' }), asBucketPolicy)],
    ['a template without a bucket', one(template({ T: { Type: 'AWS::SNS::Topic' } }))],
    ['a template with several buckets', one(template({ A: bucket('aaa'), B: bucket('bbb') }))],
    ['a parameter without a value', one(template({ A: bucket({ Ref: 'Prefix' }) }))],
    ['a policy that allows', one(doubtful.replace('Deny', 'Allow'), { as: 'service.serviceControlPolicies' })],
  ])('mention no option: %s', async (_, documents) => {
    const { report, problems, questions, recognized } = await judged(documents);
    const notes = (report?.notes ?? []).filter(({ kind }) => kind !== 'unknown');
    expect(problems.length + questions.length + notes.length).toBeGreaterThan(0);
    expect(JSON.stringify({ problems, questions, recognized, notes })).not.toMatch(options);
  });

  it.each<readonly [string, JudgeRequest['told'], readonly string[]]>([
    [
      'values that cannot be',
      { sourceIp: 'x', serviceOrganization: 'y', customerOrganizationPath: 'z' },
      ['sourceIp', 'serviceOrganization', 'customerOrganizationPath'],
    ],
    [
      'two organizations',
      { serviceOrganization: 'o-a1b2c3d4e5', serviceOrganizationPath: 'o-f6g7h8i9j0/r-ab12/' },
      ['serviceOrganizationPath'],
    ],
  ])('mention the fields of answers: %s', async (_, told, fields) => {
    const { problems } = await judged([], { told });
    expect(problems.map(({ field }) => field)).toEqual(fields);
    expect(JSON.stringify(problems)).not.toMatch(options);
  });

  it('reports each document beyond the first, if only one is possible', async () => {
    const { report, problems } = await judged(
      ['a', 'b', 'c'].map((id) => ({ id, name: `${id}.json`, text: bucketPolicy(allowed) })),
    );
    expect(report).toBeUndefined();
    expect(problems.map(({ document }) => document)).toEqual(['b', 'c']);
  });

  it('asks for the document that a template leaves out', async () => {
    const { questions } = await judged([{ id: 'x', name: 'x.json', text: template({ A: bucket('aaa') }) }]);
    expect(questions).toContainEqual(expect.objectContaining({ part: 'customer.key.keyPolicy', fields: [] }));
  });

  it('asks for everything that is unknown', async () => {
    const { report, questions } = await judged([
      { id: 'x', name: 'x.json', text: deny({ StringNotEquals: { 'aws:PrincipalTag/team': 'x' } }) },
    ]);
    expect(report?.verdict).toBe('inconclusive');
    expect(questions).toHaveLength(report?.notes?.filter(({ kind }) => kind === 'unknown').length ?? 0);
    expect(questions).toMatchObject([{ fields: [], document: 'x' }]);
  });
});

describe('an unknown fact', () => {
  const Condition = { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } };
  const documents = [{ id: 'x', name: 'bucket-policy.json', text: bucketPolicy({ ...allowed, Condition }) }];

  it('is asked for, with what would answer it', async () => {
    const { report, questions } = await judged(documents);
    expect(report?.verdict).toBe('inconclusive');
    expect(questions).toMatchObject([{ fields: [{ field: 'serviceOrganization' }], document: 'x', line: 1 }]);
  });

  it.each([
    ['o-a1b2c3d4e5', 'passed'],
    ['o-f6g7h8i9j0', 'denied'],
  ])('decides once it is stated: %s', async (serviceOrganization, verdict) => {
    const { report, questions } = await judged(documents, { told: { serviceOrganization } });
    expect([report?.verdict, questions]).toEqual([verdict, []]);
  });
});

it('accepts policies of the service if everything may be edited', async () => {
  const text = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 's3:PutObject', Resource: '*' }],
  });
  const { report } = await judged([{ id: 'p', name: 'role.json', text, as: 'service.deliveryRole.policies' }]);
  expect(report?.diagnoses.map(({ denial }) => denial.layer)).toContain('identity-policy');
});
