import type { TemplateNode } from '../../template/node.ts';
import type { ResolvedResource } from '../../template/resolve-template.ts';
import { hasMark, partsOf, unsupportedIn } from '../../template/unknown.ts';
import type { UnreadProperty } from './stack-resources.ts';

/** A resource without its properties that have something in them that nobody knows. */
export function withoutUnread(resource: ResolvedResource): {
  readonly known: ResolvedResource;
  readonly unread: readonly UnreadProperty[];
} {
  const { type, name, properties } = resource;
  const unread = [...properties.entries].flatMap(([property, { origin, value }]): UnreadProperty[] => {
    const text = markedText(value);
    if (text === undefined) return [];
    const [, what = property] = [text, unsupportedIn(text) ?? keyIn(text)];
    return [{ type, name, property, what, origin }];
  });
  const missing = new Set(unread.map(({ property }) => property));
  const entries = [...properties.entries].filter(([property]) => !missing.has(property));
  return { known: { ...resource, properties: { ...properties, entries: new Map(entries) } }, unread };
}

export function hasUnreadPart(node: TemplateNode): boolean {
  return markedText(node) !== undefined;
}

function markedText(node: TemplateNode): string | undefined {
  if (node.kind === 'scalar') return hasMark(node.text) ? node.text : undefined;
  const inner = node.kind === 'list' ? node.items : [...node.entries.values()].map(({ value }) => value);
  return inner.map(markedText).find((text) => text !== undefined);
}

function keyIn(text: string): string | undefined {
  return partsOf(text).flatMap((part) => (typeof part === 'string' ? [] : [part.unknown]))[0];
}
