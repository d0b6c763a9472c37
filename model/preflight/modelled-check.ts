import type { TestEvent } from '../../core/event.ts';
import { inboxTestObjectKey, internalTestObjectKey } from '../../core/object-keys.ts';
import type { Report, RequestSummary, StepResult } from '../../core/report.ts';
import type { Step, Verdict } from '../../core/vocabulary.ts';
import { type Fault, refusalsByStep } from '../analysis/faults.ts';
import { outcomeOf } from '../analysis/outcome.ts';
import { checkCaller } from '../world/callers.ts';
import { delivererIn, deliveryIn } from '../world/delivery-in.ts';
import type { World } from '../world/world.ts';

/** Stands for any run. */
const runId = 'run';
const notAsked = "The event's steps don't ask for it.";

/**
 * What the check would say of two accounts, by what is wrong with them: its report without times, AWS's answers and
 * diagnoses.
 */
export function modelledCheck(world: World, event: TestEvent): Report {
  const { inbox, internal, customer, deliveryRoleArn, steps: asked } = deliveryIn(world, event);
  const refusals = refusalsByStep(world, event);
  const { region } = internal;
  const object = { bucket: internal.bucket, key: internalTestObjectKey(customer, runId) };
  const ofInternal = { ...object, expectedBucketOwner: internal.accountId, region };
  const tried = (step: Step, request: RequestSummary, some = refusals): Tried => {
    const verdict = verdictOf(some, step);
    const status = verdict === 'passed' ? 'passed' : verdict === 'denied' ? 'denied' : 'failed';
    return { verdict, result: { step, status, durationMs: 0, request } };
  };

  const assumed = deliveryRoleArn
    ? tried('assume-delivery-role', { operation: 'AssumeRole', roleArn: deliveryRoleArn, region })
    : skipped('assume-delivery-role', "No delivery role is configured: the caller's own credentials deliver.");
  const halted = isStopped(assumed) ? 'The delivery role was not assumed.' : undefined;
  const source = halted === undefined ? sourceOf(world, event, refusals) : undefined;

  const put = halted
    ? skipped('put-internal', halted)
    : tried('put-internal', { operation: 'PutObject', ...ofInternal, kmsKeyArn: internal.kmsKeyArn });
  const copy = !source?.kmsKeyArn
    ? skipped('copy-to-inbox', halted ?? 'There is no object to copy: put-internal stored nothing.')
    : tried(
        'copy-to-inbox',
        {
          operation: 'CopyObject',
          bucket: inbox.bucket,
          key: inboxTestObjectKey(inbox.prefix),
          copySource: `${object.bucket}/${object.key}`,
          kmsKeyArn: inbox.kmsKeyArn,
          sourceKmsKeyArn: source.kmsKeyArn,
          ...(inbox.acl && { acl: inbox.acl }),
          expectedBucketOwner: inbox.accountId,
          region: inbox.region,
        },
        source.refusals,
      );
  const verified: Tried =
    copy.result.status === 'passed' && asked.includes('copy-to-inbox')
      ? { verdict: 'passed', result: { step: 'verify-delivery', status: 'passed', durationMs: 0 } }
      : skipped('verify-delivery', halted ?? 'Nothing was delivered.');
  const cleaned = source?.kmsKeyArn
    ? tried('clean-up', { operation: 'DeleteObject', ...ofInternal })
    : skipped('clean-up', halted ?? 'Nothing was stored.');

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

/** Without an object there is nothing to copy, so put-internal is tried whether the event asks for it or not. */
function unasked({ result, verdict }: Tried): Tried {
  const { step } = result;
  if (step !== 'put-internal' || result.status === 'skipped') return skipped(step, result.reason ?? notAsked);
  return verdict === 'passed'
    ? { verdict, result: { ...result, reason: 'Not asked for: it stored the object to be copied.' } }
    : skipped(step, 'Not asked for: it was tried only to store the object to be copied.');
}

/** What there is to be copied, and what refuses the copy of it. */
interface Source {
  /** Absent where nothing was stored. */
  readonly kmsKeyArn?: string;
  readonly isSubstitute: boolean;
  readonly refusals: readonly Fault[];
}

/** So that a refused put-internal does not hide what is wrong with the copy, the source then lies under the service's key. */
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
  // Faults of clean-up change no verdict of a report, and are faults all the same.
  if (step === 'clean-up') return its.length > 0 ? 'denied' : 'passed';
  return outcomeOf(its).verdict;
}
