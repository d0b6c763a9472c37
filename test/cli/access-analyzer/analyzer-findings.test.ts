import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { accessAnalyzerFindings } from '../../../cli/access-analyzer/analyzer-findings.ts';
import { renderAnalyzerFindings } from '../../../cli/views/terminal/access-analyzer.ts';
import { pageFor } from '../../../cli/views/terminal/page.ts';
import { policyFileOf } from '../../../model/text/read-policy-file.ts';
import { masked } from '../../masked.ts';
import { type FakeAnalyzer, fakeAnalyzer } from './fake-analyzer.ts';

const published = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../fixtures/access-analyzer/cognito-trust-policy.json'), 'utf8'),
) as { readonly policy: object; readonly findings: readonly object[] };

const environment = { ...process.env };
let analyzer: FakeAnalyzer;
beforeAll(async () => {
  process.env = { ...environment, AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' };
  analyzer = await fakeAnalyzer();
});
afterEach(() => {
  analyzer.asked.length = 0;
  analyzer.answer = () => ({ body: { findings: [] } });
});
afterAll(async () => {
  process.env = environment;
  await analyzer.stop();
});

const ask = (files: Parameters<typeof accessAnalyzerFindings>[0]) =>
  accessAnalyzerFindings(files, { endpoint: analyzer.url, region: 'us-east-1' });

/** Formatted differently from what is sent. */
const trust = policyFileOf(JSON.stringify(published.policy, null, 1), 'trust.json', 'role-trust-policy');
const bucket = policyFileOf(
  'Version: "2012-10-17"\nStatement:\n  - { Sid: One, Effect: Allow, Principal: "*", Action: s3:PutObject, Resource: arn:aws:s3:::b/* }\n',
  'bucket.yaml',
  'bucket-policy',
);

test('each finding has its position in the file and its statement', async () => {
  analyzer.answer = () => ({ body: { findings: published.findings } });
  const [suggestion, error, ...others] = await ask([trust]);
  expect(others).toEqual([]);
  expect(suggestion).toMatchObject({ type: 'SUGGESTION', issueCode: 'EMPTY_SID_VALUE', policy: trust });
  expect(suggestion?.places).toEqual([
    { path: ['Statement', 0, 'Sid'], statement: { index: 0 }, position: placeOf('""') },
  ]);
  expect(error).toMatchObject({
    type: 'ERROR',
    text: expect.stringMatching(/^The sts:AssumeRole action is invalid/),
    learnMoreLink: expect.stringMatching(/^https:/),
  });
  expect(error?.places.map(({ position }) => position)).toEqual([
    placeOf('"sts:AssumeRole"'),
    placeOf('"cognito-identity.amazonaws.com"'),
  ]);
});

function placeOf(text: string): object {
  const before = trust.text.slice(0, trust.text.indexOf(text)).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

test.each([
  ['identity-policy', 'IDENTITY_POLICY', undefined],
  ['permissions-boundary', 'IDENTITY_POLICY', undefined],
  ['service-control-policy', 'SERVICE_CONTROL_POLICY', undefined],
  ['resource-control-policy', 'RESOURCE_CONTROL_POLICY', undefined],
  ['role-trust-policy', 'RESOURCE_POLICY', 'AWS::IAM::AssumeRolePolicyDocument'],
  ['bucket-policy', 'RESOURCE_POLICY', 'AWS::S3::Bucket'],
  ['key-policy', 'RESOURCE_POLICY', undefined],
  ['vpc-endpoint-policy', 'RESOURCE_POLICY', undefined],
] as const)('a %s is sent as %s %s', async (kind, policyType, resourceType) => {
  await ask([{ ...bucket, kind }]);
  const [asked] = analyzer.asked;
  expect(asked).toMatchObject({ policyType });
  expect(asked?.validatePolicyResourceType).toBe(resourceType);
  expect(JSON.parse(asked?.policyDocument ?? '')).toEqual(bucket.document);
});

test('all pages of all policies are read', async () => {
  const finding = (issueCode: string) => ({ ...published.findings[0], issueCode });
  analyzer.answer = ({ nextToken }) =>
    nextToken === null
      ? { body: { findings: [finding('FIRST')], nextToken: 'more' } }
      : { body: { findings: [finding('SECOND')] } };
  const found = await ask([bucket, trust]);
  expect(found.map(({ issueCode, policy }) => [issueCode, policy.file])).toEqual([
    ['FIRST', 'bucket.yaml'],
    ['SECOND', 'bucket.yaml'],
    ['FIRST', 'trust.json'],
    ['SECOND', 'trust.json'],
  ]);
});

test('a finding about the whole policy is at the start of the policy', async () => {
  analyzer.answer = () => ({ body: { findings: [{ ...published.findings[0], locations: [] }] } });
  const [finding] = await ask([bucket]);
  expect(finding?.places).toEqual([{ path: [], position: { line: 1, column: 1 } }]);
});

test('a refusal names the missing permission', async () => {
  analyzer.answer = () => ({
    status: 403,
    errorType: 'AccessDeniedException',
    body: { message: 'User: arn:aws:iam::111111111111:user/a is not authorized' },
  });
  await expect(ask([bucket])).rejects.toMatchObject({
    name: 'InputError',
    message: expect.stringMatching(/\(AccessDeniedException\).*access-analyzer:ValidatePolicy/),
  });
});

test('is shown with the place, the line, and where to read more', async () => {
  analyzer.answer = () => ({ body: { findings: published.findings } });
  const text = renderAnalyzerFindings(await ask([trust]), pageFor(100, false));
  expect(masked(text)).toMatchSnapshot();
  expect(masked(renderAnalyzerFindings([], pageFor(100, false)))).toMatchSnapshot();
});

test('answers of the service cannot control a terminal', async () => {
  const hostile = { ...published.findings[0], findingDetails: '\u001b[2Jgone', issueCode: 'A\u001b]0;x\u0007' };
  analyzer.answer = () => ({ body: { findings: [hostile] } });
  expect(renderAnalyzerFindings(await ask([trust]), pageFor(100, false))).not.toMatch(/\p{Cc}(?<!\n)/u);
});
