import type { Readable } from 'node:stream';
import type { TestEvent } from '../../core/event.ts';
import { InputError } from '../../model/text/input-error.ts';
import { identify } from '../collect/accounts-to-read.ts';
import { readSource } from '../input/read-source.ts';
import type { Progress } from '../progress.ts';
import type { JobOutcome } from '../run/job.ts';
import { firstCheck } from './first-check.ts';
import { fromOutputs, type GivenOutputs, givenOutputs, stackOutputs } from './given-outputs.ts';
import type { OnboardAccounts } from './onboard-accounts.ts';
import type { OnboardOptions } from './onboard-options.ts';
import { type Registered, register } from './register.ts';
import { registrationOf } from './registration.ts';
import { Registry } from './registry.ts';
import { required, serviceSide } from './service-side.ts';

export interface Onboarded {
  readonly registered: Registered;
  readonly event: TestEvent;
  readonly notes: readonly string[];
  /** Absent if nothing was checked. */
  readonly outcome?: JobOutcome;
}

interface OnboardInput {
  readonly options: OnboardOptions;
  readonly accounts: OnboardAccounts;
  /** The version of the shipped template. */
  readonly shippedVersion: string;
  readonly waitMs?: number;
  readonly stdin: Readable;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly progress: Progress;
}

/**
 * Registers a customer whose stack exists, and runs the first check.
 *
 * @throws InputError for any problem with the input, before anything is written
 */
export async function onboard(input: OnboardInput): Promise<Onboarded> {
  const { options, accounts, shippedVersion, progress } = input;
  const given = await outputsOf(input);
  const { registry: bucket, deliveryRoleArn, internalBucket } = options;
  const enough = bucket !== undefined && deliveryRoleArn !== undefined && internalBucket !== undefined;
  const { account, ...service } = await serviceSide(accounts, options, enough);
  try {
    const registration = await registrationOf(given, options, service, shippedVersion);
    if (!registration.valid) throw new InputError(registration.problems.join('\n'));
    const { event, notes } = registration;
    const name = required(service, 'registry', options.serviceStack);
    const registry = new Registry(account.clients.s3(service.region), name, account.accountId);
    progress.stage(`Looking up ${event.customer} in ${name}…`);
    const registered = await register(registry, event, options);
    const found = { registered, event, notes };
    return isInForce(registered) && options.check
      ? { ...found, outcome: await firstCheck(event, service, input) }
      : found;
  } finally {
    account.clients.destroy();
  }
}

function isInForce({ outcome }: Registered): boolean {
  return outcome === 'created' || outcome === 'replaced' || outcome === 'unchanged';
}

async function outputsOf({ options, accounts, stdin, progress }: OnboardInput): Promise<GivenOutputs> {
  const { outputs, fromStack: name } = options;
  if (outputs !== undefined) return givenOutputs(await readSource(outputs, stdin));
  if (name === undefined) throw new Error('Neither outputs nor a stack were given');
  progress.stage(`Reading the stack ${name} of account ${options.account}…`);
  const profileOption = '--customer-profile';
  const customer = await identify(accounts.customer, options.region);
  if (!customer) {
    throw new InputError(
      `--from-stack: there are no AWS credentials for the customer's account. Name a profile with ${profileOption}, or have the customer send the outputs (--outputs).`,
    );
  }
  try {
    if (customer.accountId !== options.account) {
      throw new InputError(
        `--from-stack: the credentials are of account ${customer.accountId} (${customer.arn}). Allowed: account ${options.account}, as --account says. Name a profile of it with ${profileOption}.`,
      );
    }
    const { region } = options;
    const wanted = { name, region, option: '--from-stack', profileOption, regionOption: '--region' };
    return fromOutputs(await stackOutputs(customer, wanted), `the stack ${name}`);
  } finally {
    customer.clients.destroy();
  }
}
