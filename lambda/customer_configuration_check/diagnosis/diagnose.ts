import { askedIn } from '../../../core/advice/asked.ts';
import { bucketIn } from '../../../core/arn.ts';
import { type MessageDenial, readError } from '../../../core/aws-words/message.ts';
import { isSettingLayer, rankOfLayer } from '../../../core/layers.ts';
import type { Diagnosis, Evidence, ServiceError, StepResult } from '../../../core/report.ts';
import { steps as allSteps, type Layer, namesOf } from '../../../core/vocabulary.ts';
import { isMissingSource } from '../errors.ts';
import { conclude, explanationOf } from './conclude.ts';
import { allowedBySteps, deliveryEdges, insteadOfSubstitute, isSameEdge, withSourceKey } from './delivery-edges.ts';
import { diagnosisOf } from './diagnosis.ts';
import { factsOfSteps } from './facts-of-steps.ts';
import {
  type DeliveryEdge,
  type DiagnosisCase,
  type Findings,
  type FoundRefusal,
  nothingFound,
  type ProbedAnswer,
} from './findings.ts';
import { missingSource, otherEncryption, regionNotEnabled } from './not-refused.ts';
import { type Alternative, type Rule, uncertain } from './rule.ts';
import { ruleFor } from './rules.ts';
import { likelyRefusals } from './unreached.ts';

/**
 * One diagnosis for each independent fault in the steps' answers and the findings, in the order in which a delivery
 * meets them.
 */
export async function diagnose(unread: DiagnosisCase): Promise<readonly Diagnosis[]> {
  const input = withSourceKey(unread);
  const { findings = nothingFound, steps } = input;
  const found: Diagnosis[] = [];
  const add = (diagnoses: readonly Diagnosis[]) => {
    for (const diagnosis of diagnoses.map((one) => atFirstStep(input, one))) {
      if (!found.some((known) => isSameFault(known, diagnosis))) found.push(diagnosis);
    }
  };
  for (const result of steps) add(ofStep(input, findings, result));
  for (const answer of findings.answers) if (!answer.isOfStep) add(ofProbe(input, findings, answer));

  const allowed = [...allowedBySteps(input), ...findings.allowed];
  // A missing bucket's name is probably mistyped, so conclusions about that name mean nothing.
  const { bucket, isOnlyNamed } = input.delivery.internal;
  const isMistyped = found.some(
    ({ denial }) => denial.layer === 'bucket-missing' && bucketIn(denial.resource) === bucket,
  );
  const isBelieved = (one: FoundRefusal) =>
    !allowed.some((edge) => isSameEdge(one.edge, edge)) && (one.isAlone || found.some((other) => isLike(one, other)));
  // Until S3 has answered for a bucket that only the event names, its name may be mistyped too.
  const put = steps.find(({ step }) => step === 'put-internal');
  const isKnown = !isOnlyNamed || put?.status === 'passed' || put?.status === 'denied';
  // Preparing an isolated copy is not a step of its event, but a key policy that denies it is likely to deny the copy.
  const prepared = steps.flatMap((result) => {
    const { status, error } = result;
    return status === 'skipped' && error ? ofAnswer(input, findings, result, { error }, [answerOf(error)], false) : [];
  });
  const likely = likelyRefusals(input, [...found, ...prepared], allowed);
  for (const refusal of [...findings.refusals.filter(isBelieved), ...likely]) {
    const isInternal = refusal.edge.on.startsWith('internal-');
    if (!isMistyped || !isInternal)
      add([ofRefusal(input, isInternal && !isKnown ? { ...refusal, confidence: 'inferred' } : refusal)]);
  }
  return withoutWrongKey(inDeliveryOrder(found, deliveryEdges(input)), input.delivery.inbox.kmsKeyArn);
}

/**
 * The simulator can be wrong. If that matters, AWS must have denied the same permission, or named the layer for a
 * similar one.
 */
function isLike({ layer, edge, evidence, isUnchecked }: FoundRefusal, { step, denial }: Diagnosis): boolean {
  if (evidence.source !== 'policy-simulator') return false;
  if (!isUnchecked && step === edge.step && denial.action === edge.action) return true;
  const isOfRole = layer !== 'identity-policy';
  return denial.layer === layer && (isOfRole || serviceOf(denial.action) === serviceOf(edge.action));
}

