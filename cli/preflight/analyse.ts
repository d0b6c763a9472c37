import { askedRequestsOf, type DeliveryRequest } from '../../core/delivery/requests.ts';
import type { TestEvent } from '../../core/event.ts';
import type { Note, Report, StepResult } from '../../core/report.ts';
import { permissionsOf } from '../../core/report-permissions.ts';
import { type Analysis, analysisOf, type Fault } from '../../model/analysis/faults.ts';
import { outcomeOf } from '../../model/analysis/outcome.ts';
import type { Mends } from '../../model/preflight/as-mended.ts';
import { beyondNeed } from '../../model/preflight/beyond-need.ts';
import { contradictions } from '../../model/preflight/contradictions.ts';
import { type LocatedFault, locatedFaults, locator } from '../../model/preflight/diagnoses.ts';
import { madeUpIn, mendsOf } from '../../model/preflight/mends.ts';
import { doubtOfTemplate, refusedIn } from '../../model/preflight/open-doubt.ts';
import type { Prepared } from '../../model/preflight/prepare.ts';
import { questionsOf } from '../../model/preflight/questions.ts';
import { readingOf } from '../../model/preflight/reading.ts';
import { type Knowledge, withoutUnknown } from '../../model/preflight/unknown.ts';
import { offeredRemedies } from '../../model/remedies/fault-remedies.ts';
import { openingsOf } from '../../model/remedies/openings.ts';
import type { StatementRemedy } from '../../model/remedies/remedy.ts';
import { wholeCheckPasses } from '../../model/remedies/whole-check.ts';
import { deliveryIn } from '../../model/world/delivery-in.ts';
import type { Scenario, UnknownPart } from '../../model/world/scenario.ts';
import { isStandIn } from '../../model/world/wanted-texts.ts';
import type { WarmSandbox } from './warm-sandbox.ts';

