import fc from 'fast-check';
import { compare, spreadOf, sum } from '../../bench/statistics.ts';

describe('spreadOf', () => {
  it.each([
    { samples: [7], min: 7, median: 7, max: 7 },
    { samples: [3, 1, 2], min: 1, median: 2, max: 3 },
    { samples: [10, 1, 3, 2], min: 1, median: 2.5, max: 10 },
  ])('of $samples is $min / $median / $max', ({ samples, ...spread }) => {
    expect(spreadOf(samples)).toEqual({ runs: samples.length, ...spread });
  });

  it('sorts by number, not by spelling', () => {
    expect(spreadOf([100, 20, 3])).toMatchObject({ min: 3, median: 20, max: 100 });
  });

  it('lies within its samples, in any order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1 }), (samples) => {
        const { min, median, max } = spreadOf(samples);
        expect([min, max]).toEqual([Math.min(...samples), Math.max(...samples)]);
        expect(median).toBeGreaterThanOrEqual(min);
        expect(median).toBeLessThanOrEqual(max);
        expect(spreadOf(samples.toReversed())).toEqual(spreadOf(samples));
      }),
    );
  });

  it('rejects an empty list of samples', () => {
    expect(() => spreadOf([])).toThrow(RangeError);
  });
});

it('compares pair by pair, so that a slow moment, which slows both, changes nothing', () => {
  const pairs = [
    [5, 10],
    [50, 100],
    [6, 12],
  ] as const;
  expect(compare(pairs)).toEqual({ pairs: { runs: 3, min: 0.5, median: 0.5, max: 0.5 }, fastest: 0.5 });
});

it('compares the fastest of each side, even from different pairs', () => {
  expect(
    compare([
      [2, 40],
      [8, 10],
    ]).fastest,
  ).toBe(0.2);
});

it('sums', () => {
  expect([sum([]), sum([1, 2, 3.5])]).toEqual([0, 6.5]);
});
