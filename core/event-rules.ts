import { type Arn, parseArn, partitionOf } from './arn.ts';
import { patterns } from './event-patterns.ts';

/** What stands in for a field that an event leaves out, and where the check runs. */
export interface EventDefaults {
  /** The Region of the function and of the internal bucket. */
  readonly region: string;
  readonly internalBucket?: string;
  readonly deliveryRoleArn?: string;
  /** The account of the function. Without it, nothing is said about whose an inbox or a key is. */
  readonly accountId?: string;
  /** Set where the deployment says that customers' inboxes are in the service's own account. */
  readonly inboxesInThisAccount?: boolean;
}

/** What the fields of an event say together; a field that is malformed by itself is left out. */
export interface EventFacts extends EventDefaults {
  readonly inboxRegion?: string;
  readonly inboxBucket?: string;
  readonly inboxAccountId?: string;
  readonly internalBucketOfEvent?: string;
  readonly inboxKey?: Arn;
  readonly internalKey?: Arn;
  readonly internalKeyGiven: boolean;
  readonly internalBucketGiven: boolean;
  readonly deliveryRole?: Arn;
}

export interface BrokenRule {
  readonly rule: RuleName;
  readonly facts: EventFacts;
}

/**
 * What no field can be wrong about alone. Checked also where other fields are malformed, so that everything is
 * reported at once.
 */
const rules = {
  'inbox-key-in-bucket-region': ({ inboxRegion, inboxKey }) =>
    inboxRegion !== undefined && inboxKey !== undefined && inboxKey.region !== inboxRegion,
  'internal-key-in-bucket-region': ({ internalKey, region }) =>
    internalKey !== undefined && internalKey.region !== region,
  'internal-key-given': ({ internalKeyGiven, inboxRegion, region }) =>
    !internalKeyGiven && inboxRegion !== undefined && inboxRegion !== region,
  'internal-bucket-given': ({ internalBucketGiven, internalBucket }) => !internalBucketGiven && !internalBucket,
  'inbox-in-partition': ({ inboxRegion, region }) =>
    inboxRegion !== undefined && partitionOf(inboxRegion) !== partitionOf(region),
  'inbox-key-in-partition': ({ inboxKey, region }) => isForeign(inboxKey, region),
  'internal-key-in-partition': ({ internalKey, region }) => isForeign(internalKey, region),
  'inbox-is-not-internal': ({ inboxBucket, internalBucketOfEvent, internalBucket }) =>
    inboxBucket !== undefined && inboxBucket === (internalBucketOfEvent ?? internalBucket),
  'inbox-of-another-account': ({ inboxAccountId, accountId, inboxesInThisAccount }) =>
    inboxAccountId !== undefined && inboxAccountId === accountId && !inboxesInThisAccount,
  'internal-key-of-either-side': (facts) => {
    const { internalKey, inboxAccountId, accountId } = facts;
    if (internalKey === undefined || inboxAccountId === undefined || accountId === undefined) return false;
    return !ownersOf(facts).includes(internalKey.accountId);
  },
  'role-in-partition': ({ deliveryRole, region }) => isForeign(deliveryRole, region),
} as const satisfies Readonly<Record<string, (facts: EventFacts) => boolean>>;
export type RuleName = keyof typeof rules;

export function brokenRules(input: unknown, defaults: EventDefaults): readonly BrokenRule[] {
  const facts = factsOf(input, defaults);
  return (Object.keys(rules) as RuleName[]).filter((rule) => rules[rule](facts)).map((rule) => ({ rule, facts }));
}

/** Whose keys may encrypt what waits: the customer's and the service's, and nobody else's. */
export function ownersOf({ inboxAccountId, inboxKey, accountId, deliveryRole, deliveryRoleArn }: EventFacts): string[] {
  const role = deliveryRole ?? parseArn(deliveryRoleArn ?? '');
  const owners = [inboxAccountId, inboxKey?.accountId, accountId, role?.accountId];
  return [...new Set(owners.filter((owner) => owner !== undefined))];
}

function isForeign(arn: Arn | undefined, region: string): boolean {
  return arn !== undefined && arn.partition !== partitionOf(region);
}

function factsOf(input: unknown, defaults: EventDefaults): EventFacts {
  const wellFormed = (path: readonly string[], pattern: RegExp) => {
    const value = valueAt(input, path);
    return typeof value === 'string' && pattern.test(value) ? value : undefined;
  };
  const arnAt = (path: readonly string[], pattern: RegExp) => parseArn(wellFormed(path, pattern) ?? '');
  const inboxBucket = wellFormed(['inbox', 'bucket'], patterns.bucket);
  const inboxAccountId = wellFormed(['inbox', 'accountId'], patterns.accountId);
  const internalBucketOfEvent = wellFormed(['internal', 'bucket'], patterns.bucket);
  const inboxRegion = wellFormed(['inbox', 'region'], patterns.region);
  const inboxKey = arnAt(['inbox', 'kmsKeyArn'], patterns.kmsKeyArn);
  const internalKey = arnAt(['internal', 'kmsKeyArn'], patterns.kmsKeyArn);
  const deliveryRole = arnAt(['deliveryRoleArn'], patterns.roleArn);
  return {
    ...defaults,
    internalKeyGiven: valueAt(input, ['internal', 'kmsKeyArn']) !== undefined,
    internalBucketGiven: valueAt(input, ['internal', 'bucket']) !== undefined,
    ...(inboxBucket && { inboxBucket }),
    ...(inboxAccountId && { inboxAccountId }),
    ...(internalBucketOfEvent && { internalBucketOfEvent }),
    ...(inboxRegion && { inboxRegion }),
    ...(inboxKey && { inboxKey }),
    ...(internalKey && { internalKey }),
    ...(deliveryRole && { deliveryRole }),
  };
}

/** @returns undefined where a name on the way is missing or leads into something that is not an object */
export function valueAt(input: unknown, path: readonly (string | number)[]): unknown {
  let value = input;
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string | number, unknown>)[name];
  }
  return value;
}
