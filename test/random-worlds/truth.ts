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
  /** The outcome, and what an honest check may also say where it cannot know. */
  readonly outcomes: readonly [Outcome, ...Outcome[]];
}

/** Derived from the faults of a world, not from what anything answered. */
export function truthOf(world: World, event: TestEvent): Truth {
  const faults = faultsOf(world, event);
  return { faults, outcomes: [outcomeOf(world, event, faults), ...withoutItsSource(world, event)] };
}

/**
 * A copy that is checked by itself needs an object to copy. Where none can be stored under the internal key, the
 * question whether a copy of it would succeed may stay open, and a copy from under the service's own key may show what
 * is wrong behind that. That a copy would succeed must not be claimed.
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
  // Leftovers do not make a delivery fail.
  const wrong = faults
    .filter(({ step }) => step !== 'clean-up')
    .toSorted((a, b) => positionOf(world, event, a) - positionOf(world, event, b));
  const deniedStep = namesOf(steps).find((step) => wrong.some((one) => one.step === step));
  const first = wrong.find(({ step }) => step === deniedStep);
  if (!first || !deniedStep) return { verdict: 'passed' };
  return { verdict: isTold(world, first) ? 'misconfigured' : 'denied', deniedStep };
}

/**
 * A request is refused by the first of its questions that goes wrong: whether S3 has the bucket, here and of this
 * owner, first for the bucket that the request is sent to; then what S3 has to allow; then what KMS has to, which
 * looks at the state of a key after the permission.
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
/** S3 looks at the connection after permissions and before it asks KMS, and KMS at the key's state after the permission. */
const lateness: Readonly<Record<string, number>> = {
  'plain-http': 1.5,
  'key-missing': -0.25,
  region: -0.25,
  'key-state': 0.5,
};

const aboutTheResource: ReadonlySet<string> = new Set(['bucket-missing', 'bucket-owner', 'region']);

/** AWS says what is wrong with a resource, but not whether another account has a key, and not who owns a bucket. */
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
