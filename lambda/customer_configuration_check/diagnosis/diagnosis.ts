import type { Asked } from '../../../core/advice/asked.ts';
import { remedyFor } from '../../../core/advice/remedy.ts';
import { summaryOf } from '../../../core/advice/summary.ts';
import type { MessageDenial } from '../../../core/aws-words/message.ts';
import { isAskedOfSeveral } from '../../../core/delivery/requests.ts';
import type { Candidate, Denial, Diagnosis, Evidence } from '../../../core/report.ts';
import { defined } from '../../../core/values.ts';
import type { Conclusion, Explanation } from './explanation.ts';
import type { Rule } from './rule.ts';

export function diagnosisOf(
  asked: Asked,
  message: MessageDenial,
  { explanation, candidates, confidence, isSupported = false }: Conclusion,
  evidence: readonly Evidence[],
  rule?: Rule,
): Diagnosis {
  const { layer, effect, side, accountId } = explanation;
  const about: Asked = {
    ...asked,
    action: explanation.action ?? asked.action,
    resource: explanation.resource ?? asked.resource,
    role: explanation.role ?? asked.role,
    ...defined({ missing: explanation.missing, namesNoDeletedRole: explanation.namesNoDeletedRole }),
  };
  // AWS's ARN is that of the policy that it blames, not of an inferred one.
  const policyArn = layer === message.layer ? message.policyArn : undefined;
  const denial: Denial = defined({
    principal: about.principal,
    action: about.action,
    resource: about.resource,
    on: about.delivery && isAskedOfSeveral(about.delivery, asked.step, about.action) ? about.role : undefined,
    layer,
    effect,
    side,
    accountId,
    policyArn,
  });
  const isNamed = layer === message.layer && message.wording !== 'none';
  const ground = confidence === 'proven' || isNamed ? 'known' : isSupported ? 'likely' : 'guessed';
  const remedy = remedyFor(denial, about, message, ground);
  return {
    ...(asked.step && { step: asked.step }),
    summary: summaryOf(denial, about, message, confidence),
    denial,
    confidence,
    evidence: [
      ...evidence,
      ...(rule ? [{ source: 'service-message' as const, detail: `${rule.because} ${rule.source}` }] : []),
    ],
    candidates: candidates.flatMap((one) => candidateOf(one, denial, about, message)),
    ...(remedy && { remedy }),
  };
}

function candidateOf(
  { layer, side, action, resource, role, accountId, why }: Explanation,
  denial: Denial,
  asked: Asked,
  message: MessageDenial,
): Candidate[] {
  if (!layer) return [];
  // A person who edits the document for the first statement sees if the other one is missing too.
  const isSameDocument = layer === denial.layer && action !== denial.action && asked.delivery !== undefined;
  const other: Denial = defined({ principal: denial.principal, action, resource, layer, side, accountId });
  const remedy = isSameDocument
    ? remedyFor(other, { ...asked, action, resource, role }, message, 'guessed')
    : undefined;
  return [{ layer, ...(side && { side }), ...(action && { action }), why, ...(remedy?.statement && { remedy }) }];
}
