import { ownEntry } from '../../core/values.ts';
import { type MapEntry, type MapNode, scalar, type TemplateNode } from './node.ts';
import { writtenDefaults } from './parameters.ts';
import { entry, textOf } from './read-value.ts';

/**
 * Expands a template's loops like the transform AWS::LanguageExtensions. A loop over something unknown stays.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html
 */
export function withoutForEach(template: MapNode, given: Readonly<Record<string, string>>): MapNode {
  if (!template.origin.source.text.includes('Fn::ForEach::')) return template;
  const defaults = writtenDefaults(template);
  const listOf = (node: TemplateNode): readonly string[] | undefined => {
    if (node.kind === 'list') {
      const texts = node.items.flatMap((item) => (item.kind === 'scalar' ? [item.text] : []));
      return texts.length === node.items.length ? texts : undefined;
    }
    const name = textOf(entry(node, 'Ref'));
    if (name === undefined) return undefined;
    const text = ownEntry(given, name) ?? defaults.get(name)?.text;
    return text?.split(',').map((item) => item.trim());
  };
  return expanded(template, listOf) as MapNode;
}

type ListOf = (node: TemplateNode) => readonly string[] | undefined;

const mostEntries = 2_000;

function expanded(node: TemplateNode, listOf: ListOf): TemplateNode {
  if (node.kind === 'scalar') return node;
  if (node.kind === 'list') return { ...node, items: node.items.map((item) => expanded(item, listOf)) };
  const entries = new Map<string, MapEntry>();
  for (const [key, { origin, value }] of node.entries) {
    const copies = key.startsWith('Fn::ForEach::') ? copiesOf(value, listOf) : undefined;
    if (copies === undefined) entries.set(key, { origin, value: expanded(value, listOf) });
    for (const [name, copy] of copies ?? []) if (entries.size < mostEntries) entries.set(name, copy);
  }
  return { ...node, entries };
}

function copiesOf(loop: TemplateNode, listOf: ListOf): ReadonlyMap<string, MapEntry> | undefined {
  if (loop.kind !== 'list') return undefined;
  const [identifier, collection, body] = loop.items;
  const values = collection && listOf(collection);
  if (identifier?.kind !== 'scalar' || body?.kind !== 'map' || values === undefined) return undefined;
  const copies = values.flatMap((value) => {
    const copy = expanded(filled(body, identifier.text, value), listOf);
    return copy.kind === 'map' ? [...copy.entries] : [];
  });
  return new Map(copies);
}

/** `&{Name}` drops characters that are invalid in a logical ID. */
function filled(node: TemplateNode, name: string, value: string): TemplateNode {
  const inText = (text: string) =>
    text.replaceAll(`\${${name}}`, value).replaceAll(`&{${name}}`, value.replace(/[^A-Za-z0-9]/g, ''));
  switch (node.kind) {
    case 'scalar': {
      const text = inText(node.text);
      return text === node.text ? node : { ...node, value: text, text };
    }
    case 'list':
      return { ...node, items: node.items.map((item) => filled(item, name, value)) };
    case 'map': {
      if (node.entries.size === 1 && textOf(entry(node, 'Ref')) === name) return scalar(value, node.origin);
      const entries = [...node.entries].map(
        ([key, inner]) => [inText(key), { ...inner, value: filled(inner.value, name, value) }] as const,
      );
      return { ...node, entries: new Map(entries) };
    }
  }
}
