import type { Asked } from '../../../core/advice/asked.ts';
import { isAccessPoint } from '../../../core/arn.ts';
import type { MessageDenial } from '../../../core/aws-words/message.ts';
import type { Rule } from './rule.ts';
import { rulesOfConditions } from './rules-of-conditions.ts';
import { rulesOfNamedPolicies } from './rules-of-named-policies.ts';
import { rulesOfSilence } from './rules-of-silence.ts';

/** The first matching rule applies, so rules for special cases come before general ones. */
export const rules: readonly Rule[] = [...rulesOfNamedPolicies, ...rulesOfSilence, ...rulesOfConditions];

/** Undefined if nothing can be concluded from the answer. */
export function ruleFor(message: MessageDenial, asked: Asked): Rule | undefined {
  const service = asked.action?.split(':')[0]?.toLowerCase();
  return rules.find(
    ({ when }) =>
      when.wording === message.wording &&
      (!when.layers || (message.layer !== undefined && when.layers.includes(message.layer))) &&
      (!when.effect || when.effect === message.effect) &&
      (!when.service || when.service === service) &&
      (!when.relations || when.relations.includes(asked.relation)) &&
      (!when.subject || when.subject === message.subject) &&
      (!when.through || isAccessPoint(asked.resource)) &&
      (!when.onlyWith || asked.delivery?.inbox[when.onlyWith] !== undefined),
  );
}
