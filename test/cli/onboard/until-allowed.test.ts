import { untilAllowed } from '../../../cli/onboard/first-check.ts';
import type { FunctionAnswer, Runner } from '../../../cli/run/job.ts';
import type { Verdict } from '../../../core/vocabulary.ts';
import { masked } from '../../masked.ts';
import { deniedReport } from '../reports.ts';

/** A check that takes a second, and its result each time. */
async function waitFor(waitMs: number, ...said: readonly (Verdict | 'failed')[]) {
  let now = 0;
  let runs = 0;
  const told: string[] = [];
  const runner: Runner = async ([job = { title: '', event: {} }], done) => {
    const verdict = said[Math.min(runs++, said.length - 1)] ?? 'failed';
    now += 1_000;
    const answer: FunctionAnswer =
      verdict === 'failed'
        ? { kind: 'failed', message: 'words' }
        : { kind: 'reports', reports: [{ ...deniedReport, verdict }], batch: false };
    await done(0, { job, log: [], answer });
  };
  const { answer } = await untilAllowed(
    runner,
    { title: 'acme', event: {} },
    {
      waitMs,
      progress: { stage: (text) => told.push(text), counter() {}, end() {} },
      pause: async (milliseconds) => {
        now += milliseconds;
      },
      clock: () => now,
    },
  );
  return { runs, told, verdict: answer.kind === 'reports' ? answer.reports[0]?.verdict : answer.kind };
}

test.each([
  ['passed', 1],
  ['misconfigured', 1],
  ['failed', 1],
] as const)('does not wait for %s', async (said, runs) => {
  expect(await waitFor(60_000, said)).toEqual({ runs, told: [], verdict: said });
});

test('repeats a denied check, or an inconclusive one after that, until it passes', async () => {
  const { runs, verdict, told } = await waitFor(60_000, 'denied', 'inconclusive', 'passed');
  expect({ runs, verdict }).toEqual({ runs: 3, verdict: 'passed' });
  expect(masked(told[0])).toMatchSnapshot();
  expect(masked(told[1])).toMatchSnapshot();
});

test('when the time is up, the last denial is the answer', async () => {
  const { runs, verdict, told } = await waitFor(30_000, 'denied');
  // 1 + 2 + 1 + 4 + 1 + 8 + 1: the next pause of 15 s would end after the time limit.
  expect({ runs, verdict }).toEqual({ runs: 4, verdict: 'denied' });
  expect(masked(told.at(-1))).toMatchSnapshot();
});
