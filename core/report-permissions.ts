import { isSettingLayer } from './layers.ts';
import { type Action, type Operation, type ResourceRole, resourceRoles } from './permissions.ts';
import type { Diagnosis, Permission, Report, StepResult } from './report.ts';
import type { Step } from './vocabulary.ts';

/** A permission that a delivery needs: an edge with its resource, if known. */
export interface Needed {
  readonly step: Step;
  readonly action: Action;
  readonly on: ResourceRole;
  readonly resource?: string | undefined;
  /** The request that needs it. Several requests may need the same one, with different headers. */
  readonly operation?: Operation | undefined;
}

/** The known facts of a check, as data. Sentences are only for people. */
export interface StepAnswers {
  readonly steps: readonly StepResult[];
  readonly diagnoses: readonly Diagnosis[];
  /** The denials that AWS itself named, by step. */
  readonly named?: readonly {
    readonly step: Step;
    readonly action: string;
    /** Set if the step needs the action on several resources. */
    readonly on?: ResourceRole | undefined;
  }[];
  /** Permissions that an answer proves to be allowed, although the step did not pass. */
  readonly allowed?: readonly (Pick<Needed, 'step' | 'operation'> & {
    readonly action: string;
    readonly on?: ResourceRole | undefined;
  } & Pick<Permission['because'], 'source'>)[];
}

type Verdict = Pick<Permission, 'state' | 'because'>;

/**
 * The report's `permissions`: the known state of each permission, in the given order. If several requests need the same
 * permission, it is allowed only if it is known to be allowed for each of them.
 */
export function permissionsOf(needed: readonly Needed[], told: StepAnswers): readonly Permission[] {
  const found = new Map<string, Permission>();
  for (const one of needed) {
    const permission = permissionOf(one, told);
    const name = [one.step, one.action, one.on].join(' ');
    const known = found.get(name);
    if (known === undefined || gravity(permission) < gravity(known)) found.set(name, permission);
  }
  return [...found.values()];
}

const states = ['denied', 'likely-denied', 'possibly-denied', 'unknown', 'allowed'] as const;

function gravity({ state }: Permission): number {
  return states.indexOf(state);
}

function permissionOf(one: Needed, told: StepAnswers): Permission {
  const { step, action, on, resource } = one;
  const because = { step };
  const verdict = rules.map((rule) => rule(one, told)).find((found) => found !== undefined);
  return { step, action, on, ...(resource !== undefined && { resource }), state: 'unknown', because, ...verdict };
}

/** The first rule that applies decides: AWS's own answers come before conclusions. */
const rules: readonly ((needed: Needed, told: StepAnswers) => Verdict | undefined)[] = [
  (needed, told) => {
    const { step } = needed;
    if (resultAt(told, step)?.status !== 'passed') return undefined;
    if (isOtherKey(needed, told)) return undefined;
    if (isAbortOfNothing(needed, told)) return { state: 'unknown', because: { step } };
    if (isOtherEncryption(needed, told)) return { state: 'unknown', because: { step: 'verify-delivery' } };
    return { state: 'allowed', because: { step } };
  },
  (needed, told) => {
    const diagnosis = indexOf(told, (one) => isOf(one, needed) && one.confidence === 'proven');
    return diagnosis === undefined ? undefined : { state: 'denied', because: { diagnosis } };
  },
  (needed, told) => {
    const { step, action, on } = needed;
    const isNamed = told.named?.some(
      (one) => one.step === step && isSameAction(one.action, action) && (one.on ?? on) === on,
    );
    if (isOtherKey(needed, told) || !isNamed) return undefined;
    const diagnosis = indexOf(told, (one) => isOf(one, needed)) ?? indexOf(told, (one) => isElsewhere(one, needed));
    return { state: 'denied', because: { step, ...(diagnosis !== undefined && { diagnosis }) } };
  },
  (needed, told) => {
    if (isOtherKey(needed, told)) return undefined;
    const { step, action, on, operation } = needed;
    const shown = told.allowed?.find(
      (one) =>
        one.step === step &&
        one.action === action &&
        (one.on ?? on) === on &&
        (one.operation ?? operation) === operation,
    );
    return shown && { state: 'allowed', because: shown.source ? { step, source: shown.source } : { step } };
  },
  (needed, told) => {
    const diagnosis = indexOf(told, (one) => isOf(one, needed) && one.confidence === 'inferred');
    return diagnosis === undefined ? undefined : { state: 'likely-denied', because: { diagnosis } };
  },
  (needed, told) => {
    const diagnosis = indexOf(told, (one) => isElsewhere(one, needed));
    if (diagnosis === undefined) return undefined;
    const { confidence, denial } = told.diagnoses[diagnosis] ?? {};
    const isCertain = confidence === 'proven' && isSettingLayer(denial?.layer);
    return { state: isCertain ? 'denied' : 'likely-denied', because: { diagnosis } };
  },
  (needed, told) => {
    const isCandidate = ({ step, candidates }: Diagnosis) =>
      step === needed.step && candidates.some(({ action }) => action === needed.action);
    const diagnosis = indexOf(told, isCandidate) ?? indexOf(told, (one) => isOf(one, needed));
    return diagnosis === undefined ? undefined : { state: 'possibly-denied', because: { diagnosis } };
  },
];

