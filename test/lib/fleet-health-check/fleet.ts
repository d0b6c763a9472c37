import { type Item, text } from './fakes/expressions.ts';
import { type Account, accountWith } from './fakes/services.ts';
import { type Integrations, integrationsWith, type Json, TaskFailed } from './integrations.ts';
import { healthCheckTemplate } from './stack.ts';
import { type Run, type RunOptions, run } from './step-functions.ts';
import { synthesizedDefinition } from './synthesized-definition.ts';

/** Handles invocations: the deployed function, or a replacement. */
export interface CheckFunction {
  /** Keys in the registry, in the order of the customers. */
  readonly keys: readonly string[];
  /** @returns the function's answer; rejects with TaskFailed if the function fails */
  invoke(payload: Json, crash: boolean): Promise<unknown>;
  stop(): Promise<unknown>;
}

/** The treatment of an invocation for some registry keys. */
export type Interference = (keys: readonly string[]) => 'throttle' | 'crash' | undefined;

/** The state machine with everything that it uses. */
export interface Fleet {
  readonly account: Account;
  readonly keys: readonly string[];
  /** Registry keys of each invocation that reached the function, in order. */
  readonly invocations: readonly (readonly string[])[];
  /** A test replaces this to disturb invocations. */
  interfere: Interference;
  /** Runs the state machine. */
  check(input?: Json, options?: Partial<RunOptions>): Promise<Run>;
  item(customer: number): Item;
  status(customer: number): string | undefined;
  /** `customer: previous → now`, for each announced change. */
  changes(): readonly string[];
  stop(): Promise<unknown>;
}

const definition = synthesizedDefinition(healthCheckTemplate());

export function startFleet(check: CheckFunction): Fleet {
  const account = accountWith(() => check.keys);
  const invocations: string[][] = [];
  let runs = 0;
  const itemOf = (customer: number) => account.items.get(check.keys[customer] ?? '');

  const fleet: Fleet = {
    account,
    keys: check.keys,
    invocations,
    interfere: () => undefined,
    check: (input = {}, options = {}) => run(definition, input, { name: `run-${++runs}`, integrations, ...options }),
    item: (customer) => itemOf(customer) ?? {},
    status: (customer) => text(itemOf(customer)?.['status']),
    changes: () =>
      account.events
        .filter(({ detailType }) => detailType === 'Customer Configuration Status Change')
        .map(({ detail }) => `${detail['customer']}: ${detail['previousStatus']} → ${detail['status']}`),
    stop: () => check.stop(),
  };
  const integrations: Integrations = integrationsWith(account, async (payload) => {
    const wanted = (payload['Items'] as readonly { readonly Key: string }[]).map(({ Key }) => Key);
    const interference = fleet.interfere(wanted);
    if (interference === 'throttle') throw new TaskFailed('Lambda.TooManyRequestsException', 'Rate Exceeded.');
    invocations.push(wanted);
    return check.invoke(payload, interference === 'crash');
  });
  return fleet;
}
