import { askedRequestsOf, type DeliveryRequest } from '../../core/delivery/requests.ts';
import { lowerFirst } from '../../core/printable.ts';
import type { Note, Report, StepResult } from '../../core/report.ts';
import { permissionsOf } from '../../core/report-permissions.ts';
import { type Analysis, analysisOf, type Fault } from '../analysis/faults.ts';
import { outcomeOf } from '../analysis/outcome.ts';
import { offeredRemedies } from '../remedies/fault-remedies.ts';
import type { Fixes } from '../remedies/fixes.ts';
import { openingsOf } from '../remedies/openings.ts';
import type { StatementRemedy } from '../remedies/remedy.ts';
import { deliveryIn } from '../world/delivery-in.ts';
import type { UnknownPart } from '../world/scenario.ts';
import { isStandIn } from '../world/wanted-texts.ts';
import type { World } from '../world/world.ts';
import { beyondNeed } from './beyond-need.ts';
import { contradictions } from './contradictions.ts';
import { type LocatedFault, locatedFaults, locator, type TestedFixes } from './diagnoses.ts';
import { assumedPlaces, assumedValues, type Certain, editableIn, fixesOf, madeUpIn } from './document-fixes.ts';
import { doubtOfTemplate, refusedIn } from './open-doubt.ts';
import type { Prepared } from './prepare.ts';
import { type OpenQuestion, questionsOf } from './questions.ts';
import { readingOf } from './reading.ts';
import { sessionsNamed } from './sessions-named.ts';
import { type Knowledge, withoutUnknown } from './unknown.ts';

interface DocumentAnalysis {
  /** In the order of a report's diagnoses. */
  readonly faults: readonly LocatedFault[];
  readonly known: KnowledgeOfDocuments;
  readonly notes: readonly Note[];
  /** Absent if nothing is wrong, or nothing may be changed. */
  readonly tested?: TestedFixes;
}

type KnowledgeOfDocuments = Knowledge & Certain;

/** Tells if the whole check of the same event passes in another world. */
type Passes = (world: World) => Promise<boolean>;

export async function documentAnalysis(prepared: Prepared, passes: Passes): Promise<DocumentAnalysis> {
  const { scenario, event, given, inTemplate, set } = prepared;
  const { world } = scenario;
  const locate = locator(() => given, inTemplate);
  const found = knowledgeOf(prepared, analysisOf(world, event));
  const proposed = proposedFixes(prepared, found);
  const behind = proposed ? questionsBehind(prepared, found, proposed.fixed, locate) : [];
  const known = { ...found, questions: [...found.questions, ...behind] };
  const verified = await verifiedRemedies(prepared, known, passes);
  const tested = proposed && (await testedFixes(prepared, known, proposed, passes));
  const templateOf = locator(() => editableIn(prepared).filter(({ policy }) => policy.express));
  return {
    known,
    faults: locatedFaults({
      world,
      event,
      faults: known.certain,
      locate,
      templateOf,
      verified,
      tested,
      assumed: [...assumedValues(prepared), ...assumedPlaces(prepared)],
    }),
    notes: [
      ...contradictions(world, event, given, set.event).filter(isOfKnown),
      ...refusedIn(prepared),
      ...known.questions.map(({ note }) => note),
      ...beyondNeed(world, event, given).filter(isOfKnown),
      ...readingOf(prepared).assumed.map((detail): Note => ({ kind: 'assumed', detail })),
    ],
    ...(tested && { tested }),
  };
}

/** @param checked the report of the check in the two accounts */
export function reportOf(checked: Report, prepared: Prepared, { faults, known, notes }: DocumentAnalysis): Report {
  const diagnoses = faults.map(({ diagnosis }) => diagnosis);
  const report = { ...checked, diagnoses, ...(notes.length > 0 && { notes: [...notes] }) };
  return withPermissions(known.questions.length === 0 ? report : asFarAsKnown(report, known), prepared, known);
}

/** False for a placeholder of an unknown value, which is in no one's document. */
function isOfKnown({ detail }: Note): boolean {
  return !isStandIn(detail);
}

/** A scenario is never changed, and no remedy requests a change that `--fix` would not write. */
function proposedFixes(prepared: Prepared, known: Certain): Fixes | undefined {
  if (prepared.set.scenario !== undefined || known.certain.length === 0) return undefined;
  const proposed = fixesOf(prepared, known);
  return proposed.fixes.length === 0 || madeUpIn(prepared, proposed.fixes) !== undefined ? undefined : proposed;
}

async function testedFixes(
  { scenario, event }: Prepared,
  { questions }: Knowledge,
  { fixes, left, fixed }: Fixes,
  passes: Passes,
): Promise<TestedFixes> {
  const unverified = { fixes, left, fixed, verified: false };
  if (left.length > 0 || questions.length > 0) return unverified;
  const changes = fixes.map(({ edit: { statement } }) => ({ statement }));
  if (openingsOf(scenario.world, fixed, event, changes).length > 0) return unverified;
  return { ...unverified, verified: await passes(fixed) };
}

/**
 * Unknown conditions that matter once the faults are fixed. While nothing allows a request, an undecided Deny is
 * hidden.
 */
