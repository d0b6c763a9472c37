import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import type { Report } from '../../core/report.ts';
import { documentAnalysis, reportOf } from '../../model/preflight/analysis.ts';
import type { LocatedFault } from '../../model/preflight/diagnoses.ts';
import type { Certain } from '../../model/preflight/document-fixes.ts';
import type { DocumentSet } from '../../model/preflight/document-set.ts';
import { locatedInScenario } from '../../model/preflight/locate.ts';
import { locatedInTemplate } from '../../model/preflight/locate-in-template.ts';
import { inputErrorIn, once, type Prepared, preparedDocuments, validEvent } from '../../model/preflight/prepare.ts';
import { wholeCheckPasses } from '../../model/remedies/remedy.ts';
import { eventDefaults } from '../../model/world/delivery-in.ts';
import type { World } from '../../model/world/world.ts';
import type { Assembly } from '../../sandbox/assembly.ts';
import { loadScenario, templatesOf } from '../../sandbox/scenario-files.ts';
import type { WarmSandbox } from './warm-sandbox.ts';

export interface Preflight {
  readonly prepared: Prepared;
  readonly report: Report;
  /** In the order of the report's diagnoses. */
  readonly faults: readonly LocatedFault[];
  /** The faults that exist whatever the unknown facts are. */
  readonly known: Certain;
}

/** The check returned no report, which says nothing about the documents. */
export class CheckFailed extends Error {
  override readonly name = 'CheckFailed';
}

/**
 * Runs the real check in the two accounts and also looks for all faults in them.
 *
 * @throws CheckFailed
 */
export async function analyzeDocuments(prepared: Prepared, sandbox: WarmSandbox): Promise<Preflight> {
  const { scenario, event } = prepared;
  const check = async (world: World): Promise<Report> => {
    // Every document is known, so the check doesn't need to call AWS about a denial.
    const answer = await sandbox.check({ ...scenario, world }, { ...event, diagnosis: 'none' });
    const [report] = answer.kind === 'reports' ? answer.reports : [];
    if (!report) throw new CheckFailed(answer.kind === 'reports' ? 'it answered without a report' : answer.message);
    return report;
  };
  const [checked, analysis] = await Promise.all([
    check(scenario.world),
    documentAnalysis(prepared, async (world) => wholeCheckPasses(await check(world))),
  ]);
  const { faults, known } = analysis;
  return { prepared, faults, known, report: reportOf(checked, prepared, analysis) };
}

/** @throws InputError if an event, a scenario or a template is invalid */
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

/** The path as a user would type it. */
function shown(file: string): string {
  const path = relative('', file);
  return path.startsWith('..') ? file : path;
}
