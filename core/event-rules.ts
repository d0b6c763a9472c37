import { type Arn, arnPattern, parseArn, partitionOf } from './arn.ts';
import { valueAt } from './json.ts';
import { defined } from './values.ts';

/** Rules for single fields of a test event. */
export const patterns = {
  /** `check-` plus this is the name of a role session, which is limited to 64 characters. */
  customer: /^[A-Za-z0-9][A-Za-z0-9._-]{0,57}$/,
  accountId: /^\d{12}$/,
  region: /^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/,
  /** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
  bucket:
    /^(?!xn--|sthree-)(?!.*(?:\.\.|-s3alias$|--ol-s3$|\.mrap$|--x-s3$|--table-s3$))(?!\d+\.\d+\.\d+\.\d+$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
  /** https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id-key-ARN */
  kmsKeyArn: arnPattern(
    /kms:[a-z0-9-]+:\d{12}:key\/(?:mrk-[\da-fA-F]{32}|[\da-fA-F]{8}(?:-[\da-fA-F]{4}){3}-[\da-fA-F]{12})/,
  ),
  roleArn: arnPattern(/iam::\d{12}:role\/[\w+=,.@/-]{1,576}/),
  /**
   * No folder may be `.` or `..`, which have a special meaning in paths. At most 800 characters: an object key has at
   * most 1,024 bytes, and the prefix must fit into a session policy of 2,048 characters. `*`, `?` and `$` would have a
   * special meaning in a policy's Resource. https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
   */
  prefix: /^(?!(?:.*\/)?\.{1,2}\/)(?:[A-Za-z0-9!_.'()&@=;:+, -][A-Za-z0-9!_.'()&@=;:+, /-]{0,798}\/)?$/,
} as const;

/** The defaults of an event's fields, and the Region of the check. */
export interface EventDefaults {
  /** The Region of the function and of the internal bucket. */
  readonly region: string;
  readonly internalBucket?: string;
  readonly deliveryRoleArn?: string;
  /** The function's account. If it is absent, no rule about the owner of an inbox or a key applies. */
  readonly accountId?: string;
  /** Set if the deployment allows customers' inboxes in the service's own account. */
  readonly inboxesInThisAccount?: boolean;
}

/** The fields needed by rules about several fields. Malformed fields are absent. */
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
 * Rules about several fields. They run even if other fields are malformed, to report all problems at once.
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

/** Only the customer's and the service's keys may encrypt staged reports. */
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
  return {
    ...defaults,
    internalKeyGiven: valueAt(input, ['internal', 'kmsKeyArn']) !== undefined,
    internalBucketGiven: valueAt(input, ['internal', 'bucket']) !== undefined,
    ...defined({
      inboxBucket: wellFormed(['inbox', 'bucket'], patterns.bucket),
      inboxAccountId: wellFormed(['inbox', 'accountId'], patterns.accountId),
      internalBucketOfEvent: wellFormed(['internal', 'bucket'], patterns.bucket),
      inboxRegion: wellFormed(['inbox', 'region'], patterns.region),
      inboxKey: arnAt(['inbox', 'kmsKeyArn'], patterns.kmsKeyArn),
      internalKey: arnAt(['internal', 'kmsKeyArn'], patterns.kmsKeyArn),
      deliveryRole: arnAt(['deliveryRoleArn'], patterns.roleArn),
    }),
  };
}
