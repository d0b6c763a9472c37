import { ownEntry } from '../../core/values.ts';
import { conditionFunctions, evaluateCondition, ifFunction } from './functions/condition.ts';
import type { IntrinsicFunction, TemplateScope } from './functions/intrinsic-function.ts';
import { referenceFunctions } from './functions/reference.ts';
import { textFunctions } from './functions/text.ts';
import { type MapEntry, type MapNode, type Origin, type ScalarNode, scalar, type TemplateNode } from './node.ts';
import { textOf } from './read-value.ts';
import { refuse } from './template-error.ts';
import { unsupportedText } from './unknown.ts';

const functions: Readonly<Record<string, IntrinsicFunction>> = {
  ...referenceFunctions,
  ...textFunctions,
  'Fn::If': ifFunction,
};

/** Why a CloudFormation function can't be evaluated from a template alone. */
const refusals: Readonly<Record<string, string>> = {
  'Fn::Cidr': 'networks play no part in a delivery',
  'Fn::GetAZs': 'Availability Zones differ from account to account',
  'Fn::ImportValue': 'the value is an output of another stack; give it as a parameter',
  'Fn::Transform': 'CloudFormation runs macros; load the processed template',
};

/**
 * A part of a template with its functions evaluated.
 *
 * @returns undefined for AWS::NoValue, which removes a property or a list item
 * @throws TemplateError naming a function that can't be evaluated, its path and its line
 */
export function resolve(node: TemplateNode, scope: TemplateScope): TemplateNode | undefined {
  switch (node.kind) {
    case 'scalar':
      return withoutDynamicReference(node, scope);
    case 'list': {
      const items = node.items.map((item) => resolve(item, scope)).filter((item) => item !== undefined);
      return { ...node, items };
    }
    case 'map': {
      const call = functionOf(node, scope);
      if (call === undefined) return { ...node, entries: resolveEntries(node, scope) };
      const result = evaluate(node, call, scope);
      return result?.kind === 'scalar' ? withoutDynamicReference(result, scope) : result;
    }
  }
}

export function holdsIn(
  scope: TemplateScope,
  functionsOfSection = conditionFunctions,
): (node: TemplateNode) => boolean {
  return (node) => evaluateCondition(node, scope, (inner) => resolve(inner, scope), functionsOfSection);
}

/** The single entry of a map that is a function; undefined for a map of data. */
function functionOf(map: MapNode, { unknown }: TemplateScope): readonly [string, MapEntry] | undefined {
  const [first, ...others] = map.entries;
  const found = [...map.entries].find(([key]) => key === 'Ref' || key.startsWith('Fn::'));
  if (found === undefined || first === undefined) return undefined;
  const [name, { origin }] = found;
  // A transform adds unknown properties to its siblings.
  if (others.length > 0 && unknown.areSupposed && name === 'Fn::Transform') return found;
  if (others.length > 0)
    refuse(
      origin,
      `${name} must be the only key of its map; beside it: ${[...map.entries.keys()].filter((key) => key !== name).join(', ')}.`,
    );
  return first;
}

function evaluate(
  node: MapNode,
  [name, { origin, value }]: readonly [string, MapEntry],
  scope: TemplateScope,
): TemplateNode | undefined {
  const intrinsic = functions[name];
  if (intrinsic !== undefined) {
    return intrinsic({
      name,
      argument: value,
      scope,
      origin,
      target: node.origin,
      resolve: (inner) => resolve(inner, scope),
    });
  }
  if (name in conditionFunctions) {
    refuse(origin, `${name} is a condition, not a value: name it in the section Conditions and use Fn::If.`);
  }
  if (scope.unknown.areSupposed) return scalar(valueFromElsewhere(name, value, scope, origin), node.origin);
  const why = name.startsWith('Fn::ForEach') ? refusals['Fn::Transform'] : refusals[name];
  const subject = why !== undefined && value.kind === 'scalar' ? ` ("${value.text}")` : '';
  refuse(
    origin,
    why === undefined
      ? `${name} is not a function that is known; known: ${knownFunctions}.`
      : `${name}${subject} is not supported: ${why}.`,
  );
}

const knownFunctions = [...Object.keys(functions), ...Object.keys(conditionFunctions)].join(', ');

/** Values from other stacks, the account or a transform. */
function valueFromElsewhere(name: string, argument: TemplateNode, scope: TemplateScope, origin: Origin): string {
  if (name === 'Fn::ImportValue') {
    const wanted = textOf(resolve(argument, scope));
    if (wanted !== undefined) return exportedValue(wanted, scope) ?? outsideValue(wanted, 'the export', scope, origin);
  }
  if (name === 'Fn::Cidr' || name === 'Fn::GetAZs') {
    const what = `what ${name} yields`;
    return scope.unknown.valueOf({ key: `${name} ${origin.line}:${origin.column}`, what, origin }, what);
  }
  return unsupportedText(name);
}

function exportedValue(wanted: string, scope: TemplateScope): string | undefined {
  const found = scope.exported.find(({ name }) => textOf(resolve(name, scope)) === wanted);
  return found && textOf(resolve(found.value, scope));
}

/** A value from outside of the template, which the user may have given. */
function outsideValue(name: string, kind: string, scope: TemplateScope, origin: Origin): string {
  const given = ownEntry(scope.imports, name);
  if (given !== undefined) return given;
  // The name itself depends on an unknown value, so only its position is certain.
  if (scope.unknown.hasUnknown(name)) {
    const what = `${kind} in line ${origin.line}`;
    return scope.unknown.valueOf({ key: `${what}:${origin.column}`, what, origin }, what);
  }
  const what = `${kind} ${name}`;
  return scope.unknown.valueOf({ key: what, what, given: { by: 'import', name }, origin }, name);
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html */
function withoutDynamicReference(node: ScalarNode, scope: TemplateScope): ScalarNode {
  if (node.value === null) refuse(node.origin, 'is empty; CloudFormation does not allow null values.');
  const reference = /\{\{resolve:[^}]{0,500}\}\}/.exec(node.text)?.[0];
  if (reference === undefined) return node;
  if (scope.unknown.areSupposed) {
    const text = node.text.replace(/\{\{resolve:[^}]{0,500}\}\}/g, (one) =>
      outsideValue(one, 'the dynamic reference', scope, node.origin),
    );
    return { ...node, value: text, text };
  }
  return refuse(
    node.origin,
    `the dynamic reference ${reference} cannot be resolved from a template; give the value as a parameter.`,
  );
}

function resolveEntries(map: MapNode, scope: TemplateScope): ReadonlyMap<string, MapEntry> {
  const entries = new Map<string, MapEntry>();
  for (const [key, { origin, value }] of map.entries) {
    const resolved = resolve(value, scope);
    if (resolved !== undefined) entries.set(key, { origin, value: resolved });
  }
  return entries;
}
