import { faultsOf } from '../../sandbox/authorization/faults.ts';
import type { Scenario } from '../../sandbox/world/scenario.ts';
import { InputError } from '../input/input-error.ts';
import { jobsInWorlds } from '../input/jobs.ts';
import type { Progress } from '../progress.ts';
import { counted } from '../render/page.ts';
import { inSandbox } from '../run/in-sandbox.ts';
import { prepareSandbox } from '../run/prepare-sandbox.ts';
import { type LoadFailure, type ScenarioResult, type Tally, tally } from './tally.ts';

export interface CatalogueRun {
  readonly files: readonly string[];
  /** Only scenarios with this in their path or name. */
  readonly filter?: string;
  readonly progress: Progress;
}

/** Checks every scenario, and analyses each world besides. */
export async function runCatalogue({ files, filter, progress }: CatalogueRun): Promise<Tally> {
  const { bundleDir, load } = await prepareSandbox(progress);
  const loaded: Scenario[] = [];
  const failedToLoad: LoadFailure[] = [];
  for (const file of files) {
    try {
      const scenarios = await load([file]);
      loaded.push(...scenarios.filter((scenario) => isWanted(filter, file, scenario.name)));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      // Its name cannot be known; a filter that could have meant it must not hide that.
      failedToLoad.push({ file, error: error.message });
    }
  }
  if (loaded.length + failedToLoad.length === 0) {
    throw new InputError(`--filter: no scenario has ${JSON.stringify(filter)} in its path or name.`);
  }

  const jobs = jobsInWorlds(loaded, []);
  const results: ScenarioResult[] = [];
  progress.stage(`Checking ${counted(jobs.length, 'scenario')}…`);
  await inSandbox({ bundleDir })(jobs, (at, { answer }) => {
    const { file = '', name, expect } = loaded[at] ?? raise(`There is no job ${at}`);
    results[at] = { file, name, expect, answer, faults: [] };
    progress.counter(`${Object.keys(results).length} of ${jobs.length}: ${name}`);
  });

  progress.counter('Looking for faults…');
  const analysed = await Promise.all(
    loaded.map(async ({ world, event }, at) => {
      const result = results[at] ?? raise(`Job ${at} has no outcome`);
      return { ...result, faults: await faultsOf(world, event) };
    }),
  );
  return tally(analysed, failedToLoad);
}

function isWanted(filter: string | undefined, file: string, name: string): boolean {
  const text = filter?.toLowerCase() ?? '';
  return file.toLowerCase().includes(text) || name.toLowerCase().includes(text);
}

function raise(message: string): never {
  throw new Error(message);
}
