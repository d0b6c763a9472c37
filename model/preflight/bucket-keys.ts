import type { TestEvent } from '../../core/event.ts';
import { namesOf, steps } from '../../core/vocabulary.ts';
import { type Fault, faultsOf, isSameRefusal } from '../analysis/faults.ts';
import { deliveryIn } from '../world/delivery-in.ts';
import type { World } from '../world/world.ts';

type BucketOfDelivery = 'internal' | 'inbox';

interface WithAnyBucketKeys {
  readonly decisive: ReadonlySet<BucketOfDelivery>;
  /** Faults with and without Bucket Keys. */
  readonly certain: readonly Fault[];
}

/**
 * With a Bucket Key, S3 states the bucket to KMS as the encryption context, else the object. Where nobody knows which,
 * both are tried.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html#bucket-key-changes
 *
 * @param faults of the world as it stands
 * @param unknown buckets of whose default encryption nothing is known
 */
export function withAnyBucketKeys(
  world: World,
  event: TestEvent,
  faults: readonly Fault[],
  unknown: readonly BucketOfDelivery[],
): WithAnyBucketKeys {
  if (unknown.length === 0) return { decisive: new Set(), certain: faults };
  const faultsIn = (worlds: readonly World[]) => worlds.map((one) => faultsOf(one, event));
  const versions = faultsIn(unknown.reduce((worlds, name) => worlds.flatMap((one) => both(one, event, name)), [world]));
  const alone: BucketOfDelivery[] = [];
  for (const name of unknown) if (differ(faultsIn(both(world, event, name)))) alone.push(name);
  return {
    decisive: new Set(alone.length === 0 && differ(versions) ? unknown : alone),
    certain: faults.flatMap((fault) => {
      const found = versions.map((version) => version.find((other) => isSameRefusal(fault, other)));
      // Of one that is there in any case, the last of the steps that it may first show at.
      return found.every((one) => one !== undefined) ? [found.reduce(later)] : [];
    }),
  };
}

function both(world: World, event: TestEvent, name: BucketOfDelivery): readonly World[] {
  const bucket = world.buckets.get(deliveryIn(world, event)[name].bucket);
  if (!bucket) return [world];
  return [true, false].map((bucketKeyEnabled) => {
    const defaultEncryption = { ...bucket.defaultEncryption, bucketKeyEnabled };
    return { ...world, buckets: new Map(world.buckets).set(bucket.name, { ...bucket, defaultEncryption }) };
  });
}

function differ(versions: readonly (readonly Fault[])[]): boolean {
  const [first = [], ...others] = versions;
  return others.some(
    (other) =>
      other.length !== first.length ||
      first.some((fault) => !other.some((one) => isSameRefusal(fault, one) && fault.step === one.step)),
  );
}

function later(a: Fault, b: Fault): Fault {
  const order = namesOf(steps);
  return order.indexOf(b.step) > order.indexOf(a.step) ? b : a;
}
