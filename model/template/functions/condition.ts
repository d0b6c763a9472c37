import { ownEntry } from '../../../core/values.ts';
import { describe, type Origin, type TemplateNode } from '../node.ts';
import { expectMap, expectString, plain } from '../read-value.ts';
import { refuse } from '../template-error.ts';
import {
  argumentList,
  argumentsOf,
  type Conditions,
  type FunctionCall,
  type IntrinsicFunction,
  literalOf,
  resolvedArgument,
  resolvedList,
  type TemplateScope,
} from './intrinsic-function.ts';

/**
 * Functions that are true or false. They can only be used in Conditions and Rules.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html
 */
type ConditionFunction = (call: FunctionCall, holds: (node: TemplateNode) => boolean) => boolean;

const upToTen = [2, 3, 4, 5, 6, 7, 8, 9, 10];

export const conditionFunctions: Readonly<Record<string, ConditionFunction>> = {
  Condition: (call) => call.scope.conditions.holds(literalOf(call, call.argument, 'name'), call.argument.origin),
  // `map` before `every`, so that an error in a later condition is not hidden by an earlier one.
  'Fn::And': (call, holds) => argumentList(call, upToTen, 'a list of 2 to 10 conditions').map(holds).every(Boolean),
  'Fn::Or': (call, holds) => argumentList(call, upToTen, 'a list of 2 to 10 conditions').map(holds).some(Boolean),
  'Fn::Not': (call, holds) => !argumentList(call, [1], 'a list of one condition').every(holds),
  'Fn::Equals': (call) => {
    const [first, second] = argumentsOf(call, 2, 'a list of two values');
    const [a, b] = [comparableIn(call, first), comparableIn(call, second)];
    call.scope.unknown.compared(a, [b]);
    return a === b;
  },
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-rules.html */
export const ruleFunctions: Readonly<Record<string, ConditionFunction>> = {
  // Rules are evaluated before conditions and can't refer to them.
  ...Object.fromEntries(Object.entries(conditionFunctions).filter(([name]) => name !== 'Condition')),
  'Fn::Contains': (call) => {
    const [items, value] = argumentsOf(call, 2, '[list of strings, string]');
    return texts(call, items).includes(comparableIn(call, value));
  },
  'Fn::EachMemberEquals': (call) => {
    const [items, value] = argumentsOf(call, 2, '[list of strings, string]');
    const wanted = comparableIn(call, value);
    return texts(call, items).every((item) => item === wanted);
  },
  'Fn::EachMemberIn': (call) => {
    const [items, allowed] = argumentsOf(call, 2, '[list of strings, list of strings]');
    const wanted = texts(call, allowed);
    return texts(call, items).every((item) => wanted.includes(item));
  },
};

/**
 * Evaluates a condition.
 *
 * @param resolve returns the value of a function that is not a condition, such as Ref
 * @throws TemplateError if it is not a condition, or refers to something that doesn't exist
 */
export function evaluateCondition(
  node: TemplateNode,
  scope: TemplateScope,
  resolve: (node: TemplateNode) => TemplateNode | undefined,
  functions = conditionFunctions,
): boolean {
  const names = Object.keys(functions).join(', ');
  if (node.kind !== 'map') refuse(node.origin, `must be a condition (one of ${names}), not ${describe(node)}.`);
  const [first, ...others] = node.entries;
  if (first === undefined || others.length > 0) refuse(node.origin, `must be one condition (one of ${names}).`);
  const [name, { origin, value: argument }] = first;
  const evaluate = ownEntry(functions, name);
  if (evaluate === undefined) refuse(origin, `${name} is no condition that can be evaluated here; known: ${names}.`);
  const call: FunctionCall = { name, argument, scope, origin, target: node.origin, resolve };
  return evaluate(call, (inner) => evaluateCondition(inner, scope, resolve, functions));
}

/** The section Conditions. Each condition is evaluated once, on first use. */
export function readConditions(
  section: TemplateNode | undefined,
  evaluate: (node: TemplateNode) => boolean,
): Conditions & { readonly names: readonly string[] } {
  const declared = section === undefined ? new Map() : expectMap(section).entries;
  const results = new Map<string, boolean | 'being evaluated'>();
  const names: readonly string[] = [...declared.keys()];
  const holds = (name: string, origin: Origin): boolean => {
    const known = results.get(name);
    if (known === 'being evaluated') refuse(origin, `the condition ${name} depends on itself.`);
    if (known !== undefined) return known;
    const declaration = declared.get(name);
    if (declaration === undefined) {
      const existing = names.length === 0 ? 'this template has none' : `this template has: ${names.join(', ')}`;
      refuse(origin, `no condition is named "${name}"; ${existing}.`);
    }
    results.set(name, 'being evaluated');
    try {
      const result = evaluate(declaration.value);
      results.set(name, result);
      return result;
    } catch (error) {
      // Must report its error again on the next use.
      results.delete(name);
      throw error;
    }
  };
  return { names, holds };
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html */
export const ifFunction: IntrinsicFunction = (call) => {
  const [name, whenTrue, whenFalse] = argumentsOf(call, 3, '[condition name, value if true, value if false]');
  if (call.scope.resources === undefined)
    refuse(call.origin, 'Fn::If cannot be used in Conditions and Rules; use Fn::And, Fn::Or and Fn::Not.');
  const holds = call.scope.conditions.holds(literalOf(call, name, 'condition name'), name.origin);
  return call.resolve(holds ? whenTrue : whenFalse);
};

/** CloudFormation treats `true` and `"true"` as equal. */
function comparableIn(call: FunctionCall, node: TemplateNode): string {
  const value = resolvedArgument(call, node);
  return value.kind === 'scalar' ? expectString(value) : JSON.stringify(plain(value));
}

function texts(call: FunctionCall, node: TemplateNode): readonly string[] {
  return resolvedList(call, node).items.map((item) => comparableIn(call, item));
}
