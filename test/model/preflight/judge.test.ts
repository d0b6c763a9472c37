import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Judged, judge } from '../../../model/preflight/judge.ts';
import type { GivenDocument, JudgeRequest } from '../../../model/preflight/judged-documents.ts';
import type { StackTemplates } from '../../../model/world/scenario.ts';
import { assembly } from '../../../sandbox/assembly.ts';
import { templatesOf } from '../../../sandbox/scenario-files.ts';

const fixtures = join(import.meta.dirname, '../../fixtures/preflight');
let templates: StackTemplates;

beforeAll(async () => {
  templates = templatesOf(await assembly());
});

function judged(documents: readonly GivenDocument[], more: Partial<JudgeRequest> = {}): Promise<Judged> {
  return judge({ documents, told: {}, deployment: {}, templates, ...more });
}

function folder(name: string): readonly GivenDocument[] {
  return readdirSync(join(fixtures, name)).map((file) => {
    return { id: file, name: file, text: readFileSync(join(fixtures, name, file), 'utf8') };
  });
}

const bucketPolicy = (statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
const allowed = {
  Effect: 'Allow',
  Principal: { AWS: 'arn:aws:iam::111111111111:role/secure-inbox-delivery' },
  Action: 's3:PutObject',
  Resource: 'arn:aws:s3:::acme-inbox/reports/*',
};

it('judges the shipped templates where there are no documents', async () => {
  const { report, problems, recognized } = await judged([]);
  expect(report).toMatchObject({ verdict: 'passed', diagnoses: [] });
  expect(report?.permissions?.every(({ state }) => state === 'allowed')).toBe(true);
  expect([problems, recognized]).toEqual([[], []]);
});

it.each(['acme', 'globex', 'initech'])('passes with the mends of %s, made one after another', async (name) => {
  let documents = folder(name);
  let found = await judged(documents);
  expect(found.report?.verdict).not.toBe('passed');
  expect(found.places.filter(({ document, line }) => document && line)).not.toEqual([]);
  for (let round = 0; round < 10 && found.mends.length > 0; round++) {
    const [mend] = found.mends;
    expect(documents.find(({ id }) => id === mend?.document)?.text).toBe(mend?.before);
    documents = documents.map((one) => (one.id === mend?.document ? { ...one, text: mend.after } : one));
    found = await judged(documents);
  }
  expect(found).toMatchObject({ report: { verdict: 'passed' }, mends: [], problems: [] });
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

it('says what each document was taken for', async () => {
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
  ])('has its place: %s', async (_, text, line) => {
    const { report, problems } = await judged([
      { id: 'x', name: 'policy.json', text, as: 'customer.inbox.bucketPolicy' },
    ]);
    expect(report).toBeUndefined();
    expect(problems).toContainEqual(expect.objectContaining({ document: 'x', line }));
  });

  it('is said of each of them, and keeps none of the others from being recognized', async () => {
    const { problems, recognized } = await judged([
      { id: 'a', name: 'a.json', text: '{', as: 'customer.inbox.bucketPolicy' },
      { id: 'b', name: 'b.yaml', text: 'Resources: [', as: 'template' },
      { id: 'c', name: 'c.json', text: bucketPolicy({ ...allowed, Action: 'kms:Decrypt', Resource: '*' }) },
      { id: 'e', name: 'e.json', text: '{"customer": "acme", "inbox": {}}' },
    ]);
    expect(problems.map(({ document }) => document)).toEqual(['a', 'b']);
    expect(recognized.map(({ used }) => used)).toEqual([false, false, true, true]);
  });

  it('is said of an event by its fields', async () => {
    const text = '{\n "customer": "acme",\n "inbox": {\n  "region": "mars" }\n}';
    const { report, problems } = await judged([{ id: 'e', name: 'event.json', text }]);
    expect(report).toBeUndefined();
    expect(problems).toContainEqual(expect.objectContaining({ document: 'e', line: 4 }));
  });

  it('is said of answers', async () => {
    const { problems } = await judged([], { told: { sourceIp: 'nowhere' } });
    expect(problems).toMatchObject([{ message: expect.stringContaining('nowhere') }]);
  });
});

describe('what nobody said', () => {
  const Condition = { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } };
  const documents = [{ id: 'x', name: 'bucket-policy.json', text: bucketPolicy({ ...allowed, Condition }) }];

  it('is asked for, with what answers it', async () => {
    const { report, questions } = await judged(documents);
    expect(report?.verdict).toBe('inconclusive');
    expect(questions).toMatchObject([{ field: 'serviceOrganization' }]);
  });

  it.each([
    ['o-a1b2c3d4e5', 'passed'],
    ['o-f6g7h8i9j0', 'denied'],
  ])('decides once it is said: %s', async (serviceOrganization, verdict) => {
    const { report, questions } = await judged(documents, { told: { serviceOrganization } });
    expect([report?.verdict, questions]).toEqual([verdict, []]);
  });
});

it('takes policies of the service where everything may be edited', async () => {
  const text = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 's3:PutObject', Resource: '*' }],
  });
  const { report } = await judged([{ id: 'p', name: 'role.json', text, as: 'service.deliveryRole.policies' }]);
  expect(report?.diagnoses.map(({ denial }) => denial.layer)).toContain('identity-policy');
});
