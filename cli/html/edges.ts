import { type PermissionEdge, permissionEdges } from '../../core/permissions.ts';
import type { Candidate, Diagnosis, Evidence, Report, StepResult } from '../../core/report.ts';
import type { Layer } from '../../core/vocabulary.ts';
import { type Accounts, requestOf } from './accounts.ts';
import type { EdgeState } from './states.ts';
import { namesRefused, tellsGiven, tellsRefused } from './told.ts';

/** One permission of a delivery, and all that the report tells of it. */
export interface Edge extends Decision {
  readonly permission: PermissionEdge;
  readonly resource: string | undefined;
  readonly result: StepResult | undefined;
}

interface Decision {
  readonly state: EdgeState;
  /** Why it is taken to be so, in a sentence. */
  readonly because: string;
  /** What is said about a refusal of it, the likeliest first. */
  readonly diagnoses: readonly Diagnosis[];
  readonly evidence: readonly Evidence[];
  /** Set where nothing more is known than that it is one of them. */
  readonly candidates: readonly Candidate[];
}

/** Every permission that this delivery needs, in the order of the table. What nothing tells of stays open. */
export function edgesOf(report: Report, accounts: Accounts): readonly Edge[] {
  return permissionEdges
    .filter((permission) => isAsked(report, permission))
    .map((permission) => {
      const resource = accounts.resources[permission.on];
      const result = report.steps.find(({ step }) => step === permission.step);
      return { permission, resource, result, ...decide({ report, permission, resource, result }) };
    });
}

function isAsked(report: Report, { onlyWith, step, action }: PermissionEdge): boolean {
  if (!onlyWith || requestOf(report, step)?.[onlyWith]) return true;
  return report.diagnoses.some(({ denial }) => denial.action === action);
}

interface Question {
  readonly report: Report;
  readonly permission: PermissionEdge;
  readonly resource: string | undefined;
  readonly result: StepResult | undefined;
}

/** The first rule that has something to say decides: what AWS did comes before what is concluded from it. */
const rules: readonly ((question: Question) => Partial<Decision> | undefined)[] = [
  ({ result, ...question }) => {
    if (result?.status !== 'passed') return undefined;
    const otherwise = askedOtherwise(question);
    if (otherwise) return { state: 'untold', because: otherwise };
    return { state: 'allowed', because: sentences(`${result.step} passed.`, result.reason) };
  },
  (question) => {
    const proven = ofStep(question).filter(({ confidence }) => confidence === 'proven');
    const [first] = proven;
    if (!first) return undefined;
    return { state: isSetting(first.denial.layer) ? 'broken' : 'refused', because: first.summary };
  },
  (question) => {
    const { permission, result } = question;
    const { action, step } = permission;
    const isTold =
      (result?.error && !isOtherKey(question) && namesRefused(result.error.message, action, result.error.code)) ||
      ofStep(question).some(({ evidence }) => evidence.some((each) => tellsRefused(each, action)));
    if (!isTold) return undefined;
    const [first] = [...ofStep(question), ...elsewhere(question)];
    return {
      state: 'refused',
      because: sentences(`AWS names ${action} as what it refused at ${step}.`, first?.summary),
    };
  },
  (question) => {
    if (isOtherKey(question)) return undefined;
    const { report, permission } = question;
    const evidence = report.diagnoses
      .filter(({ step }) => step === permission.step)
      .flatMap((diagnosis) => diagnosis.evidence.filter((each) => tellsGiven(each, permission.action)));
    return evidence.length > 0
      ? { state: 'allowed', because: 'The check asked further, and AWS let it through.', evidence }
      : undefined;
  },
  (question) => {
    const [first] = ofStep(question).filter(({ confidence }) => confidence === 'inferred');
    return first && { state: 'suspected', because: first.summary };
  },
  (question) => {
    const [first] = elsewhere(question);
    if (!first) return undefined;
    const isCertain = first.confidence === 'proven' && isSetting(first.denial.layer);
    const because = sentences(`The same fault was found at ${first.step}, on the same resource.`, first.summary);
    return { state: isCertain ? 'broken' : 'suspected', because };
  },
  (question) => {
    const candidates = candidatesFor(question);
    const isNamed = ofStep(question).length > 0;
    return candidates.length > 0 || isNamed
      ? { state: 'possible', because: 'It is one of several explanations that were not ruled out.', candidates }
      : undefined;
  },
  ({ result }) =>
    result && result.status !== 'skipped'
      ? { state: 'untold', because: untold(result) }
      : { state: 'untried', because: result?.reason ?? 'The report says nothing of this step.' },
];

