import { parseTestEvent } from '../../core/event.ts';
import type { Report } from '../../core/report.ts';
import { hasStatement } from '../../model/remedies/remedy.ts';
import { withVerifiedRemedies } from '../../model/remedies/verify-report.ts';
import { eventDefaults } from '../../model/world/delivery-in.ts';
import type { Scenario } from '../../model/world/scenario.ts';
import type { World } from '../../model/world/world.ts';
import { withExplaining } from '../input/jobs.ts';
import { type FunctionAnswer, type JobOutcome, type Runner, runAlone } from './job.ts';

/**
 * Marks the remedies that work when they are applied to the scenario's simulation of both accounts.
 *
 * @param again runs the check in the fixed worlds, without waiting for anything
 */
export function verifyingRemedies(runner: Runner, again: Runner = runner): Runner {
  return (jobs, done, begun) => runner(jobs, async (at, outcome) => done(at, await verified(outcome, again)), begun);
}

async function verified(outcome: JobOutcome, runner: Runner): Promise<JobOutcome> {
  const { job, answer } = outcome;
  const { scenario } = job;
  if (answer.kind !== 'reports' || !scenario) return outcome;
  const events = eventsOf(job.event, answer);
  const reports: Report[] = [];
  for (const [at, report] of answer.reports.entries()) {
    reports.push(await verifiedReport(report, events[at], scenario, runner));
  }
  return { ...outcome, answer: { ...answer, reports } };
}

/** The event of each report. A batch may also name events that are stored elsewhere, which no scenario has. */
function eventsOf(event: unknown, { batch }: Extract<FunctionAnswer, { kind: 'reports' }>): readonly unknown[] {
  if (!batch) return [event];
  const customers = typeof event === 'object' && event !== null && 'customers' in event ? event.customers : [];
  return Array.isArray(customers) ? customers : [];
}

async function verifiedReport(report: Report, given: unknown, scenario: Scenario, runner: Runner): Promise<Report> {
  if (!report.diagnoses.some(({ remedy }) => hasStatement(remedy))) return report;
  const { world } = scenario;
  const parsed = await parseTestEvent(given, eventDefaults(world));
  if (!parsed.valid) return report;
  const { event } = parsed;
  return withVerifiedRemedies({ world, event, report, check: (fixed) => checkIn(fixed, given, scenario, runner) });
}

/** Runs the real function again in the fixed world. */
async function checkIn(world: World, event: unknown, scenario: Scenario, runner: Runner): Promise<Report | undefined> {
  const asked = withExplaining(event, { lookupEvents: false });
  const job = { title: `${scenario.name}, with the fix`, event: asked, scenario: { ...scenario, world } };
  const { answer } = await runAlone(runner, job);
  return answer.kind === 'reports' ? answer.reports[0] : undefined;
}
