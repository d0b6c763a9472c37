import type { Command } from 'commander';
import { type CommandModule, type CommandSurroundings, jsonText } from '../command.ts';
import type { ExitStatus } from '../exit-status.ts';
import { type Progress, withProgress } from '../progress.ts';
import type { ReadCase } from '../simulate/read-cases.ts';
import type { SimulatedCase } from '../simulate/simulate-case.ts';
import { pageOn } from '../views/terminal/page.ts';

interface SimulateOptions {
  readonly json?: true;
  readonly color: boolean;
}

const help = `
A decision case is one request with the policies that apply to it, in one account or across two. A file holds one case or
a list, as JSON or YAML, or one JSON object per line. For the format and five examples, see docs/simulate.md.

Examples:
  secure-inbox simulate examples/simulate/*.yaml
  secure-inbox simulate examples/simulate/*.yaml --json | jq -r '.[] | [.id, .decision] | @tsv'

Exit status:
  0  all cases were decided, each as expected if it states an expectation
  1  a decision differs from the one its case expects
  2  usage, or an invalid case; the others are still decided
`;

export const simulateCommand: CommandModule = {
  declare(command) {
    command
      .argument('<file...>', 'files with decision cases; - for stdin')
      .option('--json', 'print only the decisions, as a JSON array in the order of the cases, on stdout')
      .addHelpText('after', help);
  },

  async run(command: Command, surroundings) {
    return withProgress(surroundings, (progress) =>
      simulateFiles(command.args, command.optsWithGlobals<SimulateOptions>(), surroundings, progress),
    );
  },
};

/** More cases than this take long enough to need a progress display. */
const many = 500;

async function simulateFiles(
  files: readonly string[],
  { json, color }: SimulateOptions,
  surroundings: CommandSurroundings,
  progress: Progress,
): Promise<ExitStatus> {
  const { stdout, stderr, stdin } = surroundings;
  const [{ readCases }, { jsonOf, simulateCase }, { renderCounts, renderInvalidCase, renderSimulated }] =
    await Promise.all([
      import('../simulate/read-cases.ts'),
      import('../simulate/simulate-case.ts'),
      import('../views/terminal/simulation.ts'),
    ]);
  const read: ReadCase[] = [];
  for (const file of files) read.push(...(await readCases(file, stdin)));
  const page = pageOn(surroundings, { color });
  const simulated: (SimulatedCase | undefined)[] = [];
  for (const [at, one] of read.entries()) {
    if (read.length >= many && at % many === 0) {
      progress.counter(`${at} of ${read.length} decided`);
      await new Promise(setImmediate);
    }
    const result = one.kind === 'case' ? simulateCase(one.id, one.case) : undefined;
    simulated.push(result);
    if (one.kind === 'invalid') stderr.write(renderInvalidCase(one.id, one.from, one.problems));
    if (!json && result) stdout.write(renderSimulated(result, page));
  }
  progress.end();
  const decided = simulated.filter((one) => one !== undefined);
  const expected = decided.filter((one) => one.expected !== undefined);
  const counts = {
    cases: read.length,
    invalid: read.length - decided.length,
    expected: expected.length,
    asExpected: expected.filter((one) => one.expected === one.decision.outcome).length,
  };
  if (json) stdout.write(jsonText(read.map((one, at) => jsonOf(one, simulated[at]))));
  if (!json || counts.expected > 0) (json ? stderr : stdout).write(renderCounts(counts));
  if (counts.invalid > 0) return 2;
  return counts.asExpected === counts.expected ? 0 : 1;
}
