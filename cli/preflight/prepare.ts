import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import type { DocumentSet } from '../../model/preflight/document-set.ts';
import { locatedInScenario } from '../../model/preflight/locate.ts';
import { locatedInTemplate } from '../../model/preflight/locate-in-template.ts';
import { inputErrorIn, once, type Prepared, preparedDocuments, validEvent } from '../../model/preflight/prepare.ts';
import { eventDefaults } from '../../model/world/delivery-in.ts';
import type { Assembly } from '../../sandbox/assembly.ts';
import { loadScenario, templatesOf } from '../../sandbox/scenario-files.ts';

/** @throws InputError for an event, a scenario or a template that is wrong */
export async function prepareDocuments(set: DocumentSet, assembly: Assembly): Promise<Prepared> {
  try {
    if (set.scenario !== undefined) return await ofScenario(set, set.scenario, assembly);
    const shipped = templatesOf(assembly);
    return await preparedDocuments(set, shipped, shown(shipped.customer.file));
  } catch (error) {
    throw inputErrorIn(error, set);
  }
}

async function ofScenario(set: DocumentSet, file: string, assembly: Assembly): Promise<Prepared> {
  const scenario = await loadScenario(file, assembly, [set.event?.value]);
  const event = set.event ? await validEvent(set.event, eventDefaults(scenario.world)) : scenario.event;
  const text = (await readFile(file, 'utf8')).replace(/^\uFEFF/, '');
  const given = locatedInScenario(scenario.world, file, text);
  const template = shown(scenario.customerStack?.template.origin.source.file ?? '');
  return { set, scenario, event, facts: {}, given, inTemplate: once(() => locatedInTemplate(scenario, template)) };
}

/** As a user would type it. */
function shown(file: string): string {
  const path = relative('', file);
  return path.startsWith('..') ? file : path;
}