function serviceOf(action: string | undefined): string | undefined {
  return action?.split(':')[0];
}

function ofStep(input: DiagnosisCase, findings: Findings, result: StepResult): readonly Diagnosis[] {
  const { status, step, error } = result;
  if (status === 'passed' || (status === 'skipped' && !isOfKeyItself(error))) return [];
  if (!error) return status === 'failed' ? [otherEncryption(input, result)] : [];
  if (isMissingSource(step, error)) {
    return [{ step, ...missingSource(input.delivery.internal.bucket, [answerOf(error)]) }];
  }
  const elsewhere = regionNotEnabled(input, result, [answerOf(error)]);
  if (elsewhere) return [elsewhere];
  // KMS's own message, if S3 did not pass it on.
  const unsaid = findings.answers.find((answer) => answer.isOfStep && answer.step === step);
  const evidence = [answerOf(error), ...(unsaid ? [evidenceOf(unsaid)] : [])];
  return ofAnswer(input, findings, result, unsaid ?? { error }, evidence, status === 'denied');
}

/** The step that only prepares a copy also uses the key, and fails if the key is unusable. */
function isOfKeyItself(error: ServiceError | undefined): boolean {
  return error !== undefined && readError(error).subject === 'key';
}

/** Reads the answers of requests beyond the steps as if they were a step's. */
function ofProbe(input: DiagnosisCase, findings: Findings, answer: ProbedAnswer): readonly Diagnosis[] {
  const { step, error, request } = answer;
  const result: StepResult = { step, status: 'denied', durationMs: 0, error, ...(request && { request }) };
  return ofAnswer(input, findings, result, answer, [evidenceOf(answer)], false);
}

function evidenceOf({ tried, error, source = 'probe' }: ProbedAnswer): Evidence {
  return { source, detail: `${tried}: ${answerOf(error).detail}` };
}

function ofAnswer(
  input: DiagnosisCase,
  findings: Findings,
  result: StepResult,
  { error, isOfStep: edge, isElsewhere }: Pick<ProbedAnswer, 'error' | 'isOfStep' | 'isElsewhere'>,
  evidence: readonly Evidence[],
  isDenial: boolean,
): readonly Diagnosis[] {
  const said = readError(error);
  // A CloudTrail event shows the denied request even if AWS's message is not in it.
  const isUntold = edge !== undefined && said.action === undefined;
  const message: MessageDenial = isUntold
    ? { wording: 'unexplained', action: edge.action, resource: edge.resource }
    : said;
  const asked = askedIn(input, result, message);
  const facts = [...findings.facts, ...factsOfSteps(input)].filter(
    ({ step }) => step === undefined || step === result.step,
  );
  const fitting = ruleFor(message, asked);
  const rule = fitting && (isElsewhere || asked.isOneOfSeveral) ? uncertain(fitting) : fitting;
  const substitute = insteadOfSubstitute(input, asked, message);
  if (rule && substitute) {
    // The known facts are about the substitute's key.
    return substitute.isTelling
      ? conclude(message, substitute.asked, uncertain(rule), evidence, facts).filter(
          ({ confidence }) => confidence !== 'unknown',
        )
      : [];
  }
  if (rule) return conclude(message, asked, allowFor(input, result, message.layer, rule), evidence, facts);
  return isDenial ? [diagnosisOf(asked, message, unknown, evidence)] : [];
}

/** Denials that no request has met yet, because an earlier request was denied. */
function ofRefusal(input: DiagnosisCase, { edge, layer, effect, confidence, evidence }: FoundRefusal): Diagnosis {
  const { step, action, resource } = edge;
  const { error } = input.steps.find((one) => one.step === step) ?? {};
  const principal = error && readError(error).principal;
  const message = { wording: 'none', layer, action, resource, ...(principal && { principal }) } as const;
  const asked = askedIn(input, { step }, message);
  const explanation = explanationOf({ ...asked, role: edge.on }, layer, evidence.detail);
  return diagnosisOf(
    asked,
    message,
    { explanation: { ...explanation, effect }, candidates: [], confidence, isSupported: true },
    [evidence],
  );
}

