import { type Node as JsonNode, parseTree } from 'jsonc-parser';
import { isAlias, isMap, isNode, isScalar, isSeq, type Node } from 'yaml';
import { yamlDocument } from '../../template/yaml-document.ts';
import type { SourceEntry, SourceNode } from './source-node.ts';

/** @param text that has been parsed before, so that it is known to be well formed */
export function sourceTree(text: string, syntax: 'json' | 'yaml'): SourceNode {
  return syntax === 'json' ? fromJson(text) : fromYaml(text);
}

function fromJson(text: string): SourceNode {
  const root = parseTree(text);
  if (!root) throw new Error('The text holds no JSON');
  return ofJson(root);
}

function ofJson(node: JsonNode): SourceNode {
  const children = node.children ?? [];
  const entries = node.type === 'object' ? children.flatMap(entryOfJson) : [];
  return {
    kind: node.type === 'array' ? 'list' : node.type !== 'object' ? 'scalar' : isFunction(entries) ? 'function' : 'map',
    from: node.offset,
    to: node.offset + node.length,
    isFlow: true,
    items: node.type === 'array' ? children.map(ofJson) : [],
    entries,
  };
}

function entryOfJson({ children: [key, value] = [] }: JsonNode): SourceEntry[] {
  if (!key || !value) return [];
  return [{ key: String(key.value), keyFrom: key.offset, keyTo: key.offset + key.length, value: ofJson(value) }];
}

/** The long form of CloudFormation's functions: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html */
function isFunction(entries: readonly SourceEntry[]): boolean {
  const [only, ...others] = entries;
  return only !== undefined && others.length === 0 && (only.key.startsWith('Fn::') || only.key === 'Ref');
}

function fromYaml(text: string): SourceNode {
  const { contents } = yamlDocument(text, { logLevel: 'silent' });
  if (!isNode(contents)) throw new Error('The text holds no YAML');
  return ofYaml(contents, text);
}

function ofYaml(node: Node, text: string): SourceNode {
  const [start = 0, end = 0] = node.range ?? [];
  const entries = isMap(node) ? node.items.flatMap(({ key, value }) => entryOfYaml(key, value, text)) : [];
  const items = isSeq(node) ? node.items.map((item) => ofYaml(item as Node, text)) : [];
  const isFlow = (isMap(node) || isSeq(node)) && node.flow === true;
  const last = isFlow ? undefined : (items.at(-1) ?? entries.at(-1)?.value);
  const isNamed = isAlias(node) || Boolean(node.tag?.startsWith('!')) || ('anchor' in node && Boolean(node.anchor));
  return {
    kind: isNamed || isFunction(entries) ? 'function' : isMap(node) ? 'map' : isSeq(node) ? 'list' : 'scalar',
    from: isNamed ? fromTag(text, start) : start,
    to: last?.to ?? start + text.slice(start, end).trimEnd().length,
    isFlow,
    items,
    entries,
  };
}

function entryOfYaml(key: unknown, value: unknown, text: string): SourceEntry[] {
  if (!isScalar(key)) return [];
  const [keyFrom = 0, keyTo = 0] = key.range ?? [];
  const nothing: SourceNode = { kind: 'scalar', from: keyTo, to: keyTo, isFlow: false, items: [], entries: [] };
  return [{ key: String(key.value), keyFrom, keyTo, value: value ? ofYaml(value as Node, text) : nothing }];
}

/** The range of a value begins behind its tag and anchor, which may stand in the line before. */
function fromTag(text: string, start: number): number {
  const before = /(?:[!&][^\s,[\]{}]*[ \t]*(?:\r?\n[ \t]*)?)+$/.exec(text.slice(0, start));
  return before ? before.index : start;
}
