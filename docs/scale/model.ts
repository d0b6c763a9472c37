import { batch, check, type Fleet, limits, prices, runsAMonth } from './assumptions.ts';

/** The load of a fleet's hourly run on each service. */
export interface Load {
  readonly checksASecond: number;
  readonly runSeconds: number;
  readonly stsASecond: number;
  readonly transitionsASecond: number;
  readonly kmsASecond: number;
  readonly internalWritesASecond: number;
  readonly readsASecond: number;
  readonly tableWritesASecond: number;
  readonly batchesASecond: number;
  readonly listings: number;
  /** In Regions with the smaller quota of transitions. */
  readonly runSecondsElsewhere: number;
}

const statesACheck = check.states + batch.states / batch.size;

export function loadOf({ customers, maxConcurrency }: Fleet): Load {
  const checksASecond = (maxConcurrency * batch.size) / batch.seconds;
  const runSeconds = customers / checksASecond;
  return {
    checksASecond,
    runSeconds,
    stsASecond: checksASecond * check.stsRequests,
    transitionsASecond: checksASecond * statesACheck,
    kmsASecond: checksASecond * check.kmsRequests,
    internalWritesASecond: checksASecond * check.internalWrites,
    readsASecond: checksASecond,
    tableWritesASecond: checksASecond * check.tableWrites,
    batchesASecond: checksASecond / batch.size,
    listings: Math.ceil(customers / limits.keysOfAListing),
    runSecondsElsewhere: Math.max(runSeconds, (customers * statesACheck) / limits.transitionsASecondElsewhere),
  };
}

/** The highest `maxConcurrency` that STS does not throttle. */
export const mostConcurrency = (limits.stsASecond * batch.seconds) / (batch.size * check.stsRequests);

export type Service = keyof typeof monthly;

/** Dollars a month, for so many checks a month. */
export const monthly = {
  standard: (checks: number) => checks * statesACheck * prices.standardTransition,
  express: (checks: number) =>
    (checks / batch.size) *
    (prices.expressRequest + batch.expressSeconds * batch.expressGigabytes * prices.expressGigabyteSecond),
  lambda: (checks: number) =>
    (checks / batch.size) *
    (prices.lambdaRequest + batch.seconds * batch.functionGigabytes * prices.lambdaGigabyteSecond),
  s3: (checks: number) => checks * (check.paidWrites * prices.s3Write + check.paidReads * prices.s3Read),
  kms: (checks: number) => checks * check.kmsRequests * prices.kmsRequest,
  dynamodb: (checks: number) => checks * check.tableWrites * prices.tableWrite,
  logs: (checks: number) => checks * check.logKilobytes * prices.logKilobyte,
} as const satisfies Readonly<Record<string, (checks: number) => number>>;

const shared: readonly Service[] = ['lambda', 's3', 'kms', 'dynamodb', 'logs'];

/** @param runs a month */
export function costOf(customers: number, children: 'standard' | 'express', runs: number = runsAMonth): number {
  const checks = customers * runs;
  return [children, ...shared].reduce((sum, service) => sum + monthly[service](checks), 0);
}
