import { exitStatusHelp, exitStatusOf } from '../../cli/exit-status.ts';

test.each([
  { verdicts: [], status: 0 },
  { verdicts: ['passed', 'passed'], status: 0 },
  { verdicts: ['denied'], status: 1 },
  { verdicts: ['misconfigured'], status: 1 },
  { verdicts: ['inconclusive'], status: 3 },
  { verdicts: ['invalid-input'], status: 2 },
  { verdicts: ['passed', 'inconclusive'], status: 3 },
  { verdicts: ['inconclusive', 'denied', 'passed'], status: 1 },
  { verdicts: ['denied', 'invalid-input', 'inconclusive'], status: 2 },
] as const)('$verdicts: $status', ({ verdicts, status }) => {
  expect(exitStatusOf(verdicts)).toBe(status);
});

test('help explains each', () => {
  expect(exitStatusHelp().match(/^ {2}\d /gm)).toEqual(['  0 ', '  1 ', '  2 ', '  3 ']);
});
