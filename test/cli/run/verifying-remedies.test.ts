import type { Job, Runner } from '../../../cli/run/job.ts';
import { inSandbox } from '../../../cli/run/served-worlds.ts';
import { verifyingRemedies } from '../../../cli/run/verifying-remedies.ts';
import type { Report } from '../../../core/report.ts';
import type { Scenario } from '../../../model/world/scenario.ts';
import { assembly } from '../../../sandbox/assembly.ts';
import { fixable, worldWith } from '../../model/remedies/broken-worlds.ts';
import { deniedReport } from '../reports.ts';

async function reportsOf(runner: Runner, jobs: readonly Job[]): Promise<readonly Report[]> {
  const reports: Report[][] = [];
  await verifyingRemedies(runner)(jobs, (at, { answer }) => {
    if (answer.kind === 'reports') reports[at] = [...answer.reports];
  });
  return reports.flat();
}

function job(scenario: Scenario, event: unknown = scenario.event): Job {
  return { title: scenario.name, event, scenario };
}

const verified = ({ diagnoses }: Report) => diagnoses.map(({ remedy }) => remedy?.verified);

test('the real check verifies remedies that work, and no others', async () => {
  const { bundleDir } = await assembly();
  const silent = await worldWith(fixable['no bucket policy at all']);
  const disabled = await worldWith({ customer: { inbox: { bucketPolicy: null }, key: { state: 'Disabled' } } });
  const asymmetric = await worldWith({ customer: { inbox: { bucketPolicy: null }, key: { spec: 'RSA_2048' } } });
  const jobs = [silent, disabled, asymmetric].map((scenario) => job(scenario));
  const [fixed, asked, left] = await reportsOf(inSandbox({ bundleDir }), jobs);
  expect(fixed && verified(fixed)).toEqual([true]);
  // A person must enable the key; the statement works after that.
  expect(asked?.diagnoses.map(({ denial, remedy }) => [denial.layer, remedy?.verified])).toEqual([
    ['key-state', undefined],
    ['bucket-policy', true],
  ]);
  expect(left?.diagnoses.some(({ remedy }) => remedy?.statement)).toBe(true);
  expect(left && verified(left)).not.toContain(true);
});

test('in a batch, each customer is verified separately', async () => {
  const { bundleDir } = await assembly();
  const scenario = await worldWith(fixable['no bucket policy at all']);
  const { event } = scenario;
  const elsewhere = { ...event, customer: 'globex', inbox: { ...event.inbox, bucket: 'no-such-bucket-anywhere' } };
  const batch = { customers: [elsewhere, event] };
  const [globex, acme] = await reportsOf(inSandbox({ bundleDir }), [job(scenario, batch)]);
  expect(globex?.customer).toBe('globex');
  expect(globex && verified(globex)).not.toContain(true);
  expect(acme && verified(acme)).toEqual([true]);
});

test('without simulated accounts, as in AWS, a report stays unchanged', async () => {
  let runs = 0;
  const deployed: Runner = async (jobs, done) => {
    runs++;
    for (const [at, one] of jobs.entries()) {
      await done(at, { job: one, log: [], answer: { kind: 'reports', reports: [deniedReport], batch: false } });
    }
  };
  expect(await reportsOf(deployed, [{ title: 'acme', event: {} }])).toEqual([deniedReport]);
  expect(runs).toBe(1);
});
