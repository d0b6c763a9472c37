import { counted } from '../../core/printable.ts';
import { InputError } from '../../model/text/input-error.ts';
import type { Scenario } from '../../model/world/scenario.ts';
import { jobsInWorlds } from '../input/jobs.ts';
import { isWanted, noneWanted } from '../input/scenario-files.ts';
import type { Progress } from '../progress.ts';
import type { FunctionAnswer } from '../run/job.ts';
import { prepareSandbox } from '../run/prepare-sandbox.ts';
import { inSandbox } from '../run/served-worlds.ts';
import { type LoadFailure, type ScenarioResult, type Tally, tally } from './catalog-tally.ts';
import { analyzeScenario } from './check-remedies.ts';

interface CatalogRun {
  readonly files: readonly string[];
  readonly filter?: string;
  /**
   * Run the check in each fixed world too.
   *
   * @default true
   */
  readonly verifyRemedies?: boolean;
  readonly progress: Progress;
}

export async function runCatalog({ files, filter, verifyRemedies = true, progress }: CatalogRun): Promise<Tally> {
  const { bundleDir, load } = await prepareSandbox(progress);
  const loaded: Scenario[] = [];
  const failedToLoad: LoadFailure[] = [];
  for (const file of files) {
    try {
      const scenarios = await load([file]);
      loaded.push(...scenarios.filter((scenario) => isWanted(filter, file, scenario.name)));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      // The scenario's name is unknown, so count it even if the filter might not match it.
      failedToLoad.push({ file, error: error.message });
    }
  }
  if (loaded.length + failedToLoad.length === 0) {
    throw noneWanted(filter);
  }

  const jobs = jobsInWorlds(loaded, []);
  const runner = inSandbox({ bundleDir });
  const answers: FunctionAnswer[] = [];
  progress.stage(`Checking ${counted(jobs.length, 'scenario')}…`);
  await runner(jobs, (at, { job, answer }) => {
    answers[at] = answer;
    progress.counter(`${Object.keys(answers).length} of ${jobs.length}: ${job.about ?? job.title}`);
  });

  const analyses = await analyzeScenario(loaded, verifyRemedies ? runner : undefined, progress);
  const results = loaded.map(({ file = '', name, expect }, at): ScenarioResult => {
    const answer = answers[at] ?? raise(`Job ${at} has no outcome`);
    const analysis = analyses[at] ?? raise(`Scenario ${at} has not been analyzed`);
    return { file, name, expect, answer, ...analysis };
  });
  return tally(results, failedToLoad);
}

function raise(message: string): never {
  throw new Error(message);
}
