import { assembly } from '../../sandbox/assembly.ts';
import { describe as describeWorld } from './counterexample.ts';
import { hunt, type SeenWorld } from './hunt.ts';
import { emptyTally, withWorld } from './tally.ts';

/** A short run of `npm run random-worlds`, over the same worlds each time. */
it('finds no wrong report in forty random worlds', async () => {
  const seen: SeenWorld[] = [];
  const prey = await hunt({
    assembly: await assembly(),
    worlds: 40,
    seed: 20261122,
    onWorld: (world) => seen.push(world),
  });
  expect(prey && describeWorld(prey.counterexample)).toBeUndefined();

  const { worlds, verdicts, layers } = seen.reduce(withWorld, emptyTally);
  expect(worlds).toBe(40);
  // Otherwise the worlds would be too similar for the run to be useful.
  expect(verdicts).toEqual({
    passed: expect.any(Number),
    denied: expect.any(Number),
    misconfigured: expect.any(Number),
  });
  expect(Object.keys(layers)).toEqual(
    expect.arrayContaining(['identity-policy', 'bucket-policy', 'key-policy', 'key-state']),
  );
}, 60_000);
