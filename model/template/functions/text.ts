import { keptIn } from '../../../core/values.ts';
import { listOfStrings, type MapNode, type Origin, scalar, type TemplateNode, type TemplateSource } from '../node.ts';
import { expectMap, expectString, plain } from '../read-value.ts';
import { refuse } from '../template-error.ts';
import {
  argumentsOf,
  type FunctionCall,
  type IntrinsicFunction,
  literalOf,
  resolvedArgument,
  resolvedList,
  stringOf,
} from './intrinsic-function.ts';
import { lookUp, lookUpAttribute } from './reference.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-join.html */
const join: IntrinsicFunction = (call) => {
  const [delimiter, items] = argumentsOf(call, 2, '[delimiter, list]');
  const texts = resolvedList(call, items).items.map((item) => stringOf(call, item));
  return scalar(texts.join(literalOf(call, delimiter, 'delimiter')), call.target);
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-split.html */
const split: IntrinsicFunction = (call) => {
  const [delimiter, text] = argumentsOf(call, 2, '[delimiter, string]');
  const separator = literalOf(call, delimiter, 'delimiter');
  if (separator === '') refuse(delimiter.origin, 'Fn::Split cannot take an empty delimiter.');
  return listOfStrings(stringOf(call, text).split(separator), call.target);
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-select.html */
const select: IntrinsicFunction = (call) => {
  const [index, items] = argumentsOf(call, 2, '[index, list]');
  const text = stringOf(call, index);
  const { unknown } = call.scope;
  const unknownItem = () => {
    const what = `item ${text} of a list that is not known`;
    const { line, column } = call.origin;
    const key = `${what} ${line}:${column}`;
    return scalar(unknown.valueOf({ key, what, origin: call.origin }, what), call.target);
  };
  if (unknown.hasUnknown(text)) return unknownItem();
  if (!/^\d+$/.test(text)) refuse(index.origin, `Fn::Select takes a whole number from 0 as its index, not "${text}".`);
  const from = resolvedList(call, items).items;
  const item = from[Number(text)];
  if (item === undefined && from.some((one) => one.kind === 'scalar' && unknown.hasUnknown(one.text)))
    return unknownItem();
  return (
    item ?? refuse(call.origin, `Fn::Select: there is no item ${text} in a list of ${from.length} (the first is 0).`)
  );
};

const base64: IntrinsicFunction = (call) => {
  const bytes = new TextEncoder().encode(stringOf(call, call.argument));
  return scalar(btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')), call.target);
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-sub.html */
const sub: IntrinsicFunction = (call) => {
  const { argument, target } = call;
  if (argument.kind !== 'list') return scalar(substitute(call, argument, undefined), target);
  const [text, variables] = argumentsOf(call, 2, 'a string, or [string, map of variables]');
  return scalar(substitute(call, text, expectMap(variables)), target);
};

/** Part of the transform AWS::LanguageExtensions. */
const length: IntrinsicFunction = (call) => {
  if (!call.scope.unknown.areSupposed) refuse(call.origin, `${call.name} is not supported: ${languageExtension}.`);
  return scalar(resolvedList(call, call.argument).items.length, call.target);
};

const toJsonString: IntrinsicFunction = (call) => {
  if (!call.scope.unknown.areSupposed) refuse(call.origin, `${call.name} is not supported: ${languageExtension}.`);
  return scalar(JSON.stringify(plain(resolvedArgument(call, call.argument))), call.target);
};

const languageExtension =
  'it needs the transform AWS::LanguageExtensions, which CloudFormation runs; load the processed template';

export const textFunctions: Readonly<Record<string, IntrinsicFunction>> = {
  'Fn::Length': length,
  'Fn::ToJsonString': toJsonString,
  'Fn::Base64': base64,
  'Fn::Join': join,
  'Fn::Select': select,
  'Fn::Split': split,
  'Fn::Sub': sub,
};

/** No name is longer. Without a limit, a text that repeats the start of a placeholder takes quadratic time. */
const placeholders = /\$\{([^}]{0,300})\}/g;

function substitute(call: FunctionCall, text: TemplateNode, variables: MapNode | undefined): string {
  return literalOf(call, text, 'string').replace(placeholders, (placeholder, name: string) => {
    if (name.startsWith('!')) return `\${${name.slice(1)}}`;
    const at = originOfPlaceholder(text.origin, placeholder);
    if (/^(?:aws|kms|s3|saml|iam|sts):[A-Za-z]/.test(name)) {
      refuse(at, `Fn::Sub would replace ${placeholder}; to keep an IAM policy variable, write \${!${name}}.`);
    }
    if (!/^[A-Za-z0-9_.:]+$/.test(name)) {
      refuse(
        at,
        `Fn::Sub: ${placeholder} is no name: letters, digits, "_", "." and ":" only. To keep it as it is, write \${!${name}}.`,
      );
    }
    const value = variableValue(call, name, variables, at);
    if (value === undefined) refuse(at, `Fn::Sub: ${placeholder} has no value (AWS::NoValue).`);
    if (value.kind !== 'scalar')
      refuse(at, `Fn::Sub: ${placeholder} is a list; only a string can stand inside a string.`);
    return expectString(value);
  });
}

function variableValue(
  call: FunctionCall,
  name: string,
  variables: MapNode | undefined,
  at: Origin,
): TemplateNode | undefined {
  const variable = variables?.entries.get(name);
  if (variable !== undefined) return call.resolve(variable.value);
  const dot = name.indexOf('.');
  if (dot === -1) return lookUp(call, name, at);
  return scalar(lookUpAttribute(call, name.slice(0, dot), name.slice(dot + 1), at), call.target);
}

const linesOfSources = new WeakMap<TemplateSource, readonly string[]>();

/** A policy or an event may be one block of many lines; shows the placeholder's line instead of the block's. */
function originOfPlaceholder(origin: Origin, placeholder: string): Origin {
  // Cached per file, because nearly every line may have a placeholder.
  const lines = keptIn(linesOfSources, origin.source, () => origin.source.text.split(/\r\n|\r|\n/));
  for (let line = origin.line; line <= lines.length; line += 1) {
    const column = lines[line - 1]?.indexOf(placeholder, line === origin.line ? origin.column - 1 : 0) ?? -1;
    if (column !== -1) return { ...origin, line, column: column + 1 };
  }
  return origin;
}
