import { InputError } from '../../model/text/input-error.ts';
import { defaults } from '../../model/world/default-names.ts';
import { type Scenario, ScenarioError } from '../../model/world/scenario.ts';
import type { ScenarioFile } from '../../model/world/scenario-schema.ts';
import type { Assembly } from '../../sandbox/assembly.ts';
import { readScenarioFile, scenarioOf } from '../../sandbox/scenario-files.ts';
import { inEveryText } from './naming.ts';

interface LoadedScenario {
  readonly scenario: Scenario;
  /** As it was written. */
  readonly file: ScenarioFile;
}

/**
 * @param region that both accounts are in, in place of the default one
 * @throws InputError for a file that cannot be loaded
 */
export async function loadIn(path: string, region: string, assembly: Assembly): Promise<LoadedScenario> {
  try {
    const { scenario: file } = await readScenarioFile(path);
    return { file, scenario: { file: path, ...(await scenarioOf(inRegion(file, region), assembly, path)) } };
  } catch (error) {
    throw error instanceof ScenarioError ? new InputError(error.message) : error;
  }
}

/** The same of a scenario that is part of a recording. */
export async function scenarioIn(file: ScenarioFile, region: string, assembly: Assembly): Promise<Scenario> {
  return scenarioOf(inRegion(file, region), assembly);
}

function inRegion(file: ScenarioFile, region: string): ScenarioFile {
  if (region === defaults.region) return file;
  const there = inEveryText(file, (text) => text.replaceAll(defaults.region, region)) as ScenarioFile;
  return {
    ...there,
    service: { region, ...there.service },
    customer: { region, ...there.customer },
  };
}
