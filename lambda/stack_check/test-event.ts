import { parseArn } from '../../core/arn.ts';
import { parseTestEvent, type TestEvent } from '../../core/event.ts';
import { describeProblems, type Problem } from '../../core/event-problems.ts';
import { valueAt } from '../../core/json.ts';
import type { StackCheckConfiguration } from './configuration.ts';

/** The part of a test event that a stack may set. It may not set the source or the role. */
export type StacksEvent = Pick<TestEvent, 'customer' | 'inbox' | 'internal' | 'delivery'>;

type AskedFor =
  | { readonly valid: true; readonly event: StacksEvent }
  /** The customer's values can't be delivered to. */
  | { readonly valid: false; readonly verdict: 'misconfigured'; readonly why: string }
  /** It may be in order, and is not looked at from here. */
  | { readonly valid: false; readonly verdict: 'inconclusive'; readonly why: string };

/** @returns the account that a customer is registered with; undefined where it is not registered */
export type RegisteredAccount = (customer: string) => Promise<string | undefined>;

/**
 * Takes the test event out of the custom resource's properties, and out of the event what is the customer's to say: an
 * inbox of the own account, under a key of the own account.
 *
 * @param accountId whose stack it is
 * @throws what `registeredAccount` throws
 */
export async function testEventIn(
  properties: Readonly<Record<string, unknown>>,
  accountId: string,
  {
    region,
    internalBucket,
    serviceKmsKeyArn,
  }: Pick<StackCheckConfiguration, 'region' | 'internalBucket' | 'serviceKmsKeyArn'>,
  registeredAccount: RegisteredAccount,
): Promise<AskedFor> {
  const { TestEvent: given } = properties;
  const parsed = await parseTestEvent(given, { region, internalBucket });
  const malformed = parsed.valid ? [] : parsed.problems;
  const named = malformed.map(({ path }) => path);
  const refused = notTheCustomersToSay(given, accountId, serviceKmsKeyArn);
  const problems = [...malformed, ...refused.filter(({ path }) => !named.includes(path))];
  if (!parsed.valid || problems.length > 0) {
    return { valid: false, verdict: 'misconfigured', why: describeProblems(problems) };
  }
  const { customer, inbox, internal, delivery } = parsed.event;
  const keyAccountId = parseArn(inbox.kmsKeyArn)?.accountId;
  if (keyAccountId !== accountId) {
    const why =
      `The key belongs to account ${keyAccountId}, and a stack of account ${accountId} can have only its own keys ` +
      'checked. Ask the service to run the check itself.';
    return { valid: false, verdict: 'inconclusive', why };
  }
  const registered = await registeredAccount(customer);
  if (registered !== undefined && registered !== accountId) {
    // The sentence does not say whose account that is.
    const problem = {
      path: 'customer',
      found: `${JSON.stringify(customer)} is registered with another account than ${accountId}.`,
      allowed: 'the name that the service has given you',
      fix: "Correct the stack's parameter CustomerName.",
    };
    return { valid: false, verdict: 'misconfigured', why: describeProblems([problem]) };
  }
  return { valid: true, event: { customer, inbox, ...(internal && { internal }), ...(delivery && { delivery }) } };
}

const fields: Readonly<Record<string, readonly string[]>> = {
  '': ['customer', 'inbox', 'internal', 'delivery'],
  internal: ['kmsKeyArn'],
};

function notTheCustomersToSay(given: unknown, accountId: string, serviceKmsKeyArn: string): readonly Problem[] {
  const problems = Object.entries(fields).flatMap(([path, allowed]): readonly Problem[] => {
    const object = path === '' ? given : valueAt(given, [path]);
    if (typeof object !== 'object' || object === null) return [];
    return Object.keys(object)
      .filter((name) => !allowed.includes(name))
      .map((name) => ({
        path: path === '' ? name : `${path}.${name}`,
        found: 'is not taken from a stack.',
        allowed: allowed.join(', '),
        fix: 'Take it out.',
      }));
  });
  const wanted = [
    {
      path: ['inbox', 'accountId'],
      is: accountId,
      allowed: `${accountId}, the account of the stack`,
      fix: 'Deploy the stack in the account that owns the bucket.',
    },
    {
      path: ['internal', 'kmsKeyArn'],
      is: serviceKmsKeyArn,
      allowed: `${serviceKmsKeyArn}, the service's own key`,
      fix: "Correct the stack's parameter SenderKeyArn, or leave it empty to have waiting reports under your key.",
    },
  ].flatMap(({ path, is, ...told }) => {
    const found = valueAt(given, path);
    return found === undefined || found === is
      ? []
      : [{ path: path.join('.'), found: `${JSON.stringify(found)}.`, ...told }];
  });
  return [...problems, ...wanted];
}
