import { describe, type ListNode, type MapNode, type Origin, type TemplateNode } from '../node.ts';
import type { ParameterValue } from '../parameters.ts';
import { expectString } from '../read-value.ts';
import { refuse } from '../template-error.ts';
import type { UnknownValues } from '../unknown.ts';

/** Everything that a template's functions may refer to. */
export interface TemplateScope {
  readonly parameters: ReadonlyMap<string, ParameterValue>;
  readonly pseudoParameters: Readonly<Record<string, string | readonly string[]>>;
  readonly mappings: MapNode | undefined;
  readonly conditions: Conditions;
  readonly unknown: UnknownValues;
  /** Values of other stacks and services that the user gave, keyed by their names in the template. */
  readonly imports: Readonly<Record<string, string>>;
  /** The exports of the template's own outputs, which another template deployed with it may import. */
  readonly exported: readonly { readonly name: TemplateNode; readonly value: TemplateNode }[];
  /** Absent in Conditions and Rules, because CloudFormation evaluates them before any resource exists. */
  readonly resources?: ResourceReferences;
}

export interface Conditions {
  /** @throws TemplateError if there is no such condition, or it depends on itself */
  holds(name: string, origin: Origin): boolean;
}

interface ResourceReferences {
  readonly logicalIds: readonly string[];
  /** The value of `Ref`. @throws TemplateError if the resource is not created */
  physicalId(logicalId: string, origin: Origin): string;
  /** The value of `Fn::GetAtt`. @throws TemplateError if there is no such attribute */
  attribute(logicalId: string, attribute: string, origin: Origin): string;
}

export interface FunctionCall {
  readonly name: string;
  readonly argument: TemplateNode;
  readonly scope: TemplateScope;
  /** Where its name is. */
  readonly origin: Origin;
  /** Where its result goes. */
  readonly target: Origin;
  /** Returns the value of an argument; undefined for AWS::NoValue. */
  readonly resolve: (node: TemplateNode) => TemplateNode | undefined;
}

/** Undefined removes the function's property or list item, as AWS::NoValue does. */
export type IntrinsicFunction = (call: FunctionCall) => TemplateNode | undefined;

/** The arguments of a function that takes a list. @param form the documented format, for the message */
export function argumentList(call: FunctionCall, lengths: readonly number[], form: string): readonly TemplateNode[] {
  const { argument } = call;
  if (argument.kind === 'list' && lengths.includes(argument.items.length)) return argument.items;
  const found = argument.kind === 'list' ? `a list of ${argument.items.length}` : describe(argument);
  return refuse(call.origin, `${call.name} takes ${form}, not ${found}.`);
}

interface Arguments {
  readonly 2: readonly [TemplateNode, TemplateNode];
  readonly 3: readonly [TemplateNode, TemplateNode, TemplateNode];
}

export function argumentsOf<N extends keyof Arguments>(call: FunctionCall, count: N, form: string): Arguments[N] {
  return argumentList(call, [count], form) as readonly TemplateNode[] as Arguments[N];
}

export function resolvedArgument(call: FunctionCall, node: TemplateNode): TemplateNode {
  return call.resolve(node) ?? refuse(node.origin, `${call.name} cannot take AWS::NoValue here.`);
}

export function stringOf(call: FunctionCall, node: TemplateNode): string {
  const value = resolvedArgument(call, node);
  if (value.kind !== 'scalar') refuse(node.origin, `${call.name} takes a string here, not ${describe(value)}.`);
  return expectString(value);
}

export function resolvedList(call: FunctionCall, node: TemplateNode): ListNode {
  const value = resolvedArgument(call, node);
  // A single text may represent an unknown list.
  if (value.kind === 'scalar' && call.scope.unknown.hasUnknown(value.text)) {
    return { kind: 'list', items: [value], origin: value.origin };
  }
  return value.kind === 'list' ? value : refuse(node.origin, `${call.name} takes a list here, not ${describe(value)}.`);
}

/** An argument that CloudFormation requires literally, not as a function. */
export function literalOf(call: FunctionCall, node: TemplateNode, what: string): string {
  if (node.kind !== 'scalar' || node.value === null) {
    refuse(node.origin, `${call.name} takes its ${what} as a written-out string, not ${describe(node)}.`);
  }
  return expectString(node);
}
