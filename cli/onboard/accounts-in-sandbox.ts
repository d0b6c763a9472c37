import { accountArn, partitionIn } from '../../core/arn.ts';
import { InputError } from '../../model/text/input-error.ts';
import { defaults } from '../../model/world/default-names.ts';
import type { Scenario } from '../../model/world/scenario.ts';
import type { World } from '../../model/world/world.ts';
import { scenarioOf } from '../../sandbox/scenario-files.ts';
import { startSandbox } from '../../sandbox/start.ts';
import type { Progress } from '../progress.ts';
import { homeRegion } from '../run/function-settings.ts';
import { synthesizedApp } from '../run/prepare-sandbox.ts';
import { inSandbox } from '../run/served-worlds.ts';
import { verifyingRemedies } from '../run/verifying-remedies.ts';
import type { OnboardAccounts } from './onboard-accounts.ts';
import type { Customer } from './registration.ts';

interface Rehearsed extends Customer {
  readonly stackName: string;
  /** Further parameters of that stack, in addition to those with their own options. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly serviceRegion?: string;
}

/**
 * Both accounts in a new sandbox: the service's as shipped, and the customer's as it is after the customer has deployed
 * the template.
 *
 * @throws InputError if the customer can't be simulated
 */
export async function accountsInSandbox(rehearsed: Rehearsed, progress: Progress): Promise<OnboardAccounts> {
  if (rehearsed.account === defaults.serviceAccountId) {
    throw new InputError(`--account: ${rehearsed.account} is the service's account in the sandbox. Give another one.`);
  }
  const accountA = await synthesizedApp(progress);
  const scenario = await modeled(rehearsed, accountA);
  const { world } = scenario;
  const bugs: unknown[] = [];
  const server = await startSandbox({ world, onBug: (bug) => bugs.push(bug) });
  const access = (accountId: string) => ({
    endpoint: server.url,
    pathStyle: true,
    credentials: administratorOf(world, accountId),
  });
  const { bundleDir } = accountA;
  return {
    service: access(world.serviceAccountId),
    customer: access(world.customerAccountId),
    region: homeRegion(world),
    inSandbox: { scenario, runner: verifyingRemedies(inSandbox({ bundleDir, lanes: 1 })) },
    async end() {
      await server.stop();
      if (bugs.length > 0) throw bugs[0];
    },
  };
}

async function modeled(
  {
    customer,
    account,
    region,
    prefix = defaults.prefix,
    stackName,
    parameters,
    serviceRegion = defaults.region,
  }: Rehearsed,
  accountA: Awaited<ReturnType<typeof synthesizedApp>>,
): Promise<Scenario> {
  const file = {
    name: `${customer} is onboarded`,
    why: 'docs/onboarding.md',
    service: { region: serviceRegion },
    customer: { accountId: account, region, parameters: { CustomerName: customer, Prefix: prefix, ...parameters } },
    expect: { verdict: 'passed' as const },
  };
  try {
    const scenario = await scenarioOf(file, accountA);
    const stacks = (scenario.world.stacks ?? []).map((stack) =>
      stack.accountId === account ? { ...stack, name: stackName } : stack,
    );
    return { ...scenario, world: { ...scenario.world, stacks } };
  } catch (error) {
    if (error instanceof InputError) {
      throw new InputError(`--sandbox: this customer cannot be modeled. ${error.message}`);
    }
    throw error;
  }
}

function administratorOf({ callers }: World, accountId: string) {
  const root = [...callers.values()].find(({ arn }) => arn === accountArn(partitionIn(arn), accountId));
  if (!root) throw new Error(`nobody is root of ${accountId}`);
  const { accessKeyId, secretAccessKey } = root;
  return { accessKeyId, secretAccessKey };
}
