import type { Candidate, Denial, Diagnosis, Evidence } from '../report.ts';
import type { Asked } from './asked.ts';
import type { Conclusion, Explanation } from './explanation.ts';
import type { MessageDenial } from './message.ts';
import { remedyFor } from './remedy.ts';
import type { Rule } from './rule.ts';
import { summaryOf } from './summary.ts';

/** A conclusion as a report holds it. */
export function diagnosisOf(
  asked: Asked,
  message: MessageDenial,
  { explanation, candidates, confidence }: Conclusion,
  evidence: readonly Evidence[],
  rule?: Rule,
): Diagnosis {
  const { layer, effect, side, accountId } = explanation;
  const about: Asked = {
    ...asked,
    action: explanation.action ?? asked.action,
    resource: explanation.resource ?? asked.resource,
    role: explanation.role ?? asked.role,
  };
  // The ARN that AWS names is that of the policy that it blames, not of one that was inferred in its place.
  const policyArn = layer === message.layer ? message.policyArn : undefined;
  const denial: Denial = withoutAbsent({
    principal: about.principal,
    action: about.action,
    resource: about.resource,
    layer,
    effect,
    side,
    accountId,
    policyArn,
  });
  const remedy = remedyFor(denial, about, message);
  return {
    ...(asked.step && { step: asked.step }),
    summary: summaryOf(denial, about, message, confidence),
    denial,
    confidence,
    evidence: [
      ...evidence,
      ...(rule ? [{ source: 'service-message' as const, detail: `${rule.because} ${rule.source}` }] : []),
    ],
    candidates: candidates.flatMap(candidateOf),
    ...(remedy && { remedy }),
  };
}

function candidateOf({ layer, side, action, why }: Explanation): Candidate[] {
  return layer ? [{ layer, ...(side && { side }), ...(action && { action }), why }] : [];
}

function withoutAbsent<T extends object>(properties: T): T {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined)) as T;
}