function questionsBehind(
  { event }: Prepared,
  { questions }: KnowledgeOfDocuments,
  fixed: World,
  locate: Parameters<typeof questionsOf>[3],
): readonly OpenQuestion[] {
  const isAsked = ({ about }: OpenQuestion) => questions.some((one) => one.about === about);
  return questionsOf(fixed, event, analysisOf(fixed, event).doubts, locate)
    .filter((question) => !isAsked(question))
    .map((question) => ({
      ...question,
      note: { ...question.note, detail: `Once the faults are fixed: ${lowerFirst(question.note.detail)}` },
    }));
}

/**
 * All documents were read, so a permission without a fault is allowed, unless an unknown part affects it. If the same
 * fault of a resource stops several permissions, it is listed once.
 */
function withPermissions(report: Report, { scenario, event }: Prepared, { questions, certain }: Knowledge): Report {
  const delivery = deliveryIn(scenario.world, event);
  const needed = askedRequestsOf(delivery, runIdIn(report));
  const isFree = ({ on, action }: DeliveryRequest) => {
    const other = askedRequestsOf(delivery).find((one) => one.on === on && one.action === action);
    return certain.every((fault) => fault.resource !== other?.resource);
  };
  const isKnown = questions.length === 0 && certain.every(({ step }) => step !== 'assume-delivery-role');
  const allowed = isKnown ? needed.filter(isFree).map((one) => ({ ...one, source: 'policy-analysis' as const })) : [];
  return { ...report, permissions: [...permissionsOf(needed, { ...report, allowed })] };
}

/** The name of the test object contains the run's ID. */
function runIdIn({ steps }: Report): string | undefined {
  const { key } = steps.find(({ step }) => step === 'put-internal')?.request ?? {};
  return key === undefined ? undefined : /([^/]+)\.json$/.exec(key)?.[1];
}

/** The statements with which the whole check passes, and that grant nothing else. */
async function verifiedRemedies(
  { scenario: { world }, event }: Prepared,
  { certain, questions }: Knowledge,
  passes: Passes,
): Promise<readonly StatementRemedy[]> {
  if (certain.length === 0) return [];
  const { offered, fixed, left } = offeredRemedies(world, event, certain);
  const harmless = offered.filter(({ defects }) => defects.length === 0).map(({ remedy }) => remedy);
  // If a fault without a statement or an unknown fact remains, no check of a fixed world can pass.
  if (harmless.length === 0 || harmless.length < offered.length || left.length > 0 || questions.length > 0) return [];
  return (await passes(fixed)) ? harmless : [];
}

/** A scenario lists its unknown parts. Documents don't, and refer to things that only the service knows. */
function knowledgeOf(
  { scenario, event, given, set, opened, inTemplate }: Prepared,
  { faults, doubts }: Analysis,
): KnowledgeOfDocuments {
  const { world, unknown } = scenario;
  const questions = questionsOf(
    world,
    event,
    doubts,
    locator(() => given, inTemplate),
  );
  if (set.scenario !== undefined) {
    const unread = withoutUnknown(world, event, faults, unknown);
    const steps = new Set([...unread.steps, ...doubts.map(({ step }) => step)]);
    return { ...unread, steps, questions: [...questions, ...unread.questions] };
  }
  const left = doubtOfTemplate(opened?.variants ?? [], event, faults);
  // A grant can only allow, so it is not needed if the policy already allows.
  const isMissed = ({ part }: UnknownPart) =>
    part !== 'customer.key.grants' || left.certain.some(({ layer }) => layer === 'key-policy');
  const unread = withoutUnknown(world, event, left.certain, unknown.filter(isMissed));
  const { certain } = unread;
  const ofSessions = sessionsNamed(world, event, { faults, doubts }, given);
  const all = [...questions, ...ofSessions.questions, ...left.questions, ...unread.questions];
  const steps = new Set([
    ...[...doubts, ...left.doubtful].map(({ step }) => step),
    ...ofSessions.steps,
    ...unread.steps,
  ]);
  const { leastWrong } = left;
  const { kmsKeyArn } = deliveryIn(world, event).internal;
  const isOfDocuments = (fault: Fault) => fault.resource !== kmsKeyArn || fault.layer !== 'key-missing';
  if (certain.every(isOfDocuments)) return { certain, steps, questions: all, ...(leastWrong && { leastWrong }) };
  // Neither the customer's key nor the service's own, so no document is about it.
  const about = `Cannot know what the policy of ${kmsKeyArn} says, under which reports wait: a preflight has no place for it.`;
  return {
    certain: certain.filter(isOfDocuments),
    steps: steps.add('put-internal').add('copy-to-inbox'),
    questions: [...all, { note: { kind: 'unknown', detail: about }, about, answers: [] }],
  };
}

/** Drops results that depend on a placeholder for something unknown, because they say nothing. */
function asFarAsKnown(report: Report, { certain, steps }: Knowledge): Report {
  const { deniedStep: _, ...rest } = report;
  const outcome = outcomeOf(certain);
  return {
    ...rest,
    ...(outcome.verdict === 'passed' ? { verdict: 'inconclusive' } : outcome),
    steps: report.steps.map((result): StepResult => {
      if (certain.some(({ step }) => step === result.step)) return result;
      if (!steps.has(result.step) && !(result.step === 'verify-delivery' && steps.has('copy-to-inbox'))) return result;
      const { step, request } = result;
      return {
        step,
        status: 'skipped',
        durationMs: 0,
        ...(request && { request }),
        reason: 'Cannot know: see the notes.',
      };
    }),
  };
}
