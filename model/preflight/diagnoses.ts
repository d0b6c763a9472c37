import { summaryOf } from '../../core/advice/summary.ts';
import { bucketIn } from '../../core/arn.ts';
import type { TestEvent } from '../../core/event.ts';
import { lowerFirst, upperFirst } from '../../core/printable.ts';
import type { Diagnosis, Remedy } from '../../core/report.ts';
import { clauseOn, type Mismatch } from '../../policy/index.ts';
import { type Fault, isSameRefusal } from '../analysis/faults.ts';
import { isSameDocument } from '../remedies/documents.ts';
import type { Fixes } from '../remedies/fixes.ts';
import { deniedBy, remedyForFault, saidOf } from '../remedies/for-fault.ts';
import { hasStatement, isSameChange, type StatementRemedy } from '../remedies/remedy.ts';
import { type DocumentPath, inSpelling, type PolicyFile, type Position } from '../text/policy-file.ts';
import { isStandIn, withoutStandIns } from '../world/wanted-texts.ts';
import type { World } from '../world/world.ts';
import { expressed } from './fixes/expressions.ts';
import { documentAtFault, type LocatedPolicy } from './locate.ts';

/** A fault with its file and position, and its fix. */
export interface LocatedFault {
  readonly fault: Fault;
  readonly diagnosis: Diagnosis;
  readonly place?: Place;
}

export interface Place {
  readonly policy: PolicyFile;
  /** The position of the statement, or of the whole policy if no statement is close. */
  readonly statement: Position;
  /** The element to look at: the Deny, or the first element that doesn't match. */
  readonly focus: Position;
}

export interface TestedFixes extends Pick<Fixes, 'fixes' | 'left'> {
  /** True if the whole check passes with all fixes, and they grant nothing else. */
  readonly verified: boolean;
  readonly fixed: World;
}

export interface DiagnosesInput {
  readonly world: World;
  readonly event: TestEvent;
  readonly faults: readonly Fault[];
  readonly locate: (document: LocatedPolicy['of']) => PolicyFile | undefined;
  /** The policy in the user's own template, or where it would be. */
  readonly templateOf: (document: LocatedPolicy['of']) => PolicyFile | undefined;
  /** Names that no one stated and that were made up. */
  readonly assumed: readonly string[];
  readonly verified: readonly StatementRemedy[];
  /** The fixes of documents that may be changed. */
  readonly tested?: TestedFixes | undefined;
}

/** Faults as diagnoses of a report. They are proven, because every document was read. */
export function locatedFaults({
  world,
  event,
  faults,
  locate,
  templateOf,
  assumed,
  verified,
  tested,
}: DiagnosesInput): readonly LocatedFault[] {
  return faults.map((found) => {
    const fault = withoutInventedArn(found);
    const document = documentAtFault(world, event, found);
    const policy = document && locate(document);
    const place = policy && placeOf(policy, fault);
    const diagnosis = diagnosisOf(world, event, fault, place, verified);
    const fixed = diagnosis.remedy && tested ? asFixed(diagnosis.remedy, fault, tested) : diagnosis.remedy;
    const intended = document ?? missingPolicyAt(fault);
    const template = intended && templateOf(intended);
    const placed = fixed && template ? inTemplate(fixed, template, fixed === diagnosis.remedy) : fixed;
    const remedy = placed && withoutAssumption(placed, assumed);
    return { fault, diagnosis: { ...diagnosis, ...(remedy && { remedy }) }, ...(place && { place }) };
  });
}

/**
 * A remedy as the smallest changes that fix its fault, including what is behind a Deny, if they change existing
 * statements. A statement that must be added is already in the remedy.
 */
function asFixed(remedy: Remedy, fault: Fault, { fixes, left, verified }: TestedFixes): Remedy {
  const its = fixes.filter(({ faults }) => faults.some((one) => isSameRefusal(one, fault)));
  const isChange = its.some(({ edit }) => edit.kind === 'replace');
  if (!isChange || !remedy.document || left.some((one) => isSameRefusal(one, fault))) return remedy;
  const added = its.find(({ edit }) => edit.kind === 'add');
  const [only] = its.length === 1 ? its : [];
  const { statement: _, verified: __, ...rest } = remedy;
  const statement = (added ?? only)?.edit.statement;
  const place = `${remedy.document.replaceAll('-', ' ')} of ${remedy.target ?? 'the resource'}`;
  const changes = lowerFirst(its.map(({ summary }) => summary).join(' '));
  const then = only ? ' The statement is then as follows.' : '';
  return {
    ...rest,
    instruction: `In the ${place}, ${changes}${then}`,
    ...(statement && { statement }),
    ...(verified && { verified }),
  };
}

/** The simulation makes up ARNs for organization policies and boundaries, which no one could look up. */
function withoutInventedArn({ statement, ...fault }: Fault): Fault {
  if (!statement) return fault;
  const { policyArn: _, ...rest } = statement;
  return { ...fault, statement: rest };
}