/** What a preflight says about one set of documents. */
export interface Preflight {
  readonly prepared: Prepared;
  readonly report: Report;
  /** In the order of the report's diagnoses. */
  readonly faults: readonly LocatedFault[];
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
export async function analyse(prepared: Prepared, sandbox: WarmSandbox): Promise<Preflight> {
  const { scenario, event, given, inTemplate, set } = prepared;
  const { world } = scenario;
  const [checked, { verified, ...known }] = await Promise.all([
    check(scenario, event, sandbox),
    findAndMend(prepared, sandbox),
  ]);
  const faults = locatedFaults({
    world,
    event,
    faults: known.certain,
    locate: locator(() => given, inTemplate),
    verified,
    mends: await mendsFor(prepared, known, sandbox),
  });
  const notes: readonly Note[] = [
    ...contradictions(world, event, given, set.event).filter(isOfKnown),
    ...refusedIn(prepared),
    ...known.notes,
    ...beyondNeed(world, event, given).filter(isOfKnown),
    ...readingOf(prepared).assumed.map((detail): Note => ({ kind: 'assumed', detail })),
  ];
  const diagnoses = faults.map(({ diagnosis }) => diagnosis);
  const report = {
    ...checked,
    diagnoses,
    ...(notes.length > 0 && { notes: [...notes] }),
  };
  return {
    prepared,
    faults,
    report: withPermissions(known.notes.length === 0 ? report : asFarAsKnown(report, known), prepared, known),
  };
}

/** What stands for a value that nobody knows is in no document of anybody's. */
function isOfKnown({ detail }: Note): boolean {
  return !isStandIn(detail);
}

/** A scenario is what it is; and nothing is asked for that `--fix` would refuse to write. */
async function mendsFor(
  prepared: Prepared,
  { certain, notes }: Knowledge,
  sandbox: WarmSandbox,
): Promise<Mends | undefined> {
  const { scenario, event, set } = prepared;
  if (set.scenario !== undefined || certain.length === 0) return undefined;
  const { fixes, left, mended } = await mendsOf(prepared, certain);
  if (fixes.length === 0 || madeUpIn(prepared, fixes) !== undefined) return undefined;
  const unverified = { fixes, left, verified: false };
  if (left.length > 0 || notes.length > 0) return unverified;
  const changes = fixes.map(({ edit: { statement } }) => ({ statement }));
  if ((await openingsOf(scenario.world, mended, event, changes)).length > 0) return unverified;
  return { fixes, left, verified: wholeCheckPasses(await check({ ...scenario, world: mended }, event, sandbox)) };
}

/**
 * Every document was read: a permission that no fault is about is allowed, unless something that has a say is unknown. The
 * same fault of the same resource may stop several permissions, and is listed once.
 */
function withPermissions(report: Report, { scenario, event }: Prepared, { notes, certain }: Knowledge): Report {
  const delivery = deliveryIn(scenario.world, event);
  const needed = askedRequestsOf(delivery, runIdIn(report));
  const isFree = ({ on, action }: DeliveryRequest) => {
    const other = askedRequestsOf(delivery).find((one) => one.on === on && one.action === action);
    return certain.every((fault) => fault.resource !== other?.resource);
  };
  const isKnown = notes.length === 0 && certain.every(({ step }) => step !== 'assume-delivery-role');
  const allowed = isKnown ? needed.filter(isFree).map((one) => ({ ...one, source: 'policy-analysis' as const })) : [];
  return { ...report, permissions: [...permissionsOf(needed, { ...report, allowed })] };
}

/** The name of the test object has the id of the run in it. */
function runIdIn({ steps }: Report): string | undefined {
  const { key } = steps.find(({ step }) => step === 'put-internal')?.request ?? {};
  return key === undefined ? undefined : /([^/]+)\.json$/.exec(key)?.[1];
}

async function check(scenario: Scenario, event: TestEvent, sandbox: WarmSandbox): Promise<Report> {
  // What the check would ask AWS about a denial is known already, from every document.
  const answer = await sandbox.check(scenario, { ...event, diagnosis: 'none' });
  const [report] = answer.kind === 'reports' ? answer.reports : [];
  if (!report) throw new CheckFailed(answer.kind === 'reports' ? 'it answered without a report' : answer.message);
  return report;
}

async function findAndMend(
  prepared: Prepared,
  sandbox: WarmSandbox,
): Promise<Knowledge & { readonly verified: readonly StatementRemedy[] }> {
  const { scenario, event } = prepared;
  const known = await knowledgeOf(prepared, await analysisOf(scenario.world, event));
  if (known.certain.length === 0) return { ...known, verified: [] };
  const { offered, mended, left } = await offeredRemedies(scenario.world, event, known.certain);
  const harmless = offered.filter(({ defects }) => defects.length === 0).map(({ remedy }) => remedy);
  // With something left that no statement mends, or that nobody knows, no check of a mended world can pass.
  if (harmless.length === 0 || harmless.length < offered.length || left.length > 0 || known.notes.length > 0) {
    return { ...known, verified: [] };
  }
  const after = await check({ ...scenario, world: mended }, event, sandbox);
  return { ...known, verified: wholeCheckPasses(after) ? harmless : [] };
}

/** A scenario says which of its parts are unknown; documents don't, and ask for things that only the service knows. */
async function knowledgeOf(
  { scenario, event, given, set, opened, inTemplate }: Prepared,
  { faults, doubts }: Analysis,
): Promise<Knowledge> {
  const { world, unknown } = scenario;
  const questions = questionsOf(
    world,
    event,
    doubts,
    locator(() => given, inTemplate),
  );
  if (set.scenario !== undefined) {
    const unread = await withoutUnknown(world, event, faults, unknown);
    const steps = new Set([...unread.steps, ...doubts.map(({ step }) => step)]);
    return { ...unread, notes: [...questions, ...unread.notes], steps };
  }
  const left = await doubtOfTemplate(opened?.variants ?? [], event, faults);
  const certainSoFar = faults.filter(left.isCertain);
  // A grant can only allow: nobody asks for one where the policy does.
  const isMissed = ({ part }: UnknownPart) =>
    part !== 'customer.key.grants' || certainSoFar.some(({ layer }) => layer === 'key-policy');
  const unread = await withoutUnknown(world, event, certainSoFar, unknown.filter(isMissed));
  const { certain } = unread;
  const notes = [...questions, ...left.notes, ...unread.notes];
  const doubtful = [...doubts, ...left.doubtful];
  const { kmsKeyArn } = deliveryIn(world, event).internal;
  const isOfDocuments = (fault: Fault) => fault.resource !== kmsKeyArn || fault.layer !== 'key-missing';
  const steps = new Set([...doubtful.map(({ step }) => step), ...unread.steps]);
  if (certain.every(isOfDocuments)) return { notes, certain, steps };
  // Neither the customer's key nor the service's own: no document is about it.
  const detail = `Cannot know what the policy of ${kmsKeyArn} says, under which reports wait: a preflight has no place for it.`;
  return {
    notes: [...notes, { kind: 'unknown', detail }],
    certain: certain.filter(isOfDocuments),
    steps: steps.add('put-internal').add('copy-to-inbox'),
  };
}

/** Something stood in for what nobody knows: what the check did with that says nothing. */
function asFarAsKnown(report: Report, { certain, steps }: Knowledge): Report {
  const { deniedStep: _, ...rest } = report;
  const outcome = outcomeOf(certain);
  return {
    ...rest,
    ...(outcome.verdict === 'passed' ? { verdict: 'inconclusive' } : outcome),
    steps: report.steps.map((result): StepResult => {
      if (certain.some(({ step }) => step === result.step)) return result;
      if (!steps.has(result.step) && !(result.step === 'verify-delivery' && steps.has('copy-to-inbox'))) return result;
      return { step: result.step, status: 'skipped', durationMs: 0, reason: 'Cannot know: see the notes.' };
    }),
  };
}
