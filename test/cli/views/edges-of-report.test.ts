import { accountsIn } from '../../../cli/views/accounts-of-report.ts';
import type { EdgeState } from '../../../cli/views/edge-states.ts';
import { edgesOf } from '../../../cli/views/edges-of-report.ts';
import { renderPermissions } from '../../../cli/views/html/section.ts';
import { pageFor } from '../../../cli/views/terminal/page.ts';
import { renderPattern } from '../../../cli/views/terminal/pattern.ts';
import { edgesFor } from '../../../core/permissions.ts';
import type { Report, StepResult } from '../../../core/report.ts';
import { permissionsOf } from '../../../core/report-permissions.ts';
import { type Captured, capturedReport } from './html/captured.ts';

/** The state of each edge in a real report, in the order of the permission table. */
type States = readonly EdgeState[];

const all = (state: EdgeState): States => edgesFor('copy', undefined).map(() => state);
const assumed: States = ['allowed'];
const stored: States = ['allowed', 'allowed'];
const cleanedUp: States = ['allowed'];

function edgesIn(report: Report) {
  return edgesOf(report, accountsIn(report));
}

function edgeIn(report: Report, step: string, action: string) {
  const found = edgesIn(report).find(({ permission }) => permission.step === step && permission.action === action);
  if (!found) throw new Error(`There is no ${action} at ${step}`);
  return found;
}

// The copy's edges are s3:GetObject, kms:Decrypt, s3:PutObject, (s3:PutObjectAcl,) kms:GenerateDataKey.
const cases: readonly (readonly [name: Captured, why: string, states: States])[] = [
  ['passed', 'a step that passed has passed all of its edges', all('allowed')],
  ['services-own-key', 'also where the internal key is another', all('allowed')],
  [
    'silent-bucket-policy',
    'of a denied copy what the evidence tells, what is inferred, and what is a candidate',
    [...assumed, ...stored, 'allowed', 'allowed', 'suspected', 'possible', ...cleanedUp],
  ],
  [
    'acl-not-allowed',
    'with an ACL there is an edge more',
    [...assumed, ...stored, 'allowed', 'allowed', 'possible', 'suspected', 'possible', ...cleanedUp],
  ],
  [
    'decrypt-not-allowed',
    'of a denied copy what AWS names, and that S3 let the source be read before it asked KMS',
    [...assumed, ...stored, 'allowed', 'refused', 'untold', 'untold', ...cleanedUp],
  ],
  [
    'three-faults',
    'proven beside inferred',
    [...assumed, ...stored, 'allowed', 'refused', 'suspected', 'possible', ...cleanedUp],
  ],
  [
    'customer-did-nothing',
    'what was copied lay under another key, so that reading it says nothing of Decrypt',
    [...assumed, 'allowed', 'refused', 'allowed', 'suspected', 'suspected', 'suspected', ...cleanedUp],
  ],
  [
    'both-keys-forgotten',
    'proven by the simulator although the copy was not tried',
    [...assumed, 'allowed', 'refused', 'allowed', 'untried', 'untried', 'refused', 'allowed'],
  ],
  ['role-not-assumed', 'nothing further was tried', ['refused', ...all('untried').slice(1)]],
  ['clean-up-denied', 'the verdict is passed all the same', [...all('allowed').slice(1), 'refused']],
  [
    'put-internal-alone',
    'the copy was not asked for',
    [...assumed, ...stored, 'untried', 'untried', 'untried', 'untried', ...cleanedUp],
  ],
  [
    'disabled-key',
    'the same key at both steps, listed once',
    [...assumed, 'untold', 'broken', 'untold', 'untold', 'untold', 'broken', ...cleanedUp],
  ],
  [
    'inbox-in-another-region',
    'misconfigured, not refused',
    [...assumed, ...stored, 'allowed', 'allowed', 'broken', 'untold', ...cleanedUp],
  ],
  [
    'slow-down',
    'inconclusive says nothing',
    [...assumed, ...stored, 'untold', 'untold', 'untold', 'untold', ...cleanedUp],
  ],
];

test.each(cases)('%s: %s', (name, _, states) => {
  expect(edgesIn(capturedReport(name)).map(({ state }) => state)).toEqual(states);
});

it("gives the reason for each edge's state", () => {
  for (const [name] of cases) expect(edgesIn(capturedReport(name)).filter(({ because }) => because === '')).toEqual([]);
});

it('shows the candidate that makes an edge possible, and the probe that made one green', () => {
  const report = capturedReport('silent-bucket-policy');
  expect(edgeIn(report, 'copy-to-inbox', 'kms:GenerateDataKey').candidates).toMatchObject([{ layer: 'key-policy' }]);
  const read = edgeIn(report, 'copy-to-inbox', 's3:GetObject');
  const inReport = report.permissions?.find(({ action }) => action === 's3:GetObject');
  expect(inReport).toMatchObject({ state: 'allowed', because: { source: 'probe' } });
  expect([read.state, read.diagnoses]).toEqual(['allowed', []]);
});

/** A captured report with other steps, and the resulting permissions. */
function withSteps(name: Captured, change: (result: StepResult) => StepResult): Report {
  const { permissions = [], ...report } = capturedReport(name);
  const steps = report.steps.map(change);
  return { ...report, steps, permissions: [...permissionsOf(permissions, { ...report, steps })] };
}

it('says why another object was copied', () => {
  const report = withSteps('passed', (result) =>
    result.step === 'copy-to-inbox' && result.request
      ? { ...result, request: { ...result.request, sourceKmsKeyArn: 'arn:aws:kms:us-east-1:111111111111:key/other' } }
      : result,
  );
  expect(edgeIn(report, 'copy-to-inbox', 'kms:Decrypt').state).toBe('untold');
});

it('says which encryption S3 used instead', () => {
  const reason = 'S3 says that it delivered the object with AES256.';
  const report = withSteps('passed', (result) =>
    result.step === 'verify-delivery' ? { ...result, status: 'failed', reason } : result,
  );
  expect(edgeIn(report, 'copy-to-inbox', 'kms:GenerateDataKey')).toMatchObject({ state: 'untold', because: reason });
});

it('draws nothing for a check that never started, which lists no permissions', () => {
  const { permissions: _, ...report } = capturedReport('passed');
  expect([renderPermissions(report, 'r0', 2), renderPattern(report, pageFor(100, false))]).toEqual([undefined, []]);
});

it('says that no request was made for a reused session', () => {
  const report = capturedReport('passed');
  const reason = 'A session from an earlier check of this customer is still valid; no request was made.';
  const steps = report.steps.map((result, at) => (at === 0 ? { ...result, reason } : result));
  expect(edgeIn({ ...report, steps }, 'assume-delivery-role', 'sts:AssumeRole').because).toContain(reason);
});

describe('the account of each key', () => {
  it("is one node if reports are staged with the customer's key", () => {
    expect(accountsIn(capturedReport('passed'))).toMatchObject({ oneKey: true, internalKeySide: 'customer' });
  });

  it("is in Account A if they are staged with the service's own key", () => {
    expect(accountsIn(capturedReport('services-own-key'))).toMatchObject({ oneKey: false, internalKeySide: 'service' });
  });
});

it('draws permissions that a preflight cannot know as unknown, not as skipped', () => {
  const open = withSteps('passed', (one) => (one.step === 'copy-to-inbox' ? { ...one, status: 'skipped' } : one));
  const edge = edgeIn(open, 'copy-to-inbox', 's3:PutObject');
  expect([edge.state, edge.resource]).toEqual([
    'untold',
    accountsIn(capturedReport('passed')).resources['inbox-object'],
  ]);
});
