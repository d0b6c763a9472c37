import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { inEveryText } from '../../core/texts.ts';
import { defaults } from '../../model/world/default-names.ts';
import type { Scenario } from '../../model/world/scenario.ts';
import type { ScenarioFile } from '../../model/world/scenario-schema.ts';
import type { Assembly } from '../../sandbox/assembly.ts';
import { readScenarioFile, scenarioOf } from '../../sandbox/scenario-files.ts';
import { isWanted, noneWanted, scenarioFilesIn } from '../input/scenario-files.ts';
import { type Choice, type Chosen, choiceOf, type LeftOut, type RealAccounts } from './obstacles.ts';

const root = join(import.meta.dirname, '../..');
/** The world without differences from the templates. It must pass, or no other world proves anything. */
const inOrder = join(root, 'scenarios/everything-in-order.yaml');

export interface Worlds {
  /** The world in which everything passes, then all requested worlds, in the order in which they are applied. */
  readonly chosen: readonly Chosen[];
  readonly leftOut: readonly LeftOut[];
}

/**
 * @param given files and folders; empty for all scenarios of the package
 * @throws InputError for files that can't be loaded, or if no world is left
 */
export async function worldsIn(
  given: readonly string[],
  filter: string | undefined,
  region: string,
  assembly: Assembly,
  around: RealAccounts,
): Promise<Worlds> {
  const files =
    given.length === 0
      ? await scenarioFilesIn(join(root, 'scenarios'))
      : (await Promise.all(given.map(filesAt))).flat();
  const choices: Choice[] = [];
  for (const path of [...new Set(files)]) {
    if (path === inOrder || isPart(path)) continue;
    const loaded = await loadIn(path, region, assembly);
    if (isWanted(filter, path, loaded.scenario.name))
      choices.push(named(choiceOf(loaded.scenario, loaded.file, around)));
  }
  const first = await loadIn(inOrder, region, assembly);
  const order = named(choiceOf(first.scenario, first.file, around));
  if (order.kind !== 'chosen') throw new Error(`The default world is left out: ${order.why}`);
  const chosen = choices.filter((choice) => choice.kind === 'chosen');
  const leftOut = choices.filter((choice) => choice.kind === 'left-out');
  if (chosen.length + leftOut.length === 0) {
    throw noneWanted(filter);
  }
  return { chosen: [order, ...inTellingOrder(chosen)], leftOut };
}

async function filesAt(path: string): Promise<readonly string[]> {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() ? scenarioFilesIn(path) : [path];
}

/** Customers' templates are kept next to the scenarios that deploy them. */
function isPart(path: string): boolean {
  return /[\\/]templates[\\/]/.test(path);
}

/** Names the choice by its path in the package, wherever the package is. */
function named(choice: Choice): Choice {
  const short = (path: string) => (path.startsWith(root) ? path.slice(root.length + 1).replaceAll('\\', '/') : path);
  if (choice.kind === 'left-out') return { ...choice, file: short(choice.file) };
  return { ...choice, scenario: { ...choice.scenario, file: short(choice.scenario.file ?? '') } };
}

/**
 * Sorts worlds so that, as far as possible, each one's answer differs from the previous one's. A different answer shows
 * that the new world is in effect.
 */
function inTellingOrder<T extends { readonly scenario: Scenario }>(worlds: readonly T[]): readonly T[] {
  const groups = new Map<string, T[]>();
  for (const world of worlds) {
    const answer = expectedAnswer(world.scenario);
    groups.set(answer, [...(groups.get(answer) ?? []), world]);
  }
  const ordered: T[] = [];
  let last = '';
  while (ordered.length < worlds.length) {
    const left = [...groups].filter(([, group]) => group.length > 0).sort(([, a], [, b]) => b.length - a.length);
    const [answer, group] = left.find(([name]) => name !== last) ?? left[0] ?? [];
    const next = group?.shift();
    if (answer === undefined || !next) break;
    ordered.push(next);
    last = answer;
  }
  return ordered;
}

function expectedAnswer({ expect: { verdict, deniedStep, denials } }: Scenario): string {
  const [first] = denials;
  return [verdict, deniedStep ?? '', first?.action ?? '', first?.layer ?? ''].join(' ');
}

interface LoadedScenario {
  readonly scenario: Scenario;
  readonly file: ScenarioFile;
}

/**
 * @param region Region of both accounts, instead of the default one
 * @throws InputError if a file can't be loaded
 */
async function loadIn(path: string, region: string, assembly: Assembly): Promise<LoadedScenario> {
  const { scenario: file } = await readScenarioFile(path);
  return { file, scenario: { file: path, ...(await scenarioOf(scenarioInRegion(file, region), assembly, path)) } };
}

export function scenarioInRegion(file: ScenarioFile, region: string): ScenarioFile {
  if (region === defaults.region) return file;
  const there = inEveryText(file, (text) => text.replaceAll(defaults.region, region)) as ScenarioFile;
  return {
    ...there,
    service: { region, ...there.service },
    customer: { region, ...there.customer },
  };
}
