import { ruleFunctions } from './functions/condition.ts';
import type { Scope } from './functions/intrinsic-function.ts';
import type { MapNode } from './node.ts';
import { expectKeys, expectList, expectMap, expectString, optional, requiredEntry } from './read-value.ts';
import { holdsIn } from './resolve.ts';
import { type ProblemList, refuse } from './template-error.ts';

/** The CDK's own rule about its bootstrap stack, whose version is a parameter that no template tells. */
const bootstrapRule = 'CheckBootstrapVersion';

/**
 * The section Rules: what CloudFormation asserts of the parameters before it deploys.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html
 */
export function checkRules(template: MapNode, scope: Scope, problems: ProblemList): void {
  const section = problems.attempt(() => optional(template, 'Rules', expectMap));
  for (const [name, { value }] of section?.entries ?? []) {
    if (name !== bootstrapRule) problems.attempt(() => checkRule(expectMap(value), scope));
  }
}

function checkRule(rule: MapNode, scope: Scope): void {
  expectKeys(rule, ['RuleCondition', 'Assertions']);
  const holds = holdsIn(scope, ruleFunctions);
  if (optional(rule, 'RuleCondition', holds) === false) return;
  for (const item of expectList(requiredEntry(rule, 'Assertions')).items) {
    const assertion = expectMap(item);
    expectKeys(assertion, ['Assert', 'AssertDescription']);
    const assert = requiredEntry(assertion, 'Assert');
    if (!holds(assert)) {
      const description = optional(assertion, 'AssertDescription', expectString) ?? 'no description is given';
      refuse(assert.origin, `the parameters do not satisfy this rule: ${description}`);
    }
  }
}
