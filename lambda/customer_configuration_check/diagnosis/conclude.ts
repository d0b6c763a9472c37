import type { Asked } from '../../../core/advice/asked.ts';
import { accountIn, bucketIn } from '../../../core/arn.ts';
import type { MessageDenial } from '../../../core/aws-words/message.ts';
import { resourceArn } from '../../../core/delivery/delivery.ts';
import { isPolicyOfCaller } from '../../../core/layers.ts';
import type { Diagnosis, Evidence } from '../../../core/report.ts';
import type { Layer, Side } from '../../../core/vocabulary.ts';
import { diagnosisOf } from './diagnosis.ts';
import { bearsOn, type Explanation, type Fact, type Hypotheses, weigh } from './explanation.ts';
import type { Alternative, Rule } from './rule.ts';

/** A rule's explanations of an answer, compared with the other facts. */
export function conclude(
  message: MessageDenial,
  asked: Asked,
  rule: Rule,
  answer: readonly Evidence[],
  facts: readonly Fact[],
): readonly Diagnosis[] {
  const hypotheses = hypothesesOf(message, asked, rule);
  return weigh(hypotheses, facts).map((conclusion) => {
    // An open question matters only if its answer might have changed something.
    const telling = facts.filter(({ bearing }) =>
      bearing ? hypotheses.explanations.some((one) => bearsOn(bearing, one)) : conclusion.confidence !== 'proven',
    );
    const weighty = telling.toSorted(
      (a, b) => weightOf(b, conclusion.explanation) - weightOf(a, conclusion.explanation),
    );
    const evidence = [...answer, ...distinct(weighty.map(({ source, detail }) => ({ source, detail })))];
    return diagnosisOf(asked, message, conclusion, evidence, rule);
  });
}

const verdictsByWeight = ['accompanies', 'weakens', 'excludes', 'supports', 'proves'] as const;

/** Order of evidence: the basis of the diagnosis, then other findings, then questions that AWS didn't answer. */
function weightOf({ bearing }: Fact, explanation: Explanation): number {
  if (!bearing) return -1;
  const speaksFor = bearing.verdict === 'proves' || bearing.verdict === 'supports';
  return speaksFor && !bearsOn(bearing, explanation) ? 0 : verdictsByWeight.indexOf(bearing.verdict);
}

function distinct(evidence: readonly Evidence[]): readonly Evidence[] {
  return evidence.filter(({ detail }, at) => evidence.findIndex((other) => other.detail === detail) === at);
}

function hypothesesOf(message: MessageDenial, asked: Asked, rule: Rule): Hypotheses {
  const layer = rule.blames ?? message.layer;
  const first: Explanation = {
    ...explanationOf(elsewhere(asked, rule), layer, rule.because),
    effect: rule.effectIsTold ? message.effect : undefined,
  };
  const others = (rule.alternatives ?? [])
    .filter((one) => one.onlyWith === undefined || asked.delivery?.inbox[one.onlyWith] !== undefined)
    .filter((one) => one.step === undefined || one.step === asked.step)
    .filter((one) => one.service === undefined || one.service === asked.action?.split(':')[0])
    .map((one) => explanationOf(elsewhere(asked, one), one.layer, one.why))
    .filter(
      (one) => !(['layer', 'action', 'resource'] as const).every((property) => one[property] === first[property]),
    );
  return {
    explanations: [first, ...others],
    confidence: rule.confidence,
    exhaustive: rule.exhaustive === true,
    namedByAws: layer !== undefined && layer === message.layer,
  };
}

/** The same request, for another permission. */
function elsewhere(asked: Asked, { edge }: Pick<Alternative, 'edge'>): Asked {
  if (!edge || !asked.delivery) return asked;
  const { delivery, resource, role } = asked;
  const owner = edge.on === 'internal-object' ? 'service' : 'customer';
  const arn = edge.on === role ? resource : resourceArn(delivery, edge.on, '*');
  const accountId = bucketIn(arn)
    ? (owner === 'service' ? delivery.internal : delivery.inbox).accountId
    : accountIn(arn);
  return { ...asked, action: edge.action, role: edge.on, resource: arn, owner, resourceAccountId: accountId };
}

export function explanationOf(asked: Asked, layer: Layer | undefined, why: string): Explanation {
  const { action, resource, role } = asked;
  const onCaller = isPolicyOfCaller(layer);
  const side: Side | undefined = onCaller || layer === 'role-trust-policy' ? asked.caller : asked.owner;
  const accountId = onCaller ? asked.principalAccountId : asked.resourceAccountId;
  return { layer, action, resource, role, side, accountId, why };
}
