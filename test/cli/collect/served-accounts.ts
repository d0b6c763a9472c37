import { AccountClients } from '../../../cli/collect/account-clients.ts';
import { type GatherOptions, gatherAccounts } from '../../../cli/collect/gather-accounts.ts';
import { type CollectedScenario, scenarioFrom } from '../../../cli/collect/scenario-from.ts';
import { keptIn } from '../../../core/values.ts';
import type { Caller, World } from '../../../model/world/world.ts';
import { type Assembly, assembly } from '../../../sandbox/assembly.ts';
import { defaultScenario } from '../../../sandbox/scenario-files.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/start.ts';
import type { SandboxResponse } from '../../../sandbox/wire/operation.ts';

/** Two accounts, read as collect reads them. */
export interface ServedAccounts {
  readonly accountA: Assembly;
  readonly url: string;
  serve(world: World): void;
  /** Replaces the sandbox's answer until the end of the test. */
  answer(operation: string, response: SandboxResponse): void;
  collect(world: World, changes?: Partial<GatherOptions>): Promise<CollectedScenario>;
}

export function servedAccounts(): ServedAccounts {
  let accountA: Assembly | undefined;
  let sandbox: Sandbox | undefined;
  // All tests share the clients, so that each client resolves its settings and connects only once.
  const clients = new Map<string, AccountClients>();
  const bugs: unknown[] = [];
  const answers = new Map<string, SandboxResponse>();

  beforeAll(async () => {
    process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
    accountA = await assembly();
    const { world } = await defaultScenario(accountA);
    sandbox = await startSandbox({
      world,
      onBug: (bug) => bugs.push(bug),
      intercept: ({ operation }) => {
        const response = answers.get(operation);
        return response && { kind: 'answer', response };
      },
    });
  });
  afterEach(() => {
    answers.clear();
    expect(bugs.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    for (const each of clients.values()) each.destroy();
    await sandbox?.stop();
  });

  function account(world: World, accountId: string) {
    const credentials = rootOf(world, accountId);
    const make = () => new AccountClients({ endpoint: url(), pathStyle: true, credentials });
    return { accountId, clients: keptIn(clients, JSON.stringify(credentials), make) };
  }
  function url(): string {
    return sandbox?.url ?? '';
  }

  return {
    get accountA() {
      if (!accountA) throw new Error('not synthesized yet');
      return accountA;
    },
    get url() {
      return url();
    },
    serve: (world) => sandbox?.use(world),
    answer: (operation, response) => answers.set(operation, response),
    async collect(world, changes = {}) {
      this.serve(world);
      const collected = await gatherAccounts({
        event: world.defaultEvent,
        service: account(world, world.serviceAccountId),
        customer: account(world, world.customerAccountId),
        region: world.buckets.get(world.internalBucket)?.region ?? '',
        functionName: 'customer_configuration_check',
        environment: {},
        onProgress: () => {},
        ...changes,
      });
      return scenarioFrom(collected, this.accountA, new Date());
    },
  };
}

/** The root user, who may do everything that the account may. */
export function rootOf({ callers }: World, accountId: string): Caller {
  const root = [...callers.values()].find(({ arn }) => arn.endsWith(`:iam::${accountId}:root`));
  if (!root) throw new Error(`nobody is root of ${accountId}`);
  return root;
}
