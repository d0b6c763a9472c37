import { ownEntry } from '../../../core/values.ts';
import { describe, listOfStrings, type Origin, scalar, type TemplateNode } from '../node.ts';
import { entry } from '../read-value.ts';
import { refuse } from '../template-error.ts';
import {
  argumentList,
  argumentsOf,
  type FunctionCall,
  type IntrinsicFunction,
  literalOf,
  stringOf,
  type TemplateScope,
} from './intrinsic-function.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-ref.html */
const ref: IntrinsicFunction = (call) => lookUp(call, literalOf(call, call.argument, 'name'));

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getatt.html */
const getAtt: IntrinsicFunction = (call) => {
  const { argument, target } = call;
  if (argument.kind === 'scalar') {
    const [logicalId = '', ...attribute] = literalOf(call, argument, 'name').split('.');
    return scalar(lookUpAttribute(call, logicalId, attribute.join('.')), target);
  }
  const [id, attribute] = argumentsOf(call, 2, '[logical id, attribute] or "LogicalId.Attribute"');
  return scalar(lookUpAttribute(call, literalOf(call, id, 'logical id'), stringOf(call, attribute)), target);
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-findinmap.html */
const findInMap: IntrinsicFunction = (call) => {
  // The fourth is a default: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-findinmap-enhancements.html
  const lengths = call.scope.unknown.areSupposed ? [3, 4] : [3];
  const [keys, byDefault] = withDefault(argumentList(call, lengths, '[map name, top-level key, second-level key]'));
  let node: TemplateNode | undefined = call.scope.mappings;
  if (node === undefined) refuse(call.origin, `${call.name}: this template has no section Mappings.`);
  for (const key of keys) {
    const name = stringOf(call, key);
    if (node.kind !== 'map') refuse(key.origin, `${call.name}: a mapping has only two levels of keys.`);
    const found: TemplateNode | undefined = node.entries.get(name)?.value;
    const { unknown } = call.scope;
    unknown.compared(name, [...node.entries.keys()]);
    if (found === undefined && unknown.hasUnknown(name)) {
      const what = `what ${node.origin.path} has for it`;
      return scalar(unknown.valueOf({ key: `${what} ${name}`, what, origin: key.origin }, what), call.target);
    }
    if (found === undefined && byDefault !== undefined) return call.resolve(byDefault);
    if (found === undefined) {
      refuse(
        key.origin,
        `${call.name}: "${name}" is not in ${node.origin.path}; it has: ${[...node.entries.keys()].join(', ')}.`,
      );
    }
    node = found;
  }
  if (node.kind === 'map')
    refuse(call.origin, `${call.name}: a value of a mapping is a string or a list, not ${describe(node)}.`);
  return { ...node, origin: call.target };
};

/** `[…, DefaultValue: …]`, a feature of the transform AWS::LanguageExtensions. */
function withDefault(items: readonly TemplateNode[]): readonly [readonly TemplateNode[], TemplateNode | undefined] {
  const last = items[3];
  return [items.slice(0, 3), entry(last, 'DefaultValue')];
}

export const referenceFunctions: Readonly<Record<string, IntrinsicFunction>> = {
  Ref: ref,
  'Fn::GetAtt': getAtt,
  'Fn::FindInMap': findInMap,
};

/** The value of a name in `Ref` or `${…}`: a pseudo parameter, a parameter or a resource. */
export function lookUp(
  { scope, target, origin, name: functionName }: FunctionCall,
  name: string,
  at = origin,
): TemplateNode | undefined {
  if (name === 'AWS::NoValue') return undefined;
  const pseudo = ownEntry(scope.pseudoParameters, name);
  if (pseudo !== undefined) {
    return typeof pseudo === 'string' ? scalar(pseudo, target) : listOfStrings(pseudo, target);
  }
  const parameter = scope.parameters.get(name);
  switch (parameter?.kind) {
    case 'string':
      return scalar(parameter.value, target);
    case 'list':
      return listOfStrings(parameter.value, target);
    case 'stored': {
      const why = `${functionName}: the parameter ${name} is of type ${parameter.type}: its value is in Systems Manager and not known here.`;
      return scalar(valueOfParameter(scope, name, at, why), target);
    }
    case 'not given': {
      const text = valueOfParameter(scope, name, at, `the parameter ${name} has no value.`, parameter.allowed);
      return parameter.isList ? listOfStrings(text.split(','), target) : scalar(text, target);
    }
  }
  if (name === 'AWS::StackName' || name === 'AWS::StackId') {
    const unknown = { key: name, what: 'the name of the stack', given: { by: 'stack-name' }, origin: at } as const;
    return scalar(scope.unknown.valueOf(unknown, `${functionName}: the stack has no name.`), target);
  }
  if (scope.resources?.logicalIds.includes(name)) return scalar(scope.resources.physicalId(name, at), target);
  return refuse(at, `${functionName}: nothing in this template is named "${name}". ${whatExists(name, scope)}`);
}

function valueOfParameter(
  { unknown }: TemplateScope,
  name: string,
  origin: Origin,
  why: string,
  allowed: readonly string[] = [],
): string {
  const given = { by: 'parameter', name } as const;
  const [key, what] = [`parameter ${name}`, `the parameter ${name}`];
  return unknown.valueOf({ key, what, given, origin, ...(allowed.length > 0 && { allowed }) }, why);
}

function whatExists(name: string, scope: TemplateScope): string {
  if (name.startsWith('AWS::')) {
    return `The pseudo parameters are ${[...Object.keys(scope.pseudoParameters), 'AWS::NoValue'].join(', ')}.`;
  }
  const parameters = few([...scope.parameters.keys()]);
  if (scope.resources === undefined) return `Conditions and Rules can refer to parameters only: ${parameters}.`;
  return `Parameters: ${parameters}; resources: ${few(scope.resources.logicalIds)}.`;
}

function few(names: readonly string[]): string {
  const shown = names.slice(0, 20).join(', ') || 'none';
  return names.length > 20 ? `${shown} and ${names.length - 20} more` : shown;
}

export function lookUpAttribute(
  { scope, name, origin }: FunctionCall,
  logicalId: string,
  attribute: string,
  at = origin,
): string {
  if (scope.resources === undefined)
    refuse(at, `${name} cannot be used in Conditions and Rules: no resource exists yet.`);
  if (attribute === '')
    refuse(at, `${name} takes a logical id and an attribute, such as "Inbox.Arn", not "${logicalId}".`);
  if (!scope.resources.logicalIds.includes(logicalId)) {
    refuse(
      at,
      `${name}: no resource of this template is named "${logicalId}". It has: ${few(scope.resources.logicalIds)}.`,
    );
  }
  return scope.resources.attribute(logicalId, attribute, at);
}