function resultAt({ steps }: StepAnswers, step: Step): StepResult | undefined {
  return steps.find((result) => result.step === step);
}

function indexOf({ diagnoses }: StepAnswers, fits: (diagnosis: Diagnosis) => boolean): number | undefined {
  const at = diagnoses.findIndex(fits);
  return at === -1 ? undefined : at;
}

function isSameAction(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** True if a diagnosis is about this permission. Within a step, only keys need the same action on several resources. */
export function isOf({ step, denial }: Diagnosis, { step: needed, action, on, resource }: Needed): boolean {
  if (step !== needed || denial.action !== action || (denial.on ?? on) !== on) return false;
  const isKey = action.startsWith('kms:');
  return !isKey || resource === undefined || denial.resource === undefined || denial.resource === resource;
}

/** The same fault at a different step. It is listed at the first step that it stops. */
export function isElsewhere({ step, denial }: Diagnosis, { step: needed, action, resource }: Needed): boolean {
  return step !== needed && resource !== undefined && denial.action === action && denial.resource === resource;
}

/** If put-internal stored nothing, the copied object uses a different key than a real report. */
export function isOtherKey({ step, on }: Needed, told: StepAnswers): boolean {
  if (step !== 'copy-to-inbox' || on !== 'internal-key') return false;
  const copied = resultAt(told, 'copy-to-inbox')?.request?.sourceKmsKeyArn;
  const stored = resultAt(told, 'put-internal')?.request?.kmsKeyArn;
  return copied !== undefined && stored !== undefined && copied !== stored;
}

/** S3 may look for an upload before it checks who may abort it, and a completed upload no longer exists. */
function isAbortOfNothing({ action }: Needed, told: StepAnswers): boolean {
  return action === 's3:AbortMultipartUpload' && resultAt(told, 'copy-to-inbox')?.status === 'passed';
}

/** If S3 encrypted the copy differently than requested, that says nothing about the requested key. */
function isOtherEncryption({ step, on }: Needed, told: StepAnswers): boolean {
  return step === 'copy-to-inbox' && on === 'inbox-key' && resultAt(told, 'verify-delivery')?.status === 'failed';
}

/** The permissions that a report considers denied, most certain first. */
export function refusedPermissions({ permissions = [] }: Report): readonly Permission[] {
  return (['denied', 'likely-denied', 'possibly-denied'] as const).flatMap((state) =>
    permissions.filter((permission) => permission.state === state),
  );
}

/** A line for each permission of a step: `s3:PutObject on the test object in …: likely-denied`. */
export function permissionLines({ permissions = [] }: Report, step: Step): readonly string[] {
  return permissions
    .filter((permission) => permission.step === step)
    .map(({ action, on, state }) => `${action} on ${resourceRoles[on]}: ${state}`);
}
