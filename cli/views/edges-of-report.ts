import { isSettingLayer } from '../../core/layers.ts';
import type { PermissionEdge } from '../../core/permissions.ts';
import type { Candidate, Diagnosis, Evidence, Permission, Report, StepResult } from '../../core/report.ts';
import { isElsewhere, isOf, isOtherKey, type Needed } from '../../core/report-permissions.ts';
import { type AccountsOfReport, permissionsAsked } from './accounts-of-report.ts';
import type { EdgeState } from './edge-states.ts';

export interface Edge {
  readonly permission: PermissionEdge;
  readonly resource: string | undefined;
  readonly result: StepResult | undefined;
  readonly state: EdgeState;
  /** The reason for the state, as a sentence. */
  readonly because: string;
  /** The diagnoses that deny it, most likely first. */
  readonly diagnoses: readonly Diagnosis[];
  readonly evidence: readonly Evidence[];
  /** Set if it is only known to be one of these. */
  readonly candidates: readonly Candidate[];
}

/**
 * Every permission that this delivery needs, in the table's order. Permissions that the report doesn't list are
 * unknown.
 */
export function edgesOf(report: Report, accounts: AccountsOfReport): readonly Edge[] {
  return permissionsAsked(report).map((permission) => {
    const { step, action, on } = permission;
    const entry = report.permissions?.find((one) => one.step === step && one.action === action && one.on === on);
    const needed = { step, action, on, resource: entry?.resource ?? accounts.resources[on] };
    return edgeOf(report, permission, needed, entry ?? { ...needed, state: 'unknown', because: { step } });
  });
}

function edgeOf(report: Report, permission: PermissionEdge, needed: Needed, entry: Permission): Edge {
  const result = report.steps.find(({ step }) => step === permission.step);
  const about = report.diagnoses.filter((one) => isOf(one, needed));
  const elsewhere = report.diagnoses.filter((one) => isElsewhere(one, needed));
  const state = stateOf(entry, report, result);
  const isRefused = entry.state !== 'allowed' && entry.state !== 'unknown';
  const diagnoses = isRefused ? [...about, ...elsewhere] : [];
  const isOpen = entry.state === 'possibly-denied';
  return {
    permission,
    resource: needed.resource,
    result,
    state,
    because: reasonOf(entry, report, result, needed),
    diagnoses,
    evidence: diagnoses.flatMap(({ evidence }) => evidence),
    candidates: isOpen ? candidatesFor(report, needed) : [],
  };
}

function stateOf({ state, because }: Permission, report: Report, result: StepResult | undefined): EdgeState {
  switch (state) {
    case 'allowed':
      return 'allowed';
    case 'denied':
      return isSettingLayer(diagnosisOf(report, because)?.denial.layer) ? 'broken' : 'refused';
    case 'likely-denied':
      return 'suspected';
    case 'possibly-denied':
      return 'possible';
    case 'unknown':
      // The step was tried, but nothing shows the result for this permission.
      return result && (result.status !== 'skipped' || result.request) ? 'untold' : 'untried';
  }
}

function diagnosisOf({ diagnoses }: Report, { diagnosis }: Permission['because']): Diagnosis | undefined {
  return diagnosis === undefined ? undefined : diagnoses[diagnosis];
}

function reasonOf(entry: Permission, report: Report, result: StepResult | undefined, needed: Needed): string {
  const { state, because, step, action } = entry;
  const diagnosis = diagnosisOf(report, because);
  switch (state) {
    case 'allowed':
      return allowedBecause(because, result);
    case 'denied':
      return sentences(because.step && `AWS names ${action} as what it refused at ${step}.`, found(diagnosis, step));
    case 'likely-denied':
      return found(diagnosis, step);
    case 'possibly-denied':
      return 'It is one of several explanations that were not ruled out.';
    case 'unknown':
      return unknownBecause(report, result, needed, because);
  }
}

function found(diagnosis: Diagnosis | undefined, step: string): string {
  if (!diagnosis) return '';
  const isThere = diagnosis.step === step || diagnosis.step === undefined;
  return sentences(
    !isThere && `The same fault was found at ${diagnosis.step}, on the same resource.`,
    diagnosis.summary,
  );
}

function allowedBecause({ source }: Permission['because'], result: StepResult | undefined): string {
  if (source === 'policy-analysis') return 'Every policy that applies was read, and allows it.';
  if (source !== undefined) return 'The check asked further, and AWS let it through.';
  if (result?.status === 'passed') return sentences(`${result.step} passed.`, result.reason);
  return 'S3 asked KMS, which it does only for a caller that it lets do the rest.';
}

function unknownBecause(
  report: Report,
  result: StepResult | undefined,
  needed: Needed,
  { step }: Permission['because'],
): string {
  if (isOtherKey(needed, report) && result?.status === 'passed') {
    return 'What was copied lay under another key than a real report does.';
  }
  const told = report.steps.find((one) => one.step === step && one.step !== result?.step);
  if (told) return told.reason ?? untold(told);
  return result && result.status !== 'skipped'
    ? untold(result)
    : (result?.reason ?? 'The report says nothing of this step.');
}

function candidatesFor({ diagnoses }: Report, { step, action }: Needed): readonly Candidate[] {
  return diagnoses
    .filter((one) => one.step === step)
    .flatMap(({ candidates }) => candidates.filter((candidate) => candidate.action === action));
}

function untold({ step, status, error }: StepResult): string {
  const answer = error ? `AWS answered ${step} with ${error.code}` : `${step} did not pass`;
  return status === 'denied'
    ? `${answer}; nothing tells whether it would have refused this permission.`
    : `${answer}, which says nothing about this permission.`;
}

function sentences(...parts: readonly (string | false | undefined)[]): string {
  return parts.filter(Boolean).join(' ');
}
