import { ruleFunctions } from './functions/condition.ts';
import type { TemplateScope } from './functions/intrinsic-function.ts';
import type { MapNode, TemplateNode } from './node.ts';
import { expectKeys, expectList, expectMap, expectString, optional, requiredEntry } from './read-value.ts';
import { holdsIn } from './resolve.ts';
import { type ProblemList, refuse } from './template-error.ts';

/** The CDK's rule about its bootstrap stack, whose version is a parameter that is not in the template. */
const bootstrapRule = 'CheckBootstrapVersion';

/**
 * The section Rules: what CloudFormation asserts about the parameters before it deploys.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html
 */
export function checkRules(template: MapNode, scope: TemplateScope, problems: ProblemList): void {
  const section = problems.attempt(() => optional(template, 'Rules', expectMap));
  for (const [name, { value }] of section?.entries ?? []) {
    // Unknown values, and those that only CloudFormation can look up, decide nothing here.
    if (name === bootstrapRule || (scope.unknown.areSupposed && !isKnown(value, scope))) continue;
    problems.attempt(() => checkRule(expectMap(value), scope));
  }
}

function checkRule(rule: MapNode, scope: TemplateScope): void {
  expectKeys(rule, ['RuleCondition', 'Assertions']);
  refuseOtherFunctions(rule);
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

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-rules.html */
const supported = ['Ref', ...Object.keys(ruleFunctions)];

function isKnown(node: TemplateNode, scope: TemplateScope): boolean {
  if (node.kind === 'scalar') return true;
  if (node.kind === 'list') return node.items.every((item) => isKnown(item, scope));
  return [...node.entries].every(([name, { value }]) => {
    // Account and Region may be assumed.
    if (name === 'Ref') {
      const { kind } = (value.kind === 'scalar' && scope.parameters.get(value.text)) || {};
      return kind === 'string' || kind === 'list';
    }
    return (!name.startsWith('Fn::') || supported.includes(name)) && isKnown(value, scope);
  });
}

/** CloudFormation would reject the template: a rule can only compare parameters, not compute new values. */
function refuseOtherFunctions(node: TemplateNode): void {
  if (node.kind === 'list') for (const item of node.items) refuseOtherFunctions(item);
  if (node.kind !== 'map') return;
  for (const [name, { origin, value }] of node.entries) {
    if ((name === 'Condition' || name.startsWith('Fn::')) && !supported.includes(name)) {
      refuse(origin, `${name} cannot be used in Rules; what can: ${supported.join(', ')}.`);
    }
    refuseOtherFunctions(value);
  }
}
