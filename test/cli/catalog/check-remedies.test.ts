import { analyzeScenario } from '../../../cli/catalog/check-remedies.ts';
import { noProgress } from '../../../cli/progress.ts';
import type { Runner } from '../../../cli/run/job.ts';
import { inSandbox } from '../../../cli/run/served-worlds.ts';
import { assembly } from '../../../sandbox/assembly.ts';
import { fixable, worldWith } from '../../model/remedies/broken-worlds.ts';
import { deniedReport, passedReport } from '../reports.ts';

test('the real check passes in every world that statements fix', async () => {
  const { bundleDir } = await assembly();
  const scenarios = await Promise.all(Object.values(fixable).map(worldWith));
  const analyses = await analyzeScenario(scenarios, inSandbox({ bundleDir }), noProgress);
  expect(
    analyses.map(({ remedies }) => remedies.every(({ verified, defects }) => verified && defects.length === 0)),
  ).toEqual(scenarios.map(() => true));
  expect(analyses.map(({ remedies }) => remedies.length)).not.toContain(0);
});

/** Returns the same report for every world. */
function answering(report: typeof passedReport) {
  const asked: number[] = [];
  const runner: Runner = async (jobs, done) => {
    asked.push(jobs.length);
    for (const [at, job] of jobs.entries()) {
      await done(at, { job, log: [], answer: { kind: 'reports', reports: [report], batch: false } });
    }
  };
  return { asked, runner };
}

test('a remedy with which the check does not pass is not verified, with the reason', async () => {
  const { runner } = answering(deniedReport);
  const [analysis] = await analyzeScenario([await worldWith(fixable['no bucket policy at all'])], runner, noProgress);
  expect(analysis?.remedies).toMatchObject([
    {
      verified: false,
      defects: [expect.stringContaining('denied at copy-to-inbox')],
    },
  ]);
});

test('checks a world again only if no other fault is left', async () => {
  const { runner, asked } = answering(passedReport);
  const scenarios = await Promise.all([
    worldWith({}),
    worldWith({ customer: { inbox: { bucketPolicy: null }, key: { spec: 'RSA_2048' } } }),
    worldWith({ customer: { inbox: { bucketPolicy: null }, key: { state: 'Disabled' } } }),
    worldWith(fixable['no bucket policy at all']),
  ]);
  const analyses = await analyzeScenario(scenarios, runner, noProgress);
  expect(asked).toEqual([2]);
  expect(analyses.map(({ remedies }) => remedies.map(({ verified }) => verified))).toEqual([
    [],
    [false],
    [true],
    [true],
  ]);
  expect(analyses[1]?.remedies.flatMap(({ defects }) => defects)).toEqual([]);
});
