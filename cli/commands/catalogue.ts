import type { Command } from 'commander';
import { isAsExpected } from '../catalogue/tally.ts';
import type { CommandModule } from '../command-module.ts';
import { scenarioFilesIn } from '../input/scenario-files.ts';
import { pageFor } from '../render/page.ts';
import { renderTally } from '../render/tally.ts';
import { wantsColour } from '../surroundings.ts';
import { withProgress } from '../with-progress.ts';

interface CatalogueOptions {
  readonly filter?: string;
  readonly json?: true;
  readonly verbose?: true;
  readonly color: boolean;
}

const help = `
Each scenario says what is true about its world. The check, which sees only what AWS answers, must always tell the
right verdict and denied step and must call nothing proven that is not so; how often it also names the fault is its
score. The preflight, which sees every document, must find exactly the faults. Where a statement can mend them, it must
do so in a model of both accounts and open nothing else, and the check must then pass, with what others are asked for done.

Examples:
  secure-inbox catalogue
  secure-inbox catalogue scenarios/key-policy --verbose
  secure-inbox catalogue --filter key-policy
  secure-inbox catalogue --json | jq .check

Exit status:
  0  every scenario was loaded, and all of the above holds
  1  it does not
  2  usage or invalid input
`;

export const catalogue: CommandModule = {
  declare(command) {
    command
      .argument('[dir]', 'folder of scenarios, with its folders', 'scenarios')
      .option('--filter <text>', 'only scenarios with this text in their path or name, whatever the case')
      .option('--json', 'print the score and the mismatches as JSON')
      .option('--verbose', 'also show scenarios in which the check is right but not exact or complete')
      .addHelpText('after', help);
  },

  async run(command: Command, surroundings) {
    const { stdout } = surroundings;
    const { filter, json, verbose = false, color } = command.optsWithGlobals<CatalogueOptions>();
    const [folder = 'scenarios'] = command.processedArgs as string[];

    const files = await scenarioFilesIn(folder);
    // Loads the sandbox, which help texts and mistakes of use should not wait for.
    const { runCatalogue } = await import('../catalogue/run.ts');
    const tallied = await withProgress(surroundings, (progress) =>
      runCatalogue({ files, progress, ...(filter !== undefined && { filter }) }),
    );

    const page = pageFor(stdout.columns, wantsColour(surroundings, stdout, color));
    stdout.write(json ? `${JSON.stringify(tallied, null, 2)}\n` : renderTally(tallied, page, verbose));
    return isAsExpected(tallied) ? 0 : 1;
  },
};
