import { parseArn } from '../../core/arn.ts';
import { parseTestEvent, type TestEvent } from '../../core/event.ts';
import { describeProblems, type Problem } from '../../core/event-problems.ts';
import { valueAt } from '../../core/json.ts';
import type { StackCheckConfiguration } from './configuration.ts';

/** The part of a test event that a stack may set. It may set neither the source nor the role. */
export type StacksEvent = Pick<TestEvent, 'customer' | 'inbox' | 'internal' | 'delivery'>;

type AskedFor =
  | { readonly valid: true; readonly event: StacksEvent }
  /** No delivery is possible with the customer's values. */
  | { readonly valid: false; readonly verdict: 'misconfigured'; readonly why: string }
  /** It may be correct, but can't be checked from here. */
  | { readonly valid: false; readonly verdict: 'inconclusive'; readonly why: string };

/** @returns the account that a customer is registered with; undefined if it is not registered */
export type RegisteredAccount = (customer: string) => Promise<string | undefined>;

/**
 * Reads the test event in the custom resource's properties, and keeps what the customer may set: an inbox in its own
 * account, with a key in its own account.
 *
 * @param accountId the account of the stack
 * @throws the errors of `registeredAccount`
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
    // The sentence doesn't reveal the owner's account.
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
