import type { TestEvent } from '../../core/event.ts';
import type { Denial, Report } from '../../core/report.ts';
import { faultsOf } from '../analysis/faults.ts';
import type { World } from '../world/world.ts';
import { fixedWorld } from './fixed-world.ts';
import { carriedOut, isAbout } from './instructions.ts';
import { openingsOf } from './openings.ts';
import { distinct, hasStatement, isSameChange, type StatementRemedy, wholeCheckPasses } from './remedy.ts';

interface ReportedCheck {
  readonly world: World;
  readonly event: TestEvent;
  readonly report: Report;
  /** Runs the whole check of the same event in another world; undefined if it returns no report. */
  readonly check: (world: World) => Promise<Report | undefined>;
}

/** A fixed fault may reveal another, but no world hides this many behind each other. */
const mostRounds = 8;

/**
 * Applies a report's remedies to the simulation, assumes that requests to people are done, and checks again. Repeats
 * this until the whole check passes. Marks the report's statements as verified that were needed for that and grant
 * nothing else.
 */
export async function withVerifiedRemedies(reported: ReportedCheck): Promise<Report> {
  const { event, report } = reported;
  const passing = await passingRemedies(reported);
  if (!passing) return report;
  const { lifted, remedies } = passing;
  const verified: StatementRemedy[] = [];
  for (const remedy of remedies) {
    const { world: after } = fixedWorld(lifted, [remedy]);
    if (openingsOf(lifted, after, event, [remedy]).length === 0) verified.push(remedy);
  }
  const { world: after } = fixedWorld(lifted, verified);
  // Two harmless changes could grant something together.
  if (openingsOf(lifted, after, event, verified).length > 0) return report;
  return marked(report, verified);
}

interface PassingRemedies {
  /** The world without the statements, after other people's tasks are done. */
  readonly lifted: World;
  readonly remedies: readonly StatementRemedy[];
}

/** The smallest set of remedies with which the whole check passes; empty if it never does. */
async function passingRemedies(reported: ReportedCheck): Promise<PassingRemedies | undefined> {
  const { world, event, report, check } = reported;
  let seen: readonly StatementRemedy[] = [];
  let lifted = world;
  let latest: Report | undefined = report;
  for (let round = 0; round < mostRounds && latest !== undefined; round++) {
    const before = { known: seen.length, lifted };
    seen = distinct([...seen, ...remediesIn(latest)]);
    const asked = instructionsIn(latest);
    const done = carriedOut(lifted, event, (fault) => asked.some((denial) => isAbout(denial, fault)));
    lifted = done.world;
    if (seen.length === before.known && lifted === before.lifted) return undefined;
    const { world: fixed, refused } = fixedWorld(lifted, seen);
    latest = await check(fixed);
    if (!latest || !wholeCheckPasses(latest)) continue;
    const applied = seen.filter((remedy) => !refused.some((one) => one.remedy === remedy));
    return { lifted, remedies: await withoutNeedless(applied, lifted, reported) };
  }
  return undefined;
}

/** Requests to a person. A statement may come with the request that no Deny matches. */
function instructionsIn({ diagnoses }: Report): readonly Denial[] {
  return diagnoses
    .filter(({ remedy, denial }) => remedy && (!hasStatement(remedy) || denial.effect === undefined))
    .map(({ denial }) => denial);
}

/** A user who edits a document for one statement also adds the one that a candidate says may be missing there. */
function remediesIn({ diagnoses }: Report): readonly StatementRemedy[] {
  return diagnoses
    .flatMap(({ remedy, candidates }) => [remedy, ...candidates.map((candidate) => candidate.remedy)])
    .filter(hasStatement);
}

/** An early guess may be wrong and a later one right, so only remedies that are needed count as right. */
async function withoutNeedless(
  applied: readonly StatementRemedy[],
  world: World,
  { event, check }: ReportedCheck,
): Promise<readonly StatementRemedy[]> {
  let needed = applied;
  for (const remedy of applied) {
    const others = needed.filter((other) => other !== remedy);
    const { world: fixed } = fixedWorld(world, others);
    if (faultsOf(fixed, event).length === 0) needed = others;
  }
  if (needed.length === applied.length) return applied;
  const confirmed = await check(fixedWorld(world, needed).world);
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
