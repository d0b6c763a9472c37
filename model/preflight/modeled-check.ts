import { nothingToCopy, reasonsOfSteps, requestOfStep } from '../../core/delivery/steps.ts';
import type { TestEvent } from '../../core/event.ts';
import type { Report, StepResult } from '../../core/report.ts';
import type { Step, Verdict } from '../../core/vocabulary.ts';
import { type Fault, refusalsByStep } from '../analysis/faults.ts';
import { outcomeOf } from '../analysis/outcome.ts';
import { checkCaller } from '../world/callers.ts';
import { delivererIn, deliveryIn } from '../world/delivery-in.ts';
import type { World } from '../world/world.ts';

const runId = 'run';

/**
 * The report of a check in two accounts, derived from their faults, without times, AWS's answers and diagnoses.
 */
export function modeledCheck(world: World, event: TestEvent): Report {
  const delivery = deliveryIn(world, event);
  const { customer, deliveryRoleArn, steps: asked } = delivery;
  const refusals = refusalsByStep(world, event);
  const tried = (step: keyof typeof requestOfStep, source?: Source): Tried => {
    const verdict = verdictOf(source?.refusals ?? refusals, step);
    const status = verdict === 'passed' ? 'passed' : verdict === 'denied' ? 'denied' : 'failed';
    const { kmsKeyArn } = source ?? {};
    const request = requestOfStep[step]({ delivery, runId, ...(kmsKeyArn && { source: { kmsKeyArn } }) });
    return { verdict, result: { step, status, durationMs: 0, request } };
  };

  const assumed = deliveryRoleArn
    ? tried('assume-delivery-role')
    : skipped('assume-delivery-role', reasonsOfSteps.noRole);
  const halted = isStopped(assumed) ? reasonsOfSteps.notAssumed : undefined;
  const source = halted === undefined ? sourceOf(world, event, refusals) : undefined;

  const put = halted ? skipped('put-internal', halted) : tried('put-internal');
  const copy = source?.kmsKeyArn
    ? tried('copy-to-inbox', source)
    : skipped('copy-to-inbox', halted ?? nothingToCopy('stored nothing.'));
  const verified: Tried =
    copy.result.status === 'passed' && asked.includes('copy-to-inbox')
      ? { verdict: 'passed', result: { step: 'verify-delivery', status: 'passed', durationMs: 0 } }
      : skipped('verify-delivery', halted ?? reasonsOfSteps.nothingDelivered);
  const cleaned = source?.kmsKeyArn ? tried('clean-up') : skipped('clean-up', halted ?? reasonsOfSteps.nothingStored);

  const proofs = [put, copy, verified].map((one) => (asked.includes(one.result.step) ? one : unasked(one)));
  const bad = [assumed, ...proofs].find(isStopped);
  const isProven = proofs.every(({ result: { step, status } }) => status === 'passed' || !asked.includes(step));
  return {
    schemaVersion: 1,
    customer,
    verdict: bad?.verdict ?? (isProven && !source?.isSubstitute ? 'passed' : 'inconclusive'),
    ...(bad && { deniedStep: bad.result.step }),
    ...(halted === undefined && { principal: (deliveryRoleArn ? delivererIn(world, event) : checkCaller(world)).arn }),
    startedAt: world.now().toISOString(),
    durationMs: 0,
    steps: [assumed, ...proofs, cleaned].map(({ result }) => result),
    diagnoses: [],
  };
}

interface Tried {
  readonly verdict: Verdict;
  readonly result: StepResult;
}

function skipped(step: Step, reason: string): Tried {
  return { verdict: 'passed', result: { step, status: 'skipped', durationMs: 0, reason } };
}

function isStopped({ verdict }: Tried): boolean {
  return verdict !== 'passed';
}

/** Without an object there is nothing to copy, so put-internal is tried even if the event doesn't request it. */
function unasked({ result, verdict }: Tried): Tried {
  const { step } = result;
  if (step !== 'put-internal' || result.status === 'skipped')
    return skipped(step, result.reason ?? reasonsOfSteps.notAsked);
  return verdict === 'passed'
    ? { verdict, result: { ...result, reason: reasonsOfSteps.stored } }
    : skipped(step, reasonsOfSteps.triedToStore);
}

/** The object to copy, and the faults that prevent copying it. */
interface Source {
  /** Absent if nothing was stored. */
  readonly kmsKeyArn?: string;
  readonly isSubstitute: boolean;
  readonly refusals: readonly Fault[];
}

/** If put-internal is denied, the source uses the service's key, so that faults of the copy still show. */
function sourceOf(world: World, event: TestEvent, refusals: readonly Fault[]): Source {
  const { kmsKeyArn, serviceKmsKeyArn } = deliveryIn(world, event).internal;
  const verdict = verdictOf(refusals, 'put-internal');
  if (verdict === 'passed') return { kmsKeyArn, isSubstitute: false, refusals };
  const isKeyTrouble = refusals.every(({ step, action }) => step !== 'put-internal' || action.startsWith('kms:'));
  const mayStoreOther = verdict === 'denied' || isKeyTrouble;
  const other = mayStoreOther && serviceKmsKeyArn !== kmsKeyArn ? serviceKmsKeyArn : undefined;
  if (other === undefined) return { isSubstitute: false, refusals };
  const instead = refusalsByStep(world, { ...event, internal: { ...event.internal, kmsKeyArn: other } });
  if (verdictOf(instead, 'put-internal') !== 'passed') return { isSubstitute: false, refusals };
  return { kmsKeyArn: other, isSubstitute: true, refusals: instead };
}

function verdictOf(refusals: readonly Fault[], step: Step): Verdict {
  const its = refusals.filter((fault) => fault.step === step);
  // Faults of clean-up don't change a report's verdict, but are still faults.
  if (step === 'clean-up') return its.length > 0 ? 'denied' : 'passed';
  return outcomeOf(its).verdict;
}
