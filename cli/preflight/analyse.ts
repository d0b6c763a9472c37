import type { Report } from '../../core/report.ts';
import { documentAnalysis, reportOf } from '../../model/preflight/analysis.ts';
import type { LocatedFault } from '../../model/preflight/diagnoses.ts';
import type { Certain } from '../../model/preflight/mends.ts';
import type { Prepared } from '../../model/preflight/prepare.ts';
import { wholeCheckPasses } from '../../model/remedies/remedy.ts';
import type { World } from '../../model/world/world.ts';
import type { WarmSandbox } from './warm-sandbox.ts';

export interface Preflight {
  readonly prepared: Prepared;
  readonly report: Report;
  /** In the order of the report's diagnoses. */
  readonly faults: readonly LocatedFault[];
  /** What is wrong whatever no one told. */
  readonly known: Certain;
}

/** The check has no report, which says nothing about the documents. */
export class CheckFailed extends Error {
  override readonly name = 'CheckFailed';
}

/**
 * Runs the real check in the two accounts and, beside it, looks for everything that is wrong with them.
 *
 * @throws CheckFailed
 */
export async function analyseDocuments(prepared: Prepared, sandbox: WarmSandbox): Promise<Preflight> {
  const { scenario, event } = prepared;
  const check = async (world: World): Promise<Report> => {
    // What the check would ask AWS about a denial is known already, from every document.
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
