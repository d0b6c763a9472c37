export interface Spread {
  readonly runs: number;
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** @throws RangeError if there are no samples */
export function spreadOf(samples: readonly number[]): Spread {
  const sorted = samples.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const [min, below, above, max] = [0, Math.floor(middle), Math.ceil(middle), -1].map((at) => sorted.at(at));
  if (min === undefined || below === undefined || above === undefined || max === undefined) {
    throw new RangeError('A spread needs at least one sample.');
  }
  return { runs: samples.length, min, median: (below + above) / 2, max };
}

export interface Comparison {
  /** Compares pairs a/b. Both of a pair ran under the same load, so that a slow moment of the machine cancels out. */
  readonly pairs: Spread;
  /** The fastest a divided by the fastest b, when nothing disturbed either. */
  readonly fastest: number;
}

/** @param pairs a and b of each pair, measured one right after the other; longer than 0 */
export function compare(pairs: readonly (readonly [a: number, b: number])[]): Comparison {
  return {
    pairs: spreadOf(pairs.map(([a, b]) => a / b)),
    fastest: Math.min(...pairs.map(([a]) => a)) / Math.min(...pairs.map(([, b]) => b)),
  };
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
