import { Command, CommanderError } from 'commander';
import type { Output } from '../cli/command.ts';
import { progressOn } from '../cli/progress.ts';
import { type Benchmark, isMet } from './benchmark.ts';
import { describeMachine, type Machine } from './machine.ts';
import { type Measured, renderList, renderMachine, renderMeasured } from './render.ts';

export interface BenchOutputs {
  readonly stdout: Output;
  readonly stderr: Output;
  /** Describes the machine before the benchmarks, which takes a while. @default describes this machine */
  readonly machine?: () => Machine;
}

/**
 * Runs benchmarks and prints the results. A missed goal is only printed: a change is judged by a comparison on a quiet
 * machine.
 *
 * @param args without `node` and the script's name
 * @returns the exit status: 0 measured, 2 for unknown names or options
 * @throws if a benchmark can't be measured
 */
export async function bench(
  args: readonly string[],
  benchmarks: readonly Benchmark[],
  { stdout, stderr, machine: describe = describeMachine }: BenchOutputs,
): Promise<0 | 2> {
  const command = new Command('bench')
    .description('Measures how fast and how large the check is, as ratios, and prints what the goals are.')
    .argument('[name...]', 'which benchmarks; all where none is named')
    .option('--json', 'print the figures as JSON, and nothing else, on stdout')
    .addHelpText(
      'after',
      `\nBenchmarks:\n${renderList(benchmarks)}\n\nWhat each figure means: docs/internals/benchmarks.md`,
    )
    .exitOverride()
    .configureOutput({ writeOut: (text) => stdout.write(text), writeErr: (text) => stderr.write(text) });
  try {
    command.parse([...args], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
  const unknown = command.args.filter((name) => !benchmarks.some((benchmark) => benchmark.name === name));
  if (unknown.length > 0) {
    stderr.write(`There is no benchmark ${unknown.join(', ')}. There are:\n${renderList(benchmarks)}\n`);
    return 2;
  }

  const { json } = command.opts<{ readonly json?: true }>();
  const asked = benchmarks.filter(({ name }) => command.args.length === 0 || command.args.includes(name));
  const progress = progressOn(stderr);
  const machine = describe();
  if (!json) stdout.write(renderMachine(machine));
  const all: Measured[] = [];
  for (const { name, question, measure } of asked) {
    progress.stage(`${name}…`);
    const measured = { name, question, figures: await measure(progress).finally(() => progress.end()) };
    all.push(measured);
    if (!json) stdout.write(`\n${renderMeasured(measured)}`);
  }
  if (json) stdout.write(`${JSON.stringify({ machine, benchmarks: all.map(withGoals) }, null, 2)}\n`);
  return 0;
}

function withGoals({ figures, ...measured }: Measured) {
  return { ...measured, figures: figures.map((figure) => ({ ...figure, met: isMet(figure) })) };
}