const unknown = {
  explanation: { why: 'AWS names no policy and no reason.' },
  candidates: [],
  confidence: 'unknown',
} as const;

/** The copy's source bucket is known to exist only if something was stored in it before. */
function allowFor(input: DiagnosisCase, { step }: StepResult, layer: Layer | undefined, rule: Rule): Rule {
  const sourceExists =
    input.fallbackSource !== undefined ||
    input.steps.some((other) => other.step === 'put-internal' && other.status === 'passed');
  if (layer !== 'bucket-missing' || step !== 'copy-to-inbox' || sourceExists) return rule;
  const source: Alternative = {
    layer: 'bucket-missing',
    edge: { action: 's3:GetObject', on: 'internal-object' },
    why: 'S3 answers the same for the bucket that the copy reads from.',
  };
  return { ...rule, confidence: 'inferred', alternatives: [source] };
}

/** A fault of a key is listed once, at the first step that needs the key. */
function atFirstStep(input: DiagnosisCase, diagnosis: Diagnosis): Diagnosis {
  const { layer, resource } = diagnosis.denial;
  if (!isSettingLayer(layer)) return diagnosis;
  const first = deliveryEdges(input).find((edge) => edge.resource === resource && edge.on.endsWith('-key'));
  const worked = input.steps.some(({ step, status }) => step === first?.step && status === 'passed');
  if (!first || worked || first.step === diagnosis.step) return diagnosis;
  return { ...diagnosis, step: first.step, denial: { ...diagnosis.denial, action: first.action } };
}

function isSameFault({ denial: a }: Diagnosis, { denial: b }: Diagnosis): boolean {
  if (a.layer === undefined || a.layer !== b.layer || a.resource !== b.resource) return false;
  return a.action === b.action || isSettingLayer(a.layer);
}

function answerOf({ code, httpStatus, message, endpoint }: ServiceError): Evidence {
  const status = httpStatus === undefined ? '' : ` (HTTP ${httpStatus})`;
  return {
    source: 'service-message',
    detail: `AWS answered ${code}${status}${message && `: ${message}`}${endpoint ? ` Its endpoint: ${endpoint}` : ''}`,
  };
}

/**
 * Sorts in the order in which a delivery meets them: by step, then by permission. For one permission, proven faults
 * come before likely ones, then layers in the order in which AWS evaluates them.
 */
function inDeliveryOrder(diagnoses: readonly Diagnosis[], edges: readonly DeliveryEdge[]): readonly Diagnosis[] {
  return diagnoses
    .map((diagnosis, at) => ({ diagnosis, rank: [...rankOf(diagnosis, edges), at] }))
    .sort((a, b) => compare(a.rank, b.rank))
    .map(({ diagnosis }) => diagnosis);
}

function rankOf({ step, denial, confidence }: Diagnosis, edges: readonly DeliveryEdge[]): readonly number[] {
  const edge = edges.findIndex((one) => one.step === step && one.action === denial.action);
  return [
    step ? namesOf(allSteps).indexOf(step) : 0,
    // Faults that are not about one permission (a missing bucket, another encryption than requested) come first.
    edge,
    confidence === 'proven' ? 0 : 1,
    rankOfLayer(denial.layer),
  ];
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at === -1 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}

/**
 * A statement for a key that doesn't exist, or is in another Region, grants nothing useful. The key's ARN must be
 * corrected first, and may be why the bucket denies, because bucket policies often require their own key.
 */
function withoutWrongKey(diagnoses: readonly Diagnosis[], kmsKeyArn: string): readonly Diagnosis[] {
  const wrong = diagnoses.find(
    ({ denial: { layer, resource } }) => resource === kmsKeyArn && (layer === 'key-missing' || layer === 'region'),
  );
  const side = wrong?.remedy?.side;
  if (!wrong) return diagnoses;
  return diagnoses.map((diagnosis) => {
    const { remedy } = diagnosis;
    if (!remedy?.statement || !JSON.stringify(remedy.statement).includes(kmsKeyArn)) return diagnosis;
    return {
      ...diagnosis,
      remedy: {
        ...(side && { side }),
        instruction:
          "Correct the key's ARN first and check again: this request names the wrong key, and a bucket policy that demands the right one refuses it.",
      },
    };
  });
}
