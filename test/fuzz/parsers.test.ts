import { fuzz, targets } from './targets.ts';

/** Uses the same inputs each time; `npm run fuzz` tries others, and more. */
const settings = { seed: 20261130, numRuns: 1_000 };

it.each(targets)('any input for $name is read or rejected without breaking anything', async (target) => {
  await expect(fuzz(target, settings)).resolves.toBeUndefined();
});
