import type { Command } from 'commander';
import { isAsExpected } from '../catalog/catalog-tally.ts';
import { type CommandModule, jsonText } from '../command.ts';
import { scenarioFilesIn } from '../input/scenario-files.ts';
import { withProgress } from '../progress.ts';
import { pageOn } from '../views/terminal/page.ts';
import { renderTally } from '../views/terminal/tally.ts';

interface CatalogOptions {
  readonly filter?: string;
  readonly json?: true;
  readonly verbose?: true;
  readonly color: boolean;
}

const help = `
Each scenario states its faults. The check sees only AWS's answers: its verdict and denied step must be right, and nothing
wrong may be called proven; the score is how often it also names the fault. Preflight sees every document and must find
exactly the faults. Each remedy is tested in a simulation of both accounts: it must fix its fault and grant nothing else,
and with the other changes that the report lists the check must then pass.

Examples:
  secure-inbox catalog
  secure-inbox catalog scenarios/key-policy --verbose
  secure-inbox catalog --filter key-policy
  secure-inbox catalog --json | jq .check

Exit status:
  0  every scenario was loaded, and all of the above is true
  1  otherwise
  2  usage or invalid input
`;

export const catalogCommand: CommandModule = {
  declare(command) {
    command
      .argument('[dir]', 'folder of scenarios, searched with its subfolders', 'scenarios')
      .option('--filter <text>', 'only scenarios with this text in their path or name, ignoring case')
      .option('--json', 'print the score and the mismatches as JSON')
      .option('--verbose', 'also show scenarios where the check is right but not exact or complete')
      .addHelpText('after', help);
  },

  async run(command: Command, surroundings) {
    const { stdout } = surroundings;
    const { filter, json, verbose = false, color } = command.optsWithGlobals<CatalogOptions>();
    const [folder = 'scenarios'] = command.processedArgs as string[];

    const files = await scenarioFilesIn(folder);
    // Loads the sandbox only now, so that help and usage errors are fast.
    const { runCatalog } = await import('../catalog/run-catalog.ts');
    const tallied = await withProgress(surroundings, (progress) =>
      runCatalog({ files, progress, ...(filter !== undefined && { filter }) }),
    );

    const page = pageOn(surroundings, { color });
    stdout.write(json ? jsonText(tallied) : renderTally(tallied, page, verbose));
    return isAsExpected(tallied) ? 0 : 1;
  },
};
