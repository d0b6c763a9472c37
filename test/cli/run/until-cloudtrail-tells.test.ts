import type { Job, Runner } from '../../../cli/run/job.ts';
import { untilTold } from '../../../cli/run/until-cloudtrail-tells.ts';
import type { Report } from '../../../core/report.ts';
import type { Lookup } from '../../../core/vocabulary.ts';
import { deniedReport } from '../reports.ts';

/** A function that takes a minute per run, and a CloudTrail that reports each job after a while. */
function waitingFor(told: Readonly<Record<string, readonly (Lookup | 'failed')[]>>, waitMs: number) {
  let now = 0;
  const runs: string[] = [];
  const said: string[] = [];
  const pauses: number[] = [];
  const runner: Runner = async (jobs, done) => {
    for (const [at, job] of jobs.entries()) {
      const nth = runs.filter((title) => title === job.title).length;
      runs.push(job.title);
      now += 60_000;
      const lookup = told[job.title]?.at(nth);
      const failed = { kind: 'failed', message: 'words' } as const;
      const report: Report = lookup === undefined || lookup === 'failed' ? deniedReport : withLookup(lookup);
      const answer = lookup === 'failed' ? failed : ({ kind: 'reports', reports: [report], batch: false } as const);
      await done(at, { job, log: [`run ${nth + 1}`], answer });
    }
  };
  const progress = { stage: (text: string) => said.push(text), counter() {}, end() {} };
  const pause = async (milliseconds: number) => {
    pauses.push(milliseconds);
    now += milliseconds;
  };
  const waiting = untilTold(runner, { waitMs, progress, pause, clock: () => now });
  return { waiting, runs, said, pauses };
}

const withLookup = (lookupEvents: Lookup): Report => ({ ...deniedReport, lookupEvents });
const jobs = (...titles: readonly string[]): Job[] => titles.map((title) => ({ title, event: {} }));

async function outcomes({ waiting }: { waiting: Runner }, all: readonly Job[]) {
  const told: string[] = [];
  await waiting(all, (at, { job, log, answer }) => {
    const lookup = answer.kind === 'reports' ? answer.reports[0]?.lookupEvents : answer.kind;
    told.push(`${at} ${job.title} ${lookup} ${log.join()}`);
  });
  return told;
}

test('a check whose event was found, or that needs none, runs once', async () => {
  const world = waitingFor({ a: ['found'], b: ['not-there'], c: ['not-asked'], d: ['failed'] }, 600_000);
  expect(await outcomes(world, jobs('a', 'b', 'c', 'd', 'passed'))).toEqual([
    '0 a found run 1',
    '1 b not-there run 1',
    '2 c not-asked run 1',
    '3 d failed run 1',
    '4 passed undefined run 1',
  ]);
  expect(world.pauses).toEqual([]);
});

test('a check whose event was not found runs again after growing pauses, alone and in its own place', async () => {
  const world = waitingFor({ a: ['found'], b: ['not-yet', 'not-yet', 'found'] }, 900_000);
  expect(await outcomes(world, jobs('a', 'b'))).toEqual(['0 a found run 1', '1 b found run 3']);
  expect(world.runs).toEqual(['a', 'b', 'b', 'b']);
  expect(world.pauses).toEqual([5_000, 10_000]);
  expect(world.said).toEqual([
    'Looking into CloudTrail too, which lags by minutes: for up to 15m.',
    'CloudTrail has told nothing yet. Running the check again in 5s.',
    'CloudTrail has told nothing yet. Running the check again in 10s.',
  ]);
});

test('when the time is up, returns the last report and says that CloudTrail showed nothing', async () => {
  const world = waitingFor({ a: Array.from({ length: 9 }, () => 'not-yet' as const) }, 90_000);
  expect(await outcomes(world, jobs('a'))).toEqual(['0 a not-yet run 2']);
  expect(world.said.at(-1)).toBe('CloudTrail has told nothing about a in 1m 30s: that proves nothing.');
});
