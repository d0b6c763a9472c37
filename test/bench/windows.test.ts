import { longestChain, mostAtOnce, windowsOf } from '../../bench/windows.ts';

const window = ([from, to]: readonly [number, number]) => ({ from, to });

it.each([
  { name: 'none', windows: [], atOnce: 0, chain: 0 },
  { name: 'one', windows: [[0, 30]], atOnce: 1, chain: 1 },
  {
    name: 'one after another, without a gap',
    windows: [
      [0, 30],
      [30, 60],
      [60, 90],
    ],
    atOnce: 1,
    chain: 3,
  },
  {
    name: 'all at the same time',
    windows: [
      [0, 30],
      [1, 31],
      [2, 32],
    ],
    atOnce: 3,
    chain: 1,
  },
  {
    name: 'two, then three, then one',
    windows: [
      [0, 30],
      [0, 30],
      [31, 61],
      [32, 62],
      [33, 63],
      [70, 100],
    ],
    atOnce: 3,
    chain: 3,
  },
  {
    name: 'short ones beside a long one',
    windows: [
      [0, 100],
      [0, 30],
      [30, 60],
      [60, 90],
    ],
    atOnce: 2,
    chain: 3,
  },
] as const)('$name: $atOnce at once, $chain one after another', ({ windows, atOnce, chain }) => {
  const shuffled = windows.map(window).toReversed();
  expect(mostAtOnce(shuffled)).toBe(atOnce);
  expect(longestChain(shuffled)).toBe(chain);
});

it('counts calls that were served a millisecond early as consecutive', () => {
  const served = [1_030, 1_059, 1_088].map((at) => ({ at: new Date(at) }));
  expect(mostAtOnce(windowsOf(served, 30))).toBe(1);
  expect(longestChain(windowsOf(served, 30))).toBe(3);
});

it('counts calls that were served together as one round trip', () => {
  const served = [1_030, 1_032, 1_034].map((at) => ({ at: new Date(at) }));
  expect(longestChain(windowsOf(served, 30))).toBe(1);
});
