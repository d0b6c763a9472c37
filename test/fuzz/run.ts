import { parseArgs } from 'node:util';
import { fuzz, targets } from './targets.ts';

/** npm run fuzz -- --runs 100000 --seed 7 --target template */
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '20000' },
    seed: { type: 'string' },
    target: { type: 'string', default: '' },
  },
});
const seed = values.seed === undefined ? Date.now() % 2 ** 31 : Number(values.seed);
const numRuns = Number(values.runs);
for (const target of targets.filter(({ name }) => name.includes(values.target))) {
  const startedAt = performance.now();
  try {
    await fuzz(target, { seed, numRuns });
    process.stdout.write(
      `${target.name}: ${numRuns} inputs in ${Math.round(performance.now() - startedAt)} ms, seed ${seed}\n`,
    );
  } catch (error) {
    process.stdout.write(`${target.name}: ${error instanceof Error ? error.message : error}\n`);
    process.exitCode = 1;
  }
}
