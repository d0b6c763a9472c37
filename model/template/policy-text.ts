import { isObject, jsonOrNothing } from '../../core/json.ts';
import { type MapEntry, type MapNode, type Origin, scalar, type TemplateNode } from './node.ts';

/** Properties that CloudFormation accepts as an object or as JSON. */
const policyProperties: ReadonlySet<string> = new Set(['PolicyDocument', 'KeyPolicy']);

/**
 * A policy that a template writes as a text, such as `!Sub '{"Version": …}'`, converted to an object. The function is
 * applied to each text in it. Other values stay unchanged.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucketpolicy.html
 */
export function withoutPolicyText(property: string, node: TemplateNode): TemplateNode {
  if (!policyProperties.has(property)) return node;
  if (node.kind === 'scalar') return objectIn(node.text, node.origin) ?? node;
  if (node.kind !== 'map' || node.entries.size !== 1) return node;
  const object = node.entries.get('Fn::ToJsonString')?.value;
  if (object) return object;
  const argument = node.entries.get('Fn::Sub')?.value;
  const [text, variables] = argument?.kind === 'list' ? argument.items : [argument];
  if (text?.kind !== 'scalar') return node;
  return objectIn(text.text, node.origin, (part) => substituting(part, node.origin, variables)) ?? node;
}

/** True if the policy was a text, so nothing in it has its own position. */
export function wasPolicyText({ entries, origin }: MapNode): boolean {
  const isThere = (at: Origin) => at.line === origin.line && at.column === origin.column;
  return [...entries.values()].every((one) => isThere(one.origin) && isThere(one.value.origin));
}

function substituting(text: string, origin: Origin, variables: TemplateNode | undefined): TemplateNode {
  if (!text.includes('${')) return scalar(text, origin);
  const part = scalar(text, origin);
  const value: TemplateNode = variables ? { kind: 'list', items: [part, variables], origin } : part;
  return { kind: 'map', entries: new Map([['Fn::Sub', { origin, value }]]), origin };
}

function objectIn(
  text: string,
  origin: Origin,
  textNode: (text: string) => TemplateNode = (part) => scalar(part, origin),
): TemplateNode | undefined {
  const value = /^\s*\{/.test(text) ? jsonOrNothing(text) : undefined;
  return isObject(value) ? nodeOf(value, origin, textNode) : undefined;
}

function nodeOf(value: unknown, origin: Origin, textNode: (text: string) => TemplateNode): TemplateNode {
  if (typeof value === 'string') return textNode(value);
  if (typeof value === 'number' || typeof value === 'boolean') return scalar(value, origin);
  if (Array.isArray(value)) return { kind: 'list', items: value.map((one) => nodeOf(one, origin, textNode)), origin };
  if (!isObject(value)) return { kind: 'scalar', value: null, text: 'null', origin };
  const entries = Object.entries(value).map(([key, one]): [string, MapEntry] => [
    key,
    { origin, value: nodeOf(one, origin, textNode) },
  ]);
  return { kind: 'map', entries: new Map(entries), origin };
}
