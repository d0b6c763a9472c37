import { type Origin, scalarsIn, type TemplateNode } from '../../template/node.ts';
import type { ResolvedResource } from '../../template/resolve-template.ts';
import { hasMark, partsOf, unsupportedIn } from '../../template/unknown.ts';

/** A stand-in for an unknown property: the template counts as not having it. */
export interface UnreadProperty {
  readonly type: string;
  /** For a bucket policy, its bucket. */
  readonly name: string;
  readonly property: string;
  readonly what: string;
  readonly origin: Origin;
}

export interface StackResources {
  readonly accountId: string;
  readonly region: string;
  /** True if names may refer to resources outside this template. */
  readonly isOpen: boolean;
  ofType(type: string): readonly ResolvedResource[];
  /** Goes on after a resource that is wrong, so that all of them are named. */
  attempt<T>(resources: readonly ResolvedResource[], read: (resource: ResolvedResource) => T): readonly T[];
  /** The same resource without what a transform makes of it. */
  readable(resource: ResolvedResource): ResolvedResource;
  /** Remembers what would be refused only once it is created. */
  refused(origin: Origin, message: string): void;
}

/** A resource without its properties that have something in them that no one knows. */
export function withoutUnread(resource: ResolvedResource): {
  readonly known: ResolvedResource;
  readonly unread: readonly UnreadProperty[];
} {
  const { type, name, properties } = resource;
  const unread = [...properties.entries].flatMap(([property, { origin, value }]): UnreadProperty[] => {
    const text = markedText(value);
    if (text === undefined) return [];
    return [{ type, name, property, what: unsupportedIn(text) ?? keyIn(text) ?? property, origin }];
  });
  const missing = new Set(unread.map(({ property }) => property));
  const entries = [...properties.entries].filter(([property]) => !missing.has(property));
  return { known: { ...resource, properties: { ...properties, entries: new Map(entries) } }, unread };
}

export function hasUnreadPart(node: TemplateNode): boolean {
  return markedText(node) !== undefined;
}

function markedText(node: TemplateNode): string | undefined {
  return scalarsIn(node).find(({ text }) => hasMark(text))?.text;
}

function keyIn(text: string): string | undefined {
  return partsOf(text).flatMap((part) => (typeof part === 'string' ? [] : [part.unknown]))[0];
}
