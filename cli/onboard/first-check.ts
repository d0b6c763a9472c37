import type { TestEvent } from '../../core/event.ts';
import type { Progress } from '../progress.ts';
import { choosePlan } from '../run/choose-plan.ts';
import type { Job, JobOutcome, Runner } from '../run/job.ts';
import type { OnboardAccounts } from './accounts.ts';
import type { ServiceValues } from './service-side.ts';
import { runAlone, untilAllowed } from './until-allowed.ts';

interface CheckPlace {
  /** Of the deployed Lambda. */
  readonly function: string;
  readonly local?: true;
  readonly serviceProfile?: string;
  /** How long a denial is given to pass; absent for one check. */
  readonly waitMs?: number;
}

/** Runs the check of a customer where the options say: deployed, here, or in the sandbox. */
export async function firstCheck(
  event: TestEvent,
  place: CheckPlace,
  { accounts, service }: { readonly accounts: OnboardAccounts; readonly service: ServiceValues },
  env: Readonly<Record<string, string | undefined>>,
  progress: Progress,
): Promise<JobOutcome> {
  const job: Job = { title: event.customer, event };
  const { runner, jobs } = accounts.inSandbox
    ? { runner: accounts.inSandbox.runner, jobs: [{ ...job, scenario: accounts.inSandbox.scenario }] }
    : await inAws(job, place, service, env, progress);
  const [asked = job] = jobs;
  const { waitMs } = place;
  if (accounts.inSandbox || place.local) progress.stage(`Checking ${event.customer}…`);
  return waitMs === undefined ? runAlone(runner, asked) : untilAllowed(runner, asked, { waitMs, progress });
}

async function inAws(
  job: Job,
  { function: functionName, local, serviceProfile }: CheckPlace,
  { region, deliveryRoleArn, internalBucket, serviceKeyArn }: ServiceValues,
  env: Readonly<Record<string, string | undefined>>,
  progress: Progress,
): Promise<{ readonly runner: Runner; readonly jobs: readonly Job[] }> {
  const where = {
    ...(local ? { local } : { function: functionName }),
    ...(serviceProfile !== undefined && { profile: serviceProfile }),
    ...(region !== undefined && { region }),
  };
  // What the deployed function has in its environment; a user who set it otherwise means it.
  const environment = {
    INTERNAL_BUCKET: internalBucket,
    DELIVERY_ROLE_ARN: deliveryRoleArn,
    SERVICE_KMS_KEY_ARN: serviceKeyArn,
    ...env,
  };
  return choosePlan(where, { events: [job], scenarios: [] }, environment, progress);
}