function decide(question: Question): Decision {
  const ofThis = [...ofStep(question), ...elsewhere(question)];
  const decision = rules.map((rule) => rule(question)).find((found) => found !== undefined);
  const state = decision?.state ?? 'untold';
  const isRefused = state === 'refused' || state === 'suspected' || state === 'broken' || state === 'possible';
  const diagnoses = isRefused ? ofThis : [];
  return {
    state,
    because: '',
    diagnoses,
    evidence: diagnoses.flatMap(({ evidence }) => evidence),
    candidates: [],
    ...decision,
  };
}

/** What refuses a request although every policy may allow it. */
const settings: ReadonlySet<Layer> = new Set([
  'key-state',
  'key-missing',
  'bucket-missing',
  'bucket-owner',
  'object-ownership',
  'region',
]);

function isSetting(layer: Layer | undefined): boolean {
  return layer !== undefined && settings.has(layer);
}

function ofStep({ report, permission, resource }: Question): readonly Diagnosis[] {
  return report.diagnoses.filter(
    ({ step, denial }) => step === permission.step && denial.action === permission.action && isAbout(denial, resource),
  );
}

/** The same fault at another step: it is listed at the first one that it stops. */
function elsewhere({ report, permission, resource, result }: Question): readonly Diagnosis[] {
  if (result?.status === 'passed' || resource === undefined) return [];
  return report.diagnoses.filter(
    ({ step, denial }) =>
      step !== permission.step && denial.action === permission.action && denial.resource === resource,
  );
}

/** Within a step an action is asked of one resource; only keys may be another than the edge's own. */
function isAbout(denial: Diagnosis['denial'], resource: string | undefined): boolean {
  const isKey = denial.action?.startsWith('kms:') === true;
  return !isKey || resource === undefined || denial.resource === undefined || denial.resource === resource;
}

function candidatesFor({ report, permission }: Question): readonly Candidate[] {
  return report.diagnoses
    .filter(({ step }) => step === permission.step)
    .flatMap(({ candidates }) => candidates.filter(({ action }) => action === permission.action));
}

/** Where put-internal stored nothing, what is copied lies under another key than a real report does. */
function isOtherKey({ report, permission }: Pick<Question, 'report' | 'permission'>): boolean {
  const copied = requestOf(report, 'copy-to-inbox')?.sourceKmsKeyArn;
  const stored = requestOf(report, 'put-internal')?.kmsKeyArn;
  const isDecrypt = permission.step === 'copy-to-inbox' && permission.on === 'internal-key';
  return isDecrypt && copied !== undefined && stored !== undefined && copied !== stored;
}

/** Why a step that passed still says nothing of one of its permissions. */
function askedOtherwise(question: Omit<Question, 'result'>): string | undefined {
  const { report, permission } = question;
  if (isOtherKey(question)) return 'What was copied lay under another key than a real report does.';
  const verified = report.steps.find(({ step }) => step === 'verify-delivery');
  const isInboxKey = permission.step === 'copy-to-inbox' && permission.on === 'inbox-key';
  return isInboxKey && verified?.status === 'failed' ? verified.reason : undefined;
}

function untold({ step, status, error }: StepResult): string {
  const answer = error ? `AWS answered ${step} with ${error.code}` : `${step} did not pass`;
  return status === 'denied'
    ? `${answer}; nothing tells whether it would have refused this permission.`
    : `${answer}, which says nothing about this permission.`;
}

function sentences(...parts: readonly (string | undefined)[]): string {
  return parts.filter(Boolean).join(' ');
}
