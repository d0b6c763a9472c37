/**
 * All that the plan for many customers rests on. Change a price, a quota or an assumption here, and write the page again
 * with `npm run docs:scale`. Prices and quotas are those of us-east-1; docs/scale.md links AWS's page for each.
 */

/** One check of a customer who passes. */
export const check = {
  /** AssumeRole. */
  stsRequests: 1,
  /** GenerateDataKey for the internal object; Decrypt and GenerateDataKey for the copy. */
  kmsRequests: 3,
  /** PutObject and DeleteObject. */
  internalWrites: 2,
  /** PutObject and CopyObject. DELETE is free. */
  paidWrites: 2,
  /** GetObject of the registry, and the read that a copy is. */
  paidReads: 2,
  tableWrites: 1,
  logKilobytes: 1,
  states: 4,
} as const;

export const batch = {
  size: 10,
  /** Those of the child workflow and its start. */
  states: 5,
  /** One invocation: assumed. */
  seconds: 2,
  functionGigabytes: 0.25,
  /** An Express child workflow: assumed. */
  expressSeconds: 3,
  expressGigabytes: 0.125,
} as const;

/** In dollars. */
export const prices = {
  standardTransition: 25 / 1e6,
  expressRequest: 1 / 1e6,
  expressGigabyteSecond: 0.00001667,
  lambdaRequest: 0.2 / 1e6,
  lambdaGigabyteSecond: 0.0000133334,
  s3Write: 0.005 / 1e3,
  s3Read: 0.0004 / 1e3,
  kmsRequest: 0.03 / 1e4,
  tableWrite: 0.625 / 1e6,
  logKilobyte: 0.5 / 1e6,
} as const;

export const limits = {
  stsASecond: 600,
  transitionsASecond: 5_000,
  transitionsASecondElsewhere: 800,
  kmsASecond: 10_000,
  writesOfAPrefixASecond: 3_500,
  readsOfAPrefixASecond: 5_500,
  tableWritesASecond: 4_000,
  invocationsAtOnce: 1_000,
  keysOfAListing: 1_000,
} as const;

export const runsAMonth = 730;

/** The numbers of customers on the page. */
export const fleets = [
  { customers: 1_000, maxConcurrency: 5, note: ' (the default)' },
  { customers: 10_000, maxConcurrency: 5, note: '' },
  { customers: 1_000_000, maxConcurrency: 80, note: '' },
] as const;
export type Fleet = Pick<(typeof fleets)[number], 'customers' | 'maxConcurrency'>;
