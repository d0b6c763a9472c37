import type { TestEvent } from '../../lambda/customer_configuration_check/event.ts';
import type { Report } from '../../lambda/customer_configuration_check/report.ts';
import { faultsOf } from '../authorization/faults.ts';
import type { World } from '../world/world.ts';
import { mendedWorld } from './mended-world.ts';
import { openingsOf } from './openings.ts';
import { distinct, hasStatement, isSameChange, type StatementRemedy } from './remedy.ts';
import { wholeCheckPasses } from './whole-check.ts';

export interface ReportedCheck {
  /** The model of both accounts. */
  readonly world: World;
  readonly event: TestEvent;
  readonly report: Report;
  /** Runs the whole check of the same event in another world; undefined where it has no report. */
  readonly check: (world: World) => Promise<Report | undefined>;
}

/** A mended fault shows what was behind it; but no world has as many layers of faults as this. */
const mostRounds = 8;

/**
 * Applies the remedies of a report to the model, checks again, applies what is asked for then, and so on until the
 * whole check passes. Marks those remedies of the report as verified that were needed for that and open nothing else.
 */
export async function withVerifiedRemedies({ world, event, report, check }: ReportedCheck): Promise<Report> {
  const remedies = await passingRemedies({ world, event, report, check });
  const verified: StatementRemedy[] = [];
  for (const remedy of remedies) {
    const { world: after } = mendedWorld(world, [remedy]);
    if ((await openingsOf(world, after, event, [remedy])).length === 0) verified.push(remedy);
  }
  const { world: after } = mendedWorld(world, verified);
  // Two that are each harmless could open something together.
  if ((await openingsOf(world, after, event, verified)).length > 0) return report;
  return marked(report, verified);
}

/** The remedies that together make the whole check pass, without any that it passes without; none where it never does. */
async function passingRemedies({ world, event, report, check }: ReportedCheck): Promise<readonly StatementRemedy[]> {
  let seen: readonly StatementRemedy[] = [];
  let latest: Report | undefined = report;
  for (let round = 0; round < mostRounds && latest !== undefined; round++) {
    const known = seen.length;
    seen = distinct([...seen, ...remediesIn(latest)]);
    if (seen.length === known) return [];
    const { world: mended, refused } = mendedWorld(world, seen);
    latest = await check(mended);
    if (!latest || !wholeCheckPasses(latest)) continue;
    const applied = seen.filter((remedy) => !refused.some((one) => one.remedy === remedy));
    return withoutNeedless(applied, { world, event, report, check });
  }
  return [];
}

function remediesIn({ diagnoses }: Report): readonly StatementRemedy[] {
  return diagnoses.map(({ remedy }) => remedy).filter(hasStatement);
}

/** A first guess may have been wrong and a later one right: only what had to be there has turned out right. */
async function withoutNeedless(
  applied: readonly StatementRemedy[],
  { world, event, check }: ReportedCheck,
): Promise<readonly StatementRemedy[]> {
  let needed = applied;
  for (const remedy of applied) {
    const others = needed.filter((other) => other !== remedy);
    const { world: mended } = mendedWorld(world, others);
    if ((await faultsOf(mended, event)).length === 0) needed = others;
  }
  if (needed.length === applied.length) return applied;
  const confirmed = await check(mendedWorld(world, needed).world);
  return confirmed && wholeCheckPasses(confirmed) ? needed : [];
}

function marked(report: Report, verified: readonly StatementRemedy[]): Report {
  return {
    ...report,
    diagnoses: report.diagnoses.map((diagnosis) => {
      const { remedy } = diagnosis;
      const isVerified = hasStatement(remedy) && verified.some((one) => isSameChange(one, remedy));
      return isVerified ? { ...diagnosis, remedy: { ...remedy, verified: true } } : diagnosis;
    }),
  };
}
