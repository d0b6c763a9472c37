import { resourceArn } from '../delivery.ts';
import type { Diagnosis, Evidence, ServiceError, StepResult } from '../report.ts';
import type { Layer, Side } from '../vocabulary.ts';
import { accountIn, bucketIn } from './arn-parts.ts';
import { type Asked, askedIn } from './asked.ts';
import type { DiagnosisCase } from './case.ts';
import { diagnosisOf } from './diagnosis.ts';
import { type Explanation, type Fact, type Hypotheses, weigh } from './explanation.ts';
import { type MessageDenial, readMessage } from './message.ts';
import type { Alternative, Rule } from './rule.ts';
import { ruleFor } from './rules.ts';

/** One diagnosis for each independent fault that a check's answers tell of, in the order of its steps. */
export async function diagnose(input: DiagnosisCase): Promise<readonly Diagnosis[]> {
  const found: Diagnosis[] = [];
  for (const result of input.steps) {
    for (const diagnosis of ofStep(input, result)) {
      if (!found.some((known) => isSameFault(known, diagnosis))) found.push(diagnosis);
    }
  }
  return found;
}

function ofStep(input: DiagnosisCase, result: StepResult): readonly Diagnosis[] {
  if (result.status === 'passed' || result.status === 'skipped') return [];
  if (result.step === 'verify-delivery') return [otherEncryption(input, result)];
  if (!result.error) return [];
  const message = readMessage(result.error.message, result.error.code);
  const asked = askedIn(input, result, message);
  const facts = (input.facts ?? []).filter(({ step }) => step === undefined || step === result.step);
  const answer = answerOf(result.error);
  const rule = ruleFor(message, asked);
  if (rule) return conclude(message, asked, allowFor(input, result, message, rule), [answer], facts);
  return result.status === 'denied' ? [diagnosisOf(asked, message, unknown, [answer])] : [];
}

/** What a rule makes of an answer, held against what else is known. */
export function conclude(
  message: MessageDenial,
  asked: Asked,
  rule: Rule,
  answer: readonly Evidence[],
  facts: readonly Fact[],
): readonly Diagnosis[] {
  const evidence = [...answer, ...facts.map(({ source, detail }) => ({ source, detail }))];
  return weigh(hypothesesOf(message, asked, rule), facts).map((conclusion) =>
    diagnosisOf(asked, message, conclusion, evidence, rule),
  );
}

const unknown = {
  explanation: { why: 'AWS names no policy and no reason.' },
  candidates: [],
  confidence: 'unknown',
} as const;

/** The source of a copy is known to exist only where it was written before. */
function allowFor(input: DiagnosisCase, { step }: StepResult, { layer }: MessageDenial, rule: Rule): Rule {
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

function hypothesesOf(message: MessageDenial, asked: Asked, rule: Rule): Hypotheses {
  const layer = rule.blames ?? message.layer;
  const first: Explanation = {
    ...explanationOf(asked, layer, rule.because),
    effect: rule.effectIsTold ? message.effect : undefined,
  };
  const others = rule.alternatives
    .filter((one) => one.onlyWith === undefined || asked.delivery?.inbox[one.onlyWith] !== undefined)
    .filter((one) => one.step === undefined || one.step === asked.step)
    .map((one) => explanationOf(elsewhere(asked, one), one.layer, one.why))
    .filter(
      (one) => !(['layer', 'action', 'resource'] as const).every((property) => one[property] === first[property]),
    );
  return { explanations: [first, ...others], confidence: rule.confidence, exhaustive: rule.exhaustive };
}

/** Another question of the same request. */
function elsewhere(asked: Asked, { edge }: Alternative): Asked {
  if (!edge || !asked.delivery) return asked;
  const { delivery, resource, role } = asked;
  const owner = edge.on === 'internal-object' ? 'service' : 'customer';
  const arn = edge.on === role ? resource : resourceArn(delivery, edge.on, '*');
  const accountId = bucketIn(arn)
    ? (owner === 'service' ? delivery.internal : delivery.inbox).accountId
    : accountIn(arn);
  return { ...asked, action: edge.action, role: edge.on, resource: arn, owner, resourceAccountId: accountId };
}

/** Layers on the caller: all the others belong to whoever owns the resource. */
const layersOfTheCaller: ReadonlySet<Layer> = new Set([
  'identity-policy',
  'permissions-boundary',
  'session-policy',
  'service-control-policy',
  'vpc-endpoint-policy',
]);

function explanationOf(asked: Asked, layer: Layer | undefined, why: string): Explanation {
  const { action, resource, role } = asked;
  const onCaller = layer !== undefined && (layersOfTheCaller.has(layer) || layer === 'role-trust-policy');
  const side: Side | undefined = onCaller ? 'service' : asked.owner;
  const accountId =
    layer !== undefined && layersOfTheCaller.has(layer) ? asked.principalAccountId : asked.resourceAccountId;
  return { layer, action, resource, role, side, accountId, why };
}

/** A resource that is not as it must be stops every action: it is one fault whatever was tried. */
const layersOfTheResourceItself: ReadonlySet<Layer | undefined> = new Set<Layer>([
  'key-state',
  'key-missing',
  'bucket-missing',
  'bucket-owner',
  'region',
  'object-ownership',
]);

function isSameFault({ denial: a }: Diagnosis, { denial: b }: Diagnosis): boolean {
  if (a.layer === undefined || a.layer !== b.layer || a.resource !== b.resource) return false;
  return a.action === b.action || layersOfTheResourceItself.has(a.layer);
}

export function answerOf({ code, httpStatus, message }: ServiceError): Evidence {
  const status = httpStatus === undefined ? '' : ` (HTTP ${httpStatus})`;
  return { source: 'service-message', detail: `AWS answered ${code}${status}: ${message}` };
}

/** S3 took the object and encrypted it otherwise than it was told to: the answer says with what, and nobody's policy. */
function otherEncryption({ delivery, runId, principal }: DiagnosisCase, { step, reason }: StepResult): Diagnosis {
  const resource = resourceArn(delivery, 'inbox-object', runId);
  return {
    step,
    summary: `The test object was delivered, but not encrypted as it must be${reason ? `: ${reason}` : '.'}`,
    denial: {
      ...(principal && { principal }),
      ...(resource && { resource }),
      side: 'customer',
      accountId: delivery.inbox.accountId,
    },
    confidence: 'unknown',
    evidence: [{ source: 'service-message', detail: reason ?? "The copy's answer names another encryption." }],
    candidates: [],
    remedy: {
      side: 'customer',
      accountId: delivery.inbox.accountId,
      target: delivery.inbox.bucket,
      instruction:
        `Confirm which KMS key reports in ${delivery.inbox.bucket} must be encrypted with. The test event names ` +
        `${delivery.inbox.kmsKeyArn}: if the key has been replaced, send the service a new test event.`,
    },
  };
}
