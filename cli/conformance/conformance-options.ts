import { setTimeout as delay } from 'node:timers/promises';
import { patterns } from '../../core/event-rules.ts';
import { namesOf, sides } from '../../core/vocabulary.ts';
import { InputError } from '../../model/text/input-error.ts';
import { defaults } from '../../model/world/default-names.ts';
import { type CommandSurroundings, Interrupted } from '../command.ts';
import { durationOf } from '../input/duration.ts';
import type { Progress } from '../progress.ts';
import type { RunOptions } from './prepare-run.ts';

export interface ConformanceOptions {
  readonly serviceProfile?: string;
  readonly customerProfile?: string;
  readonly serviceAccount?: string;
  readonly customerAccount?: string;
  readonly region?: string;
  readonly scenario?: readonly string[];
  readonly filter?: string;
  readonly plan?: true;
  readonly yes?: true;
  readonly settle: string;
  readonly deadline: string;
  readonly output?: string;
  readonly state?: string;
  readonly cleanUp?: true;
  readonly json?: true;
  readonly color: boolean;
}

export function runOptionsIn(
  options: ConformanceOptions,
  { env, interrupted }: CommandSurroundings,
  progress: Progress,
): RunOptions {
  const { scenario = [], filter, serviceProfile, customerProfile, serviceAccount, customerAccount } = options;
  return {
    scenarios: scenario,
    ...(filter !== undefined && { filter }),
    region: options.region ?? env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'] ?? defaults.region,
    profiles: { service: serviceProfile, customer: customerProfile },
    accountIds: { service: serviceAccount, customer: customerAccount },
    env,
    progress,
    settling: {
      settleMs: durationOf(options.settle, '--settle', '0s'),
      deadlineMs: durationOf(options.deadline, '--deadline', '0s'),
      clock: () => performance.now(),
      pause: (milliseconds) =>
        delay(milliseconds, undefined, { signal: interrupted }).catch(() => refuseInterrupted(interrupted)),
    },
  };
}

/** Both the profile and the account ID are required, so that a mistyped profile can't run in the wrong account. */
export function refuseMalformedRun(options: ConformanceOptions): void {
  const { region } = options;
  if (region !== undefined && !patterns.region.test(region)) {
    throw new InputError(
      `--region: ${JSON.stringify(region)} is no AWS Region. Allowed: a name such as ${defaults.region}.`,
    );
  }
  const given = {
    service: [options.serviceProfile, options.serviceAccount],
    customer: [options.customerProfile, options.customerAccount],
  };
  const isEmpty = Object.values(given)
    .flat()
    .every((value) => value === undefined);
  if (options.plan && isEmpty) return;
  for (const side of namesOf(sides)) {
    const [profile, account] = given[side];
    if (profile === undefined || account === undefined) {
      const missing = profile === undefined ? `--${side}-profile` : `--${side}-account`;
      throw new InputError(
        `${missing} is missing. Name each account twice: by its profile and by its id, which must fit together.`,
      );
    }
    if (!patterns.accountId.test(account)) {
      throw new InputError(`--${side}-account: ${JSON.stringify(account)} is no account id. Allowed: 12 digits.`);
    }
  }
  if (options.serviceAccount === options.customerAccount) {
    throw new InputError(
      `--service-account and --customer-account are both ${options.serviceAccount}. A delivery crosses from one account to another: give two.`,
    );
  }
}

export function refuseInterrupted(interrupted: AbortSignal): void {
  if (interrupted.aborted) throw new Interrupted(Number(interrupted.reason) || 130);
}
