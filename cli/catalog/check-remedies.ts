import { counted } from '../../core/printable.ts';
import { type Fault, faultsOf } from '../../model/analysis/faults.ts';
import { type OfferedRemedies, type OfferedRemedy, offeredRemedies } from '../../model/remedies/fault-remedies.ts';
import { wholeCheckPasses } from '../../model/remedies/remedy.ts';
import type { Scenario } from '../../model/world/scenario.ts';
import type { Progress } from '../progress.ts';
import type { FunctionAnswer, Job, Runner } from '../run/job.ts';

interface ScoredAnalysis {
  readonly faults: readonly Fault[];
  readonly remedies: readonly CheckedRemedy[];
}

export interface CheckedRemedy extends OfferedRemedy {
  /** True if the whole check passed in a simulation of both accounts with all of the world's remedies applied. */
  readonly verified: boolean;
}

/**
 * Finds the faults of each world and fixes them all at once, with statements and by assuming that other people have
 * done what the remedies ask of them. If no fault is left, the check runs again and must pass. If the effect of a
 * remedy can't be simulated, the check doesn't run.
 *
 * @param runner runs checks in fixed worlds; without one, no remedy is verified
 */
export async function analyzeScenario(
  scenarios: readonly Scenario[],
  runner: Runner | undefined,
  progress: Progress,
): Promise<readonly ScoredAnalysis[]> {
  progress.stage(`Looking for faults and remedies in ${counted(scenarios.length, 'scenario')}…`);
  const found: (OfferedRemedies & { readonly faults: readonly Fault[] })[] = [];
  for (const { world, event, name } of scenarios) {
    const faults = faultsOf(world, event);
    found.push({ faults, ...offeredRemedies(world, event, faults) });
    progress.counter(`${found.length} of ${scenarios.length}: ${name}`);
  }

  const jobs = (runner ? scenarios : []).flatMap((scenario, at): (Job & { readonly at: number })[] => {
    const { offered = [], left = [], fixed = scenario.world } = found[at] ?? {};
    if (offered.length === 0 || left.length > 0) return [];
    const { name, event } = scenario;
    return [{ at, title: name, event, scenario: { ...scenario, world: fixed } }];
  });
  if (jobs.length > 0) progress.stage(`Checking ${counted(jobs.length, 'scenario')} again, with fixes…`);
  const answers = new Map<number, FunctionAnswer>();
  await runner?.(jobs, (nth, { job, answer }) => {
    const { at } = jobs[nth] ?? {};
    if (at !== undefined) answers.set(at, answer);
    progress.counter(`${answers.size} of ${jobs.length}: ${job.title}`);
  });
  return found.map(({ faults, offered }, at) => ({ faults, remedies: checked(offered, answers.get(at)) }));
}

/** @param answer of the check in the fixed world; absent if it did not run */
function checked(offered: readonly OfferedRemedy[], answer: FunctionAnswer | undefined): readonly CheckedRemedy[] {
  const problem = answer && problemOf(answer);
  return offered.map((one) => {
    const defects = [...one.defects, ...(problem === undefined ? [] : [problem])];
    return { ...one, defects, verified: answer !== undefined && defects.length === 0 };
  });
}

function problemOf(answer: FunctionAnswer): string | undefined {
  if (answer.kind !== 'reports') return `the check of the fixed accounts has no report: ${answer.message}`;
  const [report] = answer.reports;
  if (report && wholeCheckPasses(report)) return undefined;
  const { verdict, deniedStep = 'clean-up', diagnoses = [] } = report ?? {};
  return [
    `the check of the fixed accounts is ${verdict} at ${deniedStep}`,
    ...diagnoses.map(({ summary }) => summary),
  ].join(': ');
}
