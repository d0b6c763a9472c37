import { brokenPromises, isAsExpected, type ScenarioResult, tally } from '../../../cli/catalog/catalog-tally.ts';
import type { CheckedRemedy } from '../../../cli/catalog/check-remedies.ts';
import type { Report } from '../../../core/report.ts';
import type { Fault } from '../../../model/analysis/faults.ts';
import { bucketPolicyDiagnosis, deniedReport, passedReport } from '../reports.ts';

const bucketPolicy = {
  step: 'copy-to-inbox',
  action: 's3:PutObject',
  layer: 'bucket-policy',
  effect: 'implicit',
  side: 'customer',
} as const;
const fault: Fault = { ...bucketPolicy, resource: 'arn', accountId: '222222222222', why: 'nothing allows it' };

const statement = { Sid: 'AllowDelivery', Effect: 'Allow', Action: 's3:PutObject', Resource: 'arn:aws:s3:::inbox/*' };
const remedy: CheckedRemedy = {
  remedy: { side: 'customer', instruction: '', document: 'bucket-policy', target: 'inbox', statement },
  defects: [],
  verified: true,
};

function reported(report: Report) {
  return { kind: 'reports', reports: [report], batch: false } as const;
}

const passing: ScenarioResult = {
  file: 'passing.yaml',
  name: 'Passing',
  expect: { verdict: 'passed', denials: [] },
  answer: reported(passedReport),
  faults: [],
  remedies: [],
};
const denied: ScenarioResult = {
  file: 'denied.yaml',
  name: 'Denied',
  expect: { verdict: 'denied', deniedStep: 'copy-to-inbox', denials: [bucketPolicy] },
  answer: reported(deniedReport),
  faults: [fault],
  remedies: [remedy],
};
/** Has the right verdict, and admits that the reason is unknown. */
const vague: ScenarioResult = {
  ...denied,
  file: 'vague.yaml',
  answer: reported({ ...deniedReport, diagnoses: [{ ...bucketPolicyDiagnosis, denial: {}, candidates: [] }] }),
};

test('a catalog in which everything is right', () => {
  expect(tally([passing, denied], [])).toEqual({
    scenarios: 2,
    failedToLoad: [],
    check: { verdict: 2, deniedStep: 2, exact: 2, covered: 2, complete: 2, wrongProven: 0 },
    preflight: { exact: 2, remediesOffered: 1, remediesThatFix: 1, remediesVerified: 1 },
    defectiveRemedies: [],
    mismatches: [],
  });
});

test('a vague diagnosis is a mismatch that breaks no promise', () => {
  const tallied = tally([passing, vague], []);
  expect(tallied.check).toEqual({ verdict: 2, deniedStep: 2, exact: 1, covered: 1, complete: 1, wrongProven: 0 });
  expect(tallied.mismatches.map(({ file }) => file)).toEqual(['vague.yaml']);
  expect(brokenPromises(tallied)).toEqual([]);
  expect(isAsExpected(tallied)).toBe(true);
});

test.each([
  { case: 'a wrong verdict', result: { ...denied, answer: reported({ ...deniedReport, verdict: 'misconfigured' }) } },
  { case: 'a wrong step', result: { ...denied, answer: reported({ ...deniedReport, deniedStep: 'put-internal' }) } },
  {
    case: 'a wrong proven',
    result: {
      ...passing,
      answer: reported({ ...passedReport, diagnoses: [{ ...bucketPolicyDiagnosis, confidence: 'proven' }] }),
    },
  },
  { case: 'a function that failed', result: { ...denied, answer: { kind: 'failed', message: 'timed out' } } },
  { case: 'a fault that the preflight missed', result: { ...denied, faults: [] } },
] as const)('$case breaks a promise', ({ result }) => {
  const tallied = tally([passing, result], []);
  expect(isAsExpected(tallied)).toBe(false);
  expect(brokenPromises(tallied).map(({ file }) => file)).toEqual([result.file]);
});

test('a remedy next to a fault that no statement fixes is not a defect and is not verified', () => {
  const tallied = tally([{ ...denied, remedies: [{ ...remedy, verified: false }] }], []);
  expect(tallied.preflight).toMatchObject({ remediesOffered: 1, remediesThatFix: 1, remediesVerified: 0 });
  expect(isAsExpected(tallied)).toBe(true);
});

test('a remedy that grants something else is listed, and is not as expected', () => {
  const defects = ['opens s3:PutObject on arn:aws:s3:::inbox/x over plain HTTP'];
  const tallied = tally([passing, { ...denied, remedies: [{ ...remedy, defects, verified: false }] }], []);
  expect(tallied.preflight).toMatchObject({ remediesOffered: 1, remediesThatFix: 0, remediesVerified: 0 });
  expect(tallied.defectiveRemedies).toEqual([
    { file: 'denied.yaml', document: 'bucket-policy', target: 'inbox', statement, defects },
  ]);
  expect(isAsExpected(tallied)).toBe(false);
});

test('a scenario that cannot be loaded counts as a failure', () => {
  const failedToLoad = [{ file: 'bad.yaml', error: 'bad.yaml:3: customer.foo: there is no such field' }];
  const tallied = tally([passing], failedToLoad);
  expect(tallied).toMatchObject({ scenarios: 2, failedToLoad, check: { verdict: 1 }, preflight: { exact: 1 } });
  expect(isAsExpected(tallied)).toBe(false);
});
