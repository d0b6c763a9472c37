import type { AccountNames } from './default-names.ts';
import type { Stack } from './from-templates.ts';
import { ScenarioError } from './scenario-error.ts';
import type { Bucket, Key, Role } from './world.ts';

interface MainResources {
  readonly deliveryRole: Role;
  readonly checkRole: Role;
  readonly internalBucket: Bucket;
  readonly serviceKey: Key;
  readonly inbox: Bucket;
  readonly inboxKey: Key;
  readonly functionEnvironment: Readonly<Record<string, string>>;
}

/** @throws ScenarioError if it is unclear which of the template's buckets and keys are the inbox's */
export function mainResources(
  serviceStack: Stack,
  customerStack: Stack,
  customer: AccountNames,
  names: InboxNames,
  file: string | undefined,
): MainResources {
  const [check] = serviceStack.functions;
  const environment = check?.environment ?? {};
  const notTold = (what: string, found: readonly string[], fix: string): ScenarioError => {
    const made =
      found.length === 0
        ? `makes no ${what}`
        : `makes ${found.length} ${what}s, and none is known to be the inbox's: ${found.join(', ')}. ${fix}`;
    return new ScenarioError(file, 'customer.template', `the template of account ${customer.accountId} ${made}`);
  };
  const inbox = customerStack.inbox ?? inboxIn(customerStack, names);
  if (!inbox) {
    const found = customerStack.buckets.map(({ name }) => name);
    throw notTold('bucket', found, 'Give a test event whose inbox.bucket names it.');
  }
  const inboxKey = customerStack.inboxKey ?? inboxKeyIn(customerStack, inbox, names);
  if (!inboxKey) {
    const found = customerStack.keys.map(({ arn }) => arn);
    throw notTold('key', found, `Let it be the default encryption of ${inbox.name}, or leave the others out.`);
  }
  return {
    deliveryRole: named('role', serviceStack.roles, ({ arn }) => arn === environment['DELIVERY_ROLE_ARN']),
    checkRole: named('role', serviceStack.roles, ({ arn }) => arn === check?.roleArn),
    internalBucket: named('bucket', serviceStack.buckets, ({ name }) => name === environment['INTERNAL_BUCKET']),
    serviceKey: named('key', serviceStack.keys, ({ arn }) => arn === environment['SERVICE_KMS_KEY_ARN']),
    inbox,
    inboxKey,
    functionEnvironment: environment,
  };
}

function named<T>(what: string, items: readonly T[], matches: (item: T) => boolean): T {
  const item = items.find(matches);
  if (item === undefined) throw new Error(`Account A's template has no ${what} that its function's environment names`);
  return item;
}

/** Facts that distinguish the inbox and its key from a template's other resources. */
export interface InboxNames {
  readonly serviceAccountId: string;
  /** From a test event. */
  readonly inboxBucket?: string | undefined;
}

/** Undefined if unclear. */
export function inboxIn({ buckets }: Stack, { serviceAccountId, inboxBucket }: InboxNames): Bucket | undefined {
  return firstTold(buckets, [
    ({ name }) => name === inboxBucket,
    () => true,
    ({ policy }) => speaksOf(policy, serviceAccountId),
    ({ name }) => name.startsWith('secure-inbox-'),
  ]);
}

export function inboxKeyIn({ keys }: Stack, inbox: Bucket, { serviceAccountId }: InboxNames): Key | undefined {
  return firstTold(keys, [
    ({ arn }) => arn === inbox.defaultEncryption.kmsKeyArn,
    () => true,
    ({ policy }) => speaksOf(policy, serviceAccountId),
  ]);
}

/** The item that is the only one with a mark, for the first mark where that is so. */
function firstTold<T>(items: readonly T[], marks: readonly ((item: T) => boolean)[]): T | undefined {
  for (const mark of marks) {
    const [marked, ...others] = items.filter(mark);
    if (marked !== undefined && others.length === 0) return marked;
  }
  return undefined;
}

function speaksOf(policy: unknown, accountId: string): boolean {
  return JSON.stringify(policy ?? null).includes(accountId);
}
