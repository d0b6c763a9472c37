import { Command } from 'commander';
import { progressOn } from '../../cli/progress.ts';
import { assembly } from '../../sandbox/assembly.ts';
import { describe } from './counterexample.ts';
import { hunt } from './hunt.ts';
import { emptyTally, renderTally, withWorld } from './tally.ts';

process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

interface Options {
  readonly worlds: string;
  readonly seed: string;
  readonly path?: string;
  readonly keepGoing?: true;
}

const options = new Command('random-worlds')
  .description('Breaks the two accounts at random and looks for a report that is wrong.')
  .option('--worlds <number>', 'how many', '500')
  .option('--seed <number>', 'where to begin', String(Date.now() % 2 ** 31))
  .option('--path <path>', 'of one world of a seed, as it was printed')
  .option('--keep-going', 'print each kind of violation once and look for others')
  .parse()
  .opts<Options>();

const progress = progressOn(process.stderr);
const synthesized = await assembly({ onProgress: progress.stage });
const begin = performance.now();
const known = new Set<string>();
let tally = emptyTally;
let seed = Number(options.seed);
let left = Number(options.worlds);

while (left > 0) {
  progress.stage(`Seed ${seed}, ${left} worlds…`);
  const prey = await hunt({
    assembly: synthesized,
    worlds: left,
    seed,
    known,
    ...(options.path !== undefined && { path: options.path }),
    onWorld: (seen) => {
      tally = withWorld(tally, seen);
      progress.counter(`${tally.worlds} worlds`);
    },
  });
  progress.end();
  if (!prey) break;
  process.exitCode = 1;
  const { counterexample, path, after } = prey;
  process.stdout.write(`${describe(counterexample)}\nReplay: --seed ${seed} --path ${path}\n\n`);
  if (!options.keepGoing) break;
  known.add(counterexample.violation.kind);
  left -= after + 1;
  seed += 1;
}
process.stdout.write(renderTally(tally, performance.now() - begin));
