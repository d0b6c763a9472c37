import type { WorldResult } from '../../../../cli/conformance/compare-answers.ts';
import { renderConformance, renderRemovals } from '../../../../cli/views/terminal/conformance.ts';
import { pageFor } from '../../../../cli/views/terminal/page.ts';
import { masked } from '../../../masked.ts';

const page = pageFor(120, false);
const same: WorldResult = {
  file: 'scenarios/key-policy/silent.yaml',
  name: 'The key policy is silent',
  outcome: 'same',
  differences: [],
  checks: 2,
  isStable: true,
  wronglyProven: 0,
};
const different: WorldResult = {
  ...same,
  file: 'scenarios/key-state/disabled.yaml',
  outcome: 'different',
  differences: [
    { aspect: 'verdict', where: 'verdict', aws: 'passed', sandbox: 'denied' },
    { aspect: 'answer', where: 's3 CopyObject: message', aws: 'No.', sandbox: 'Access Denied' },
    { aspect: 'answer', where: 's3 CopyObject (2): message', aws: 'No.', sandbox: 'Access Denied' },
    { aspect: 'answer', where: 'kms DescribeKey', sandbox: '200' },
  ],
};
const notPut: WorldResult = {
  ...same,
  file: 'scenarios/key-state/other.yaml',
  outcome: 'not-put',
  refusal: { operation: 'PutKeyPolicy', code: 'MalformedPolicyDocumentException', message: 'No.' },
};
const told = (results: readonly WorldResult[], planned = results.length) =>
  renderConformance({ results, planned, leftOut: [], recording: 'run.jsonl', from: 'AWS' }, page);

it('ends with a table of what is the same, by folder and in all', () => {
  const rows = told([same, different, notPut])
    .split('\n')
    .map((line) => line.trim().split(/ {2,}/));
  expect(rows).toContainEqual(['scenarios', 'same answer', 'same verdict', 'same step', 'same layer', 'refused']);
  expect(rows).toContainEqual(['key-policy', '1', '1', '1', '1', '1', '0']);
  expect(rows).toContainEqual(['key-state', '2', '0', '0', '1', '1', '1']);
  expect(rows).toContainEqual(['all', '3', '1', '1', '2', '2', '1']);
});

it('shows each difference once, with both sides', () => {
  const text = told([different]);
  expect(text.match(/AWS +No\./g)).toHaveLength(1);
  expect(masked(text)).toMatchSnapshot();
});

it('names what AWS rejected', () => {
  expect(masked(told([notPut]))).toMatchSnapshot();
});

it.each([
  ['all is the same', [same], 1, /✓ AWS and the sandbox say the same in 1 scenario\.\n/],
  ['it ended before', [same], 3, /✓ .* 1 scenario\. The run ended before the other 2\./],
  ['something differs', [same, different], 2, /✗ 1 of 2 scenarios differ/],
  ['nothing was compared', [], 2, /✗ No scenario was compared/],
  [
    'a report is wrong about what it calls proven',
    [{ ...same, wronglyProven: 1 }],
    1,
    /✗ Called proven, and wrong: .*silent/,
  ],
])('says whether %s', (_, results, planned, said) => {
  expect(told(results, planned)).toMatch(said);
});

it('says what is left in the accounts, and how to remove it', () => {
  const resource = { kind: 'bucket', side: 'customer', name: 'inbox', state: 'created' } as const;
  const key = { ...resource, kind: 'key' } as const;
  const gone = renderRemovals(
    [
      { resource, outcome: 'removed' },
      { resource: key, outcome: 'scheduled' },
    ],
    'again',
    page,
  );
  expect(gone).toBe('1 resource removed, 1 key scheduled for deletion in 7 days.\n');
  const left = renderRemovals([{ resource, outcome: 'left', why: 'AccessDenied' }], 'again', page);
  expect(masked(left)).toMatchSnapshot();
  expect(renderRemovals([], 'again', page)).toBe('Nothing was created.\n');
});
