import type { TestEvent } from '../../core/event.ts';
import { namesOf, type Step, steps, type Verdict } from '../../core/vocabulary.ts';
import { type Fault, faultsOf } from '../../model/analysis/faults.ts';
import { deliveryIn } from '../../model/world/delivery-in.ts';
import type { World } from '../../model/world/world.ts';

/** The required report of a check of a world. */
export interface Outcome {
  readonly verdict: Verdict;
  readonly deniedStep?: Step;
}

export interface Truth {
  readonly faults: readonly Fault[];
  /** The outcome, and what an honest check may also report if it can't know. */
  readonly outcomes: readonly [Outcome, ...Outcome[]];
}

/** Derived from a world's faults, not from any answers. */
export function truthOf(world: World, event: TestEvent): Truth {
  const faults = faultsOf(world, event);
  return { faults, outcomes: [outcomeOf(world, event, faults), ...withoutItsSource(world, event)] };
}

/**
 * A copy that is checked alone needs an object to copy. If none can be stored with the internal key, the check may
 * leave open whether copying it would succeed, and a copy with the service's own key may reveal further faults. It must
 * not claim that a copy would succeed.
 */
function withoutItsSource(world: World, event: TestEvent): readonly Outcome[] {
  if (event.steps === undefined || event.steps.includes('put-internal')) return [];
  const put: TestEvent = { ...event, steps: ['put-internal'] };
  if (outcomeOf(world, put, faultsOf(world, put)).verdict === 'passed') return [];
  const substitute: TestEvent = { ...event, internal: { ...event.internal, kmsKeyArn: world.serviceKeyArn } };
  const behind = outcomeOf(world, substitute, faultsOf(world, substitute));
  return [{ verdict: 'inconclusive' }, ...(behind.verdict === 'passed' ? [] : [behind])];
}

function outcomeOf(world: World, event: TestEvent, faults: readonly Fault[]): Outcome {
  // Leftovers don't make a delivery fail.
  const wrong = faults
    .filter(({ step }) => step !== 'clean-up')
    .toSorted((a, b) => positionOf(world, event, a) - positionOf(world, event, b));
  const deniedStep = namesOf(steps).find((step) => wrong.some((one) => one.step === step));
  const first = wrong.find(({ step }) => step === deniedStep);
  if (!first || !deniedStep) return { verdict: 'passed' };
  return { verdict: isTold(world, first) ? 'misconfigured' : 'denied', deniedStep };
}

/**
 * A request is denied at the first of its checks that fails: whether S3 has the bucket in this Region with this owner,
 * starting with the bucket that the request is sent to; then S3's permissions; then KMS's, which checks a key's state
 * after the permission.
 */
function positionOf(world: World, event: TestEvent, { action, layer, resource }: Fault): number {
  const { inbox } = deliveryIn(world, event);
  const isInbox = resource.startsWith(`arn:aws:s3:::${inbox.bucket}/`);
  if (action.startsWith('s3:') && aboutTheResource.has(layer)) return isInbox ? 0 : 1;
  return 2 + questions.indexOf(action) + (lateness[layer] ?? 0);
}

const questions = [
  'sts:AssumeRole',
  's3:GetObject',
  's3:PutObject',
  's3:PutObjectAcl',
  'kms:Decrypt',
  'kms:GenerateDataKey',
];
/**
 * S3 checks the connection after permissions and before it calls KMS, and KMS checks the key's state after the
 * permission.
 */
const lateness: Readonly<Record<string, number>> = {
  'plain-http': 1.5,
  'key-missing': -0.25,
  region: -0.25,
  'key-state': 0.5,
};

const aboutTheResource: ReadonlySet<string> = new Set(['bucket-missing', 'bucket-owner', 'region']);

/** AWS says what is wrong with a resource, but not if another account has a key, or who owns a bucket. */
function isTold({ serviceAccountId }: World, { layer, action, accountId }: Fault): boolean {
  switch (layer) {
    case 'bucket-missing':
    case 'key-state':
    case 'plain-http':
      return true;
    case 'region':
    case 'key-missing':
      return action.startsWith('s3:') || accountId === serviceAccountId;
    default:
      return false;
  }
}