/** If a bucket has no policy, the one that it would need. */
function missingPolicyAt({ layer, resource }: Fault): LocatedPolicy['of'] | undefined {
  const owner = layer === 'bucket-policy' ? bucketIn(resource) : undefined;
  return owner === undefined ? undefined : { kind: 'bucket-policy', owner, index: 0 };
}

/** A remedy that depends on an assumed name is not verified. */
function withoutAssumption(remedy: Remedy, assumed: readonly string[]): Remedy {
  const text = JSON.stringify(remedy.statement ?? {});
  const name = assumed.find((value) => text.includes(value));
  if (name === undefined && !isStandIn(text)) return remedy;
  const { verified: _, ...rest } = remedy;
  const which =
    name === undefined
      ? 'Put the real name where the statement has a name that is not known yet.'
      : `The statement rests on an assumption, ${name}: say what is right in a test event.`;
  return { ...rest, instruction: `${remedy.instruction} ${which}` };
}

/** A statement in the format of the template that creates the resource. */
function inTemplate(remedy: Remedy, { file, express, missingFor }: PolicyFile, isOnlyAdded: boolean): Remedy {
  const { document } = remedy;
  if (!remedy.statement || !document || !express) return remedy;
  const statement = expressed(remedy.statement, express) as typeof remedy.statement;
  if (!isOnlyAdded) return { ...remedy, statement };
  const what = document.replaceAll('-', ' ');
  return {
    ...remedy,
    statement,
    instruction:
      missingFor === undefined
        ? `Add this statement to the ${what} in ${file}.`
        : `Add a ${what} for ${missingFor} with this statement to ${file}: it has none.`,
  };
}

function diagnosisOf(
  world: World,
  event: TestEvent,
  fault: Fault,
  place: Place | undefined,
  verified: readonly StatementRemedy[],
): Diagnosis {
  const { denial, asked } = deniedBy(world, event, fault);
  const { statement } = fault;
  const remedy = remedyForFault(world, event, fault);
  return {
    step: fault.step,
    summary: summaryOf(denial, asked, saidOf(world, fault), 'proven'),
    denial: {
      ...denial,
      ...(statement && {
        statement: {
          policy: statement.policy,
          ...(statement.sid !== undefined && { sid: statement.sid }),
          index: statement.index,
          ...(place && { file: place.policy.file, ...place.statement }),
        },
      }),
    },
    confidence: 'proven',
    evidence: evidenceOf(fault).map((detail) => ({ source: 'policy-analysis', detail })),
    candidates: [],
    ...(remedy && { remedy: withVerification(remedy, verified) }),
  };
}

function withVerification(remedy: Remedy, verified: readonly StatementRemedy[]): Remedy {
  const isVerified = hasStatement(remedy) && verified.some((one) => isSameChange(one, remedy));
  return isVerified ? { ...remedy, verified: true } : remedy;
}

function evidenceOf({ mismatches = [], conditions = [], behind, statement, effect, why }: Fault): readonly string[] {
  if (effect === 'explicit' && statement) {
    const even = behind ? closestTo('Even without it, no statement allows it', behind) : [];
    return [`${upperFirst(nameOf(statement))} denies it.`, ...conditions.map(sentenceOn), ...even];
  }
  if (mismatches.length === 0) return [`${upperFirst(why)}.`];
  return closestTo('No statement allows it', { statement, mismatches });
}

function closestTo(
  words: string,
  { statement, mismatches = [] }: Pick<Fault, 'mismatches'> & { statement?: Fault['statement'] | undefined },
) {
  return statement ? [`${words}; ${nameOf(statement)} comes closest.`, ...mismatches.map(sentenceOn)] : [`${words}.`];
}

function nameOf({ sid, index }: NonNullable<Fault['statement']>): string {
  return sid ?? `statement ${index + 1}`;
}

function sentenceOn(mismatch: Mismatch): string {
  return withoutStandIns(`${upperFirst(clauseOn(mismatch))}.`);
}

function placeOf(policy: PolicyFile, { effect, statement, mismatches = [] }: Fault): Place {
  if (!statement) {
    const position = policy.positionOf(['Statement']);
    return { policy, statement: position, focus: position };
  }
  const path: DocumentPath = ['Statement', statement.index];
  const [mismatch] = mismatches;
  const { element = 'Effect', operator, key } = (effect !== 'explicit' && mismatch) || {};
  const inside = [element, operator, key].filter((part) => part !== undefined);
  const focus = policy.positionOf(inSpelling(policy, [...path, ...inside]));
  return { policy, statement: policy.positionOf(path), focus };
}

export function locator(...policies: readonly (() => readonly LocatedPolicy[])[]): DiagnosesInput['locate'] {
  return (document) => {
    for (const located of policies) {
      const found = located().find(({ of }) => isSameDocument(of, document));
      if (found) return found.policy;
    }
    return undefined;
  };
}
