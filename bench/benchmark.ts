import type { Progress } from '../cli/progress.ts';
import type { Spread } from './statistics.ts';

/** One question about speed or size, and how to measure it. */
export interface Benchmark {
  readonly name: string;
  readonly question: string;
  /** Takes seconds to minutes. @throws for a bug, or on a machine where it can't be measured */
  measure(progress: Progress): Promise<readonly Figure[]>;
}

export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: Unit;
  readonly goal?: Goal;
  /** The number of runs behind `value`. */
  readonly spread?: Spread;
  /** A note needed to interpret the number. */
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

/** Undefined if there is no goal. */
export function isMet({ value, goal }: Figure): boolean | undefined {
  if (goal === undefined) return undefined;
  return 'atMost' in goal ? value <= goal.atMost : value < goal.below;
}
