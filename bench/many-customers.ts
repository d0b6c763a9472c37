import type { TestEvent } from '../core/event.ts';
import type { Bucket, Key, World } from '../model/world/world.ts';

export interface Crowd {
  readonly world: World;
  /** One for each customer. */
  readonly events: readonly TestEvent[];
}

/**
 * A world with many copies of the customer's side of another world. Each customer has its own account, bucket, key,
 * policies and test event.
 *
 * @param count up to 100,000
 */
export function withCustomers(world: World, count: number): Crowd {
  const inbox = existing(world.buckets.get(world.inboxBucket), world.inboxBucket);
  const key = existing(world.keys.get(world.inboxKeyArn), world.inboxKeyArn);
  const account = existing(world.accounts.get(world.customerAccountId), world.customerAccountId);

  const accounts = new Map(world.accounts);
  const buckets = new Map(world.buckets);
  const keys = new Map(world.keys);
  const events: TestEvent[] = [];
  for (let number = 0; number < count; number++) {
    const accountId = String(333333300000 + number);
    // The account's number is part of every customer's names and ARNs.
    const moved = <T>(part: T): T =>
      JSON.parse(JSON.stringify(part).replaceAll(world.customerAccountId, accountId)) as T;
    const { objects: _, ...configuration } = inbox;
    const bucket: Bucket = { ...moved(configuration), objects: new Map() };
    const own: Key = moved(key);
    accounts.set(accountId, moved(account));
    buckets.set(bucket.name, bucket);
    keys.set(own.arn, own);
    events.push({ ...moved(world.defaultEvent), customer: `customer-${String(number).padStart(5, '0')}` });
  }
  return { world: { ...world, accounts, buckets, keys }, events };
}

function existing<T>(found: T | undefined, name: string): T {
  if (found === undefined) throw new Error(`The world has no ${name}.`);
  return found;
}
