import { fuzz, targets } from './targets.ts';

/** Uses the same inputs each time; `npm run fuzz` tries others, and more. */
const settings = { seed: 20261130, numRuns: 1_000 };

it.each(targets)('whatever is given as $name is read or refused, and breaks nothing', async (target) => {
  await expect(fuzz(target, settings)).resolves.toBeUndefined();
});
