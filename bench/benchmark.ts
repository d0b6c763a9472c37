import type { Progress } from '../cli/progress.ts';
import type { Spread } from './statistics.ts';

/** One question about speed or size, and how it is answered. */
export interface Benchmark {
  readonly name: string;
  readonly question: string;
  /** Takes seconds to minutes. What it throws is a bug, or a machine on which it can't be measured. */
  measure(progress: Progress): Promise<readonly Figure[]>;
}

export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: Unit;
  readonly goal?: Goal;
  /** The number of runs behind `value`. */
  readonly spread?: Spread;
  /** A note that is needed to read the number right. */
  readonly note?: string;
}

/** The useful decimals of each unit. kB is 1,000 bytes, MiB is 1,048,576. */
export const units = {
  ratio: 3,
  ms: 1,
  kB: 1,
  MiB: 0,
  'a second': 1,
  calls: 1,
  'round trips': 1,
  checks: 0,
  scenarios: 0,
} as const;
export type Unit = keyof typeof units;

export type Goal = { readonly atMost: number } | { readonly below: number };

/** Undefined where there is no goal to be met. */
export function isMet({ value, goal }: Figure): boolean | undefined {
  if (goal === undefined) return undefined;
  return 'atMost' in goal ? value <= goal.atMost : value < goal.below;
}
