import type { AccountNames } from './default-names.ts';
import type { Stack } from './from-templates.ts';
import { ScenarioError } from './scenario-error.ts';
import type { Bucket, Key, Role } from './world.ts';

/** Which of the two templates' resources play which part in the delivery. */
export interface MainResources {
  readonly deliveryRole: Role;
  readonly checkRole: Role;
  readonly internalBucket: Bucket;
  readonly serviceKey: Key;
  readonly inbox: Bucket;
  readonly inboxKey: Key;
  readonly functionEnvironment: Readonly<Record<string, string>>;
}

/** @throws ScenarioError if the customer's template does not make one bucket and one key that can be told from others */
export function mainResources(
  serviceStack: Stack,
  customerStack: Stack,
  customer: AccountNames,
  file: string | undefined,
): MainResources {
  const [check] = serviceStack.functions;
  const environment = check?.environment ?? {};
  const only = <T>(what: string, items: readonly T[], preferred: (item: T) => boolean): T => {
    const item = items.find(preferred) ?? (items.length === 1 ? items[0] : undefined);
    if (item !== undefined) return item;
    const made =
      items.length === 0 ? `makes no ${what}` : `makes ${items.length} ${what}s, and none is known to be the inbox's`;
    throw new ScenarioError(file, 'customer.template', `the template of account ${customer.accountId} ${made}`);
  };
  const inbox = only('bucket', customerStack.buckets, ({ name }) => name.startsWith('secure-inbox-'));
  return {
    deliveryRole: named('role', serviceStack.roles, ({ arn }) => arn === environment['DELIVERY_ROLE_ARN']),
    checkRole: named('role', serviceStack.roles, ({ arn }) => arn === check?.roleArn),
    internalBucket: named('bucket', serviceStack.buckets, ({ name }) => name === environment['INTERNAL_BUCKET']),
    serviceKey: named('key', serviceStack.keys, ({ arn }) => arn === environment['SERVICE_KMS_KEY_ARN']),
    inbox,
    inboxKey: only('key', customerStack.keys, ({ arn }) => arn === inbox.defaultEncryption.kmsKeyArn),
    functionEnvironment: environment,
  };
}

function named<T>(what: string, items: readonly T[], matches: (item: T) => boolean): T {
  const item = items.find(matches);
  if (item === undefined) throw new Error(`Account A's template has no ${what} that its function's environment names`);
  return item;
}
