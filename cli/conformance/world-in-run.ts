import { keyArn } from '../../core/arn.ts';
import type { Scenario } from '../../model/world/scenario.ts';
import type { Chosen } from './obstacles.ts';
import {
  type Identities,
  inRun,
  namesFor,
  neutralNames,
  type Renaming,
  type RunBase,
  type RunNames,
} from './run-names.ts';
import { type Setting, settingsOf } from './world-settings.ts';

export interface WorldInRun {
  readonly chosen: Chosen;
  readonly scenario: Scenario;
  readonly settings: readonly Setting[];
  readonly neutral: Renaming;
}

export function worldInRun(chosen: Chosen, names: RunNames): WorldInRun {
  const map = namesFor(chosen.scenario, names, chosen.others);
  const scenario = inRun(chosen.scenario, names, map);
  return {
    chosen,
    scenario,
    settings: settingsOf(scenario.world, names.identities),
    neutral: neutralNames(names, map),
  };
}

/** Before anything is created, keys and unique IDs of roles are made up. */
export function madeUpNames(base: RunBase): RunNames {
  const labels: string[] = [];
  const numbered = (label: string) => {
    if (!labels.includes(label)) labels.push(label);
    return String(labels.indexOf(label) + 1).padStart(12, '0');
  };
  return {
    ...base,
    keyArn: (label) =>
      keyArn(base.region, accountOf(base.identities, label), `00000000-0000-4000-9000-${numbered(label)}`),
    roleId: (name) => `AROAPLAN${numbered(name)}`,
  };
}

function accountOf(identities: Identities, keyLabel: string): string {
  return identities[keyLabel === 'service' ? 'service' : 'customer'].accountId;
}

export function realNames(base: RunBase, known: ReadonlyMap<string, string>): RunNames {
  const get = (name: string) => known.get(name) ?? raise(name);
  return { ...base, keyArn: (label) => get(`key ${label}`), roleId: (name) => get(`role ${name}`) };
}

function raise(name: string): never {
  throw new Error(`The run has created no ${name}`);
}
