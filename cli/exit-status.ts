import type { Verdict } from '../core/vocabulary.ts';

/** The meaning of each exit status for a script; help texts print this table. */
const exitStatuses = {
  0: 'passed; with --expect, and for catalog: as expected',
  1: 'denied or misconfigured; with --expect, and for catalog: not as expected',
  2: 'usage or invalid input',
  3: 'inconclusive: the check could not be completed',
} as const;
export type ExitStatus = keyof typeof exitStatuses;

const statusOfVerdict: Readonly<Record<Verdict, ExitStatus>> = {
  passed: 0,
  denied: 1,
  misconfigured: 1,
  inconclusive: 3,
};

/** If there are several checks, invalid input takes precedence over a denial, and a denial over doubt. */
const gravest: readonly ExitStatus[] = [2, 1, 3, 0];

export function exitStatusOf(verdicts: readonly (Verdict | 'invalid-input')[]): ExitStatus {
  const statuses = verdicts.map((verdict) => (verdict === 'invalid-input' ? 2 : statusOfVerdict[verdict]));
  return gravest.find((status) => statuses.includes(status)) ?? 0;
}

export function exitStatusHelp(): string {
  return ['Exit status:', ...Object.entries(exitStatuses).map(([status, meaning]) => `  ${status}  ${meaning}`)].join(
    '\n',
  );
}
