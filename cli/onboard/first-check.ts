import { setTimeout as delay } from 'node:timers/promises';
import type { TestEvent } from '../../core/event.ts';
import { defined } from '../../core/values.ts';
import { inWords } from '../input/duration.ts';
import type { Progress } from '../progress.ts';
import { choosePlan } from '../run/choose-plan.ts';
import { type Job, type JobOutcome, type Runner, runAlone } from '../run/job.ts';
import type { OnboardAccounts } from './onboard-accounts.ts';
import type { OnboardOptions } from './onboard-options.ts';
import type { ServiceValues } from './service-side.ts';

interface FirstCheckInput {
  readonly options: Pick<OnboardOptions, 'function' | 'local' | 'serviceProfile'>;
  readonly accounts: OnboardAccounts;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly progress: Progress;
  /** How long to retry a denial; absent for a single check. */
  readonly waitMs?: number;
}

/** Runs a customer's check where the options say: deployed, on this machine, or in the sandbox. */
export async function firstCheck(
  event: TestEvent,
  service: ServiceValues,
  input: FirstCheckInput,
): Promise<JobOutcome> {
  const { accounts, options, waitMs, progress } = input;
  const job: Job = { title: event.customer, event };
  const { runner, jobs } = accounts.inSandbox
    ? { runner: accounts.inSandbox.runner, jobs: [{ ...job, scenario: accounts.inSandbox.scenario }] }
    : await inAws(job, service, input);
  const [asked = job] = jobs;
  if (accounts.inSandbox || options.local) progress.stage(`Checking ${event.customer}…`);
  return waitMs === undefined ? runAlone(runner, asked) : untilAllowed(runner, asked, { waitMs, progress });
}

async function inAws(
  job: Job,
  { region, deliveryRoleArn, internalBucket, serviceKeyArn }: ServiceValues,
  { options: { function: functionName, local, serviceProfile: profile }, env, progress }: FirstCheckInput,
): Promise<{ readonly runner: Runner; readonly jobs: readonly Job[] }> {
  const where = { ...(local ? { local } : { function: functionName }), ...defined({ profile, region }) };
  // The deployed function's environment. The user's own takes precedence.
  const environment = {
    INTERNAL_BUCKET: internalBucket,
    DELIVERY_ROLE_ARN: deliveryRoleArn,
    SERVICE_KMS_KEY_ARN: serviceKeyArn,
    ...env,
  };
  return choosePlan(where, { events: [job], scenarios: [] }, environment, progress);
}

interface UntilAllowedOptions {
  readonly waitMs: number;
  readonly progress: Progress;
  readonly pause?: (milliseconds: number) => Promise<unknown>;
  readonly clock?: () => number;
}

/** Most changes take effect everywhere within seconds, some after a minute or more. */
const pausesMs: readonly number[] = [2_000, 4_000, 8_000, 15_000, 30_000];

/**
 * Repeats a check while it is denied, with increasing pauses, until it isn't or the time is up: a policy that was just
 * written may not be in effect everywhere yet. Waiting doesn't fix other problems.
 *
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency
 */
export async function untilAllowed(runner: Runner, job: Job, waiting: UntilAllowedOptions): Promise<JobOutcome> {
  const { waitMs, progress, pause = delay, clock = () => performance.now() } = waiting;
  const start = clock();
  for (let nth = 0; ; nth++) {
    const outcome = await runAlone(runner, job);
    const why = mayPass(outcome);
    const pauseMs = pausesMs[nth] ?? pausesMs.at(-1) ?? 0;
    const waited = clock() - start;
    if (why === undefined) return outcome;
    if (waited + pauseMs > waitMs) {
      progress.stage(`Still ${why} after ${inWords(waited)}: waiting longer will hardly change it.`);
      return outcome;
    }
    progress.stage(
      `${why[0]?.toUpperCase()}${why.slice(1)}, which a new policy may be for a while. Checking again in ${inWords(pauseMs)}, for up to ${inWords(waitMs - waited)} more.`,
    );
    await pause(pauseMs);
  }
}

/** The reason to wait; undefined if waiting doesn't help. */
function mayPass({ answer }: JobOutcome): string | undefined {
  if (answer.kind !== 'reports') return undefined;
  const report = answer.reports.find(({ verdict }) => verdict === 'denied' || verdict === 'inconclusive');
  if (!report) return undefined;
  return `${report.verdict}${report.deniedStep ? ` at ${report.deniedStep}` : ''}`;
}
