import { InputError } from '../../model/text/input-error.ts';
import { scoreCheck } from '../catalog/score-report.ts';
import type { Progress } from '../progress.ts';
import { type Accounts, Refused, type Settling } from './account-calls.ts';
import { Placement } from './calls-for-change.ts';
import type { AwsChecker } from './checkers.ts';
import { differences, tells, type WorldResult } from './compare-answers.ts';
import { create } from './create-resources.ts';
import { type Observed, observed } from './observed-check.ts';
import type { Chosen } from './obstacles.ts';
import type { RunBase } from './run-names.ts';
import type { RunPlan } from './run-plan.ts';
import type { StateFile } from './state-file.ts';
import { realNames, type WorldInRun, worldInRun } from './world-in-run.ts';

interface Run {
  readonly plan: RunPlan;
  readonly base: RunBase;
  readonly accounts: Accounts;
  readonly state: StateFile;
  readonly aws: AwsChecker;
  readonly settling: Settling;
  readonly progress: Progress;
  /** @throws if the user interrupted the run */
  readonly alive: () => void;
  /** Called with each world after it was compared. */
  readonly done: (result: WorldResult, chosen: Chosen, onAws: Observed | undefined) => void;
}

/**
 * Creates what the worlds need, applies one after the other, and compares. The caller cleans up, however this ends.
 *
 * @throws InputError if the default world doesn't pass, because something outside of the run affects it
 */
export async function run(given: Run): Promise<void> {
  const { plan, base, accounts, state, progress, alive } = given;
  progress.stage(`Creating ${plan.creations.length} resources under ${plan.prefix} …`);
  await create(plan.creations, accounts, state, alive);
  const names = realNames(base, accounts.known);
  const placement = new Placement(base.identities);
  let before: Observed | undefined;
  for (const [nth, chosen] of plan.worlds.entries()) {
    alive();
    progress.counter(`Scenario ${nth + 1} of ${plan.worlds.length}: ${chosen.scenario.name}`);
    const world = worldInRun(chosen, names);
    const { result, onAws } = await compared(world, chosen.expected, placement, before, nth === 0, given);
    if (nth === 0 && onAws?.report.verdict !== 'passed') throw notItself(result, onAws);
    given.done(result, chosen, onAws);
    before = onAws ?? before;
  }
}

interface Compared {
  readonly result: WorldResult;
  readonly onAws?: Observed;
}

async function compared(
  { chosen, scenario, settings, neutral }: WorldInRun,
  expected: Observed,
  placement: Placement,
  before: Observed | undefined,
  isNew: boolean,
  { accounts, aws, settling, alive }: Run,
): Promise<Compared> {
  const { file = '', name } = chosen.scenario;
  const nothing = { file, name, differences: [], checks: 0, isStable: true, wronglyProven: 0 };
  try {
    await placement.put(settings, accounts, isNew, alive);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const refusal = { operation: error.call.operation, code: error.code, message: error.text };
    return { result: { ...nothing, outcome: 'not-put', refusal } };
  }
  let wronglyProven = 0;
  const check = async () => {
    alive();
    const { answer, exchanges } = await aws.check(scenario);
    const [report] = answer.kind === 'reports' ? answer.reports : [];
    wronglyProven = report ? scoreCheck(report, scenario.expect).wrongProven : 0;
    return observed(answer, exchanges, neutral);
  };
  const { observed: onAws, checks, isStable } = await settledAnswer(check, expected, before, settling);
  const found = differences(onAws, expected);
  const outcome = found.length > 0 ? 'different' : 'same';
  return { result: { ...nothing, outcome, differences: found, checks, isStable, wronglyProven }, onAws };
}

/** The cause may be an organization's policy or an account setting that the simulation doesn't know. */
function notItself({ refusal, differences: found }: WorldResult, onAws: Observed | undefined): InputError {
  const said = refusal
    ? `AWS refused ${refusal.operation}: ${refusal.code}: ${refusal.message}`
    : [
        `the check is ${onAws?.report.verdict} at ${onAws?.report.deniedStep ?? 'no step'}`,
        ...found.slice(0, 3).map(({ where, aws }) => `${where}: ${aws}`),
      ].join('\n  ');
  return new InputError(
    `The scenario in which everything is allowed does not pass in these accounts, so nothing can be compared:\n  ${said}\nA service or resource control policy of your organization, or a setting of an account, may be the cause. Try accounts without such policies.`,
  );
}

interface Settled {
  readonly observed: Observed;
  readonly checks: number;
  /** False if the last answers before the deadline were still changing. */
  readonly isStable: boolean;
}

const pausesMs = [500, 1_000, 2_000, 3_000, 5_000] as const;

/**
 * Repeats the check of a world until AWS's answer is settled. An expected answer that differs from the previous world's
 * must come twice in a row. If the previous world has the same answer, or everything passes, the answer doesn't show
 * that the changes are in effect, so it must stay the same for a while. Any other answer counts at the deadline.
 *
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency
 */
export async function settledAnswer(
  check: () => Promise<Observed>,
  expected: Observed,
  before: Observed | undefined,
  { settleMs, deadlineMs, pause, clock }: Settling,
): Promise<Settled> {
  const start = clock();
  const isTelling = tells(expected, before);
  let last: Observed | undefined;
  for (let nth = 0; ; nth++) {
    const observed = await check();
    const elapsed = clock() - start;
    const isStable = last !== undefined && differences(last, observed).length === 0;
    const isExpected = differences(observed, expected).length === 0;
    const enough = isExpected ? isTelling || elapsed >= settleMs : elapsed >= deadlineMs;
    if (isStable && enough) return { observed, checks: nth + 1, isStable };
    // Ends even if AWS never gives the same answer twice.
    if (elapsed >= 2 * deadlineMs && nth > 0) return { observed, checks: nth + 1, isStable };
    last = observed;
    await pause(Math.min(pausesMs[nth] ?? 5_000, deadlineMs / 4));
  }
}
