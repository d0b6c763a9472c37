import { reasonsOfSteps } from '../../core/delivery/steps.ts';
import type { StepResult } from '../../core/report.ts';
import { budgetMs, within } from '../../core/time.ts';
import type { CheckDependencies } from './dependencies.ts';
import { type Failure, failureOf, isMissingSource } from './errors.ts';
import type { CheckState, StepDefinition } from './steps.ts';

export interface Outcome {
  readonly result: StepResult;
  readonly verdict?: Failure['verdict'];
  readonly state: CheckState;
}

type StepMeans = Pick<CheckDependencies, 'aws' | 'now' | 'remainingMs'>;

/**
 * Runs one step in its share of the remaining time.
 *
 * Skips a step that the event doesn't request, except put-internal, without which there is nothing to copy. That step
 * then only prepares the copy: its error is reported on a skipped step, so that it doesn't count as a fault of what the
 * event tests.
 *
 * @param laterShares weights of everything that comes after the step
 */
export async function runStep(
  definition: StepDefinition,
  before: CheckState,
  means: StepMeans,
  laterShares: number,
): Promise<Outcome> {
  const { step, share, skip } = definition;
  const isAsked = before.delivery.steps.includes(step);
  if (!isAsked && step !== 'put-internal') return skipped(definition, before, reasonsOfSteps.notAsked);

  const state = await prepared(definition, before, means, laterShares + share);
  const reason = skip(state);
  if (reason !== undefined) return skipped(definition, state, reason);
  const outcome = await tried(definition, state, means, laterShares);
  return isAsked ? outcome : asPreparation(outcome);
}

async function prepared(
  { share, prepare, afterUnprepared }: StepDefinition,
  state: CheckState,
  { aws, remainingMs }: StepMeans,
  laterShares: number,
): Promise<CheckState> {
  if (!prepare) return state;
  try {
    const budget = budgetMs(remainingMs(), share, laterShares);
    return { ...state, ...(await within(budget, (signal) => prepare(state, aws, signal))) };
  } catch (thrown) {
    return { ...state, ...afterUnprepared?.(failureOf(thrown), state) };
  }
}

async function tried(
  { step, share, request, run, inspect, afterFailure, remark }: StepDefinition,
  before: CheckState,
  { aws, now, remainingMs }: StepMeans,
  laterShares: number,
): Promise<Outcome> {
  const startedAt = now().getTime();
  const said = remark?.(before);
  let learned: Partial<CheckState> = {};
  const learn = (known: Partial<CheckState>) => {
    learned = { ...learned, ...known };
  };
  const resultOf = (status: StepResult['status'], more: Partial<StepResult> = {}): StepResult => ({
    step,
    status,
    durationMs: now().getTime() - startedAt,
    ...(request && { request: request({ ...before, ...learned }) }),
    ...(said && { reason: said }),
    ...more,
  });
  try {
    const budget = budgetMs(remainingMs(), share, laterShares);
    const added = run && (await within(budget, (signal) => run(before, aws, signal, learn)));
    const state = { ...before, ...learned, ...added };
    const reason = inspect?.(state);
    if (reason) return { result: resultOf('failed', { reason }), verdict: 'misconfigured', state };
    return { result: resultOf('passed'), state };
  } catch (thrown) {
    const failure = failureOf(thrown);
    const { error } = failure;
    const isMissing = isMissingSource(step, error);
    const verdict = isMissing ? 'inconclusive' : failure.verdict;
    const status = verdict === 'denied' ? 'denied' : 'failed';
    const why = isMissing ? { reason: sourceIsGone } : {};
    const state = { ...before, ...learned, ...afterFailure?.(failure) };
    return { result: resultOf(status, { error, ...why }), verdict, state };
  }
}

const sourceIsGone = 'S3 does not find the object to copy, which was stored just before.';

function asPreparation({ result, verdict, state }: Outcome): Outcome {
  if (!verdict) return { result: { ...result, reason: reasonsOfSteps.stored }, state };
  const reason = reasonsOfSteps.triedToStore;
  return { result: { ...result, status: 'skipped', reason }, state };
}

function skipped({ step }: StepDefinition, state: CheckState, reason: string): Outcome {
  return { result: { step, status: 'skipped', durationMs: 0, reason }, state };
}
