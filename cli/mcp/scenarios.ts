import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { scenarioFilesIn } from '../input/scenario-files.ts';

const root = join(import.meta.dirname, '../..');

export interface ScenarioSummary {
  /** As the tool `check` takes it. */
  readonly scenario: string;
  readonly name: string;
  readonly why: string;
  readonly verdict: string;
  readonly deniedStep?: string;
}

/** The scenarios that come with the package, whose path or name has a text in it. */
export async function shippedScenarios(filter: string): Promise<readonly ScenarioSummary[]> {
  const wanted = filter.toLowerCase();
  const summaries: ScenarioSummary[] = [];
  for (const file of await scenarioFilesIn(join(root, 'scenarios'))) {
    const scenario = file.slice(root.length + 1).replaceAll('\\', '/');
    const { name, why, expect } = parse(await readFile(file, 'utf8')) as {
      readonly name: string;
      readonly why: string;
      readonly expect: { readonly verdict: string; readonly deniedStep?: string };
    };
    if (!`${scenario} ${name}`.toLowerCase().includes(wanted)) continue;
    const { verdict, deniedStep } = expect;
    summaries.push({ scenario, name, why, verdict, ...(deniedStep !== undefined && { deniedStep }) });
  }
  return summaries;
}

/** @returns the file of a shipped scenario; undefined for every other path */
export async function shippedScenario(scenario: string): Promise<string | undefined> {
  return (await scenarioFilesIn(join(root, 'scenarios'))).find((file) => file === join(root, scenario));
}
