import type { ScenarioMismatch, Tally } from '../../../../cli/catalog/catalog-tally.ts';
import { nothingRight } from '../../../../cli/catalog/score-report.ts';
import { pageFor } from '../../../../cli/views/terminal/page.ts';
import { renderTally } from '../../../../cli/views/terminal/tally.ts';

const right = { verdict: true, deniedStep: true, exact: true, covered: true, complete: true, wrongProven: 0 };
const keyPolicy = {
  step: 'put-internal',
  action: 'kms:GenerateDataKey',
  layer: 'key-policy',
  side: 'customer',
} as const;

const vague: ScenarioMismatch = {
  file: 'scenarios/vague.yaml',
  name: 'Vague',
  expected: { verdict: 'denied', deniedStep: 'put-internal', denials: [keyPolicy] },
  check: {
    score: { ...right, exact: false },
    verdict: 'denied',
    deniedStep: 'put-internal',
    diagnoses: [{ step: 'put-internal', confidence: 'unknown', candidates: [{ layer: 'key-policy', why: '' }] }],
  },
  preflight: { exact: true, faults: [] },
};
const crashed: ScenarioMismatch = {
  ...vague,
  file: 'scenarios/crashed.yaml',
  name: 'Crashed',
  check: { score: nothingRight, problem: 'The function failed: Task timed out (Sandbox.Timedout).' },
  preflight: { exact: false, faults: [] },
};
const tallied: Tally = {
  scenarios: 12,
  failedToLoad: [{ file: 'scenarios/bad.yaml', error: 'scenarios/bad.yaml:3: customer.foo: there is no such field' }],
  check: { verdict: 10, deniedStep: 10, exact: 9, covered: 10, complete: 9, wrongProven: 0 },
  preflight: { exact: 10, remediesOffered: 3, remediesThatFix: 2, remediesVerified: 1 },
  defectiveRemedies: [
    {
      file: 'scenarios/sloppy.yaml',
      document: 'key-policy',
      target: 'key',
      statement: { Effect: 'Allow', Action: 'kms:Decrypt' },
      defects: ['opens kms:Decrypt on key without S3'],
    },
  ],
  mismatches: [vague, crashed],
};

test('broken promises in full, then the numbers', () => {
  expect(renderTally(tallied, pageFor(100, false), false)).toMatchInlineSnapshot(`
"Could not be loaded:
  scenarios/bad.yaml:3: customer.foo: there is no such field

✗ scenarios/crashed.yaml: Crashed
    expected  denied at put-internal
              put-internal kms:GenerateDataKey by key-policy (customer)
    check     The function failed: Task timed out (Sandbox.Timedout).
    preflight no fault

✗ scenarios/sloppy.yaml: the remedy for the key-policy of key
    - opens kms:Decrypt on key without S3
    {"Effect":"Allow","Action":"kms:Decrypt"}

12 scenarios, 1 of them could not be loaded
  check      verdict right        10 of 12
             denied step right    10 of 12
             first fault named     9 of 12
             … or a candidate     10 of 12
             all faults named      9 of 12
             wrong proven         0
  preflight  all faults exact     10 of 12
  remedies   offered              3
             fix, grant no more   2
             … and check passes   1

Right, but not exact or complete: 1 more scenario. --verbose shows what they say.
"
`);
});

test('verbose also shows correct results that could be better', () => {
  const text = renderTally(tallied, pageFor(100, false), true);
  expect(text).toContain('~ scenarios/vague.yaml: Vague');
  expect(text).toContain(
    'put-internal, unknown, with 1 candidate\n              (the first fault is one of its candidates)',
  );
  expect(text).not.toContain('--verbose');
});
