import type { Duration } from 'aws-cdk-lib';
import { assertNone } from '../deployment-error.ts';

/** A health check's configuration, with defaults filled in. */
export interface HealthCheckSettings {
  readonly interval: Duration;
  readonly checkTimeout: Duration;
  readonly batchSize: number;
  readonly maxConcurrency: number;
  readonly toleratedFailurePercentage: number;
  readonly childExecutions: 'STANDARD' | 'EXPRESS';
}

/** The caller's names of the settings. */
export type PropNames = Readonly<Record<keyof HealthCheckSettings, string>>;

interface Limit {
  readonly prop: keyof HealthCheckSettings;
  readonly within: (settings: HealthCheckSettings) => boolean;
  readonly given: (settings: HealthCheckSettings) => string;
  readonly allowed: (names: PropNames) => string;
  readonly fix: (names: PropNames) => string;
}

const between = (least: number, most: number) => (value: number) => value >= least && value <= most;
const wholeBetween = (least: number, most: number) => (value: number) =>
  Number.isInteger(value) && between(least, most)(value);

const limits: readonly Limit[] = [
  {
    prop: 'interval',
    within: ({ interval }) => wholeBetween(5, 720)(interval.toSeconds() / 60),
    given: ({ interval }) => interval.toHumanString(),
    // An alarm covers two periods, which can be at most a day together.
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
    allowed: () => 'whole minutes from 5 minutes to 12 hours',
    fix: () => 'Check less or more often.',
  },
  {
    prop: 'batchSize',
    within: ({ batchSize }) => wholeBetween(1, 10)(batchSize),
    given: ({ batchSize }) => String(batchSize),
    allowed: () => 'a whole number from 1 to 10, whose reports fit into the 256 KiB of a state',
    fix: ({ maxConcurrency }) => `Raise ${maxConcurrency} to check faster.`,
  },
  {
    prop: 'maxConcurrency',
    // https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html
    within: ({ maxConcurrency }) => wholeBetween(1, 10_000)(maxConcurrency),
    given: ({ maxConcurrency }) => String(maxConcurrency),
    allowed: () => 'a whole number from 1 to 10000',
    fix: () => "Stay below the function's concurrency.",
  },
  {
    prop: 'toleratedFailurePercentage',
    within: ({ toleratedFailurePercentage }) => between(0, 100)(toleratedFailurePercentage),
    given: ({ toleratedFailurePercentage }) => String(toleratedFailurePercentage),
    allowed: () => 'a number from 0 to 100',
    fix: () => 'Give the percentage of customers, such as 10.',
  },
  {
    prop: 'checkTimeout',
    // https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
    within: ({ checkTimeout }) => between(1, 900)(checkTimeout.toSeconds()),
    given: ({ checkTimeout }) => checkTimeout.toHumanString(),
    allowed: () => 'from 1 second to 15 minutes, as for any function',
    fix: ({ batchSize }) => `Lower it, and ${batchSize} with it if ten customers take longer.`,
  },
  {
    prop: 'checkTimeout',
    within: ({ checkTimeout, childExecutions }) => childExecutions === 'STANDARD' || checkTimeout.toSeconds() <= 60,
    given: ({ checkTimeout }) => checkTimeout.toHumanString(),
    // Two checks, the wait between them and the pauses before retries must fit into an Express workflow's five minutes.
    // https://docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html
    allowed: ({ childExecutions }) => `at most 1 minute if ${childExecutions} is EXPRESS`,
    fix: () => "Lower the function's own timeout to a minute and give it here, or use STANDARD.",
  },
];

/**
 * @param propNames the caller's names of the settings, if they differ
 * @throws DeploymentError with every setting out of range
 */
export function assertWithinLimits(settings: HealthCheckSettings, propNames?: Partial<PropNames>): void {
  const own = Object.fromEntries(Object.keys(settings).map((name) => [name, name])) as PropNames;
  const names = { ...own, ...propNames };
  const broken = limits.filter(({ within }) => !within(settings));
  assertNone(
    broken.map(
      ({ prop, given, allowed, fix }) =>
        `${names[prop]} is ${given(settings)}. Allowed: ${allowed(names)}. ${fix(names)}`,
    ),
  );
}
