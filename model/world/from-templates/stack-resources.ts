import { type Origin, scalarsIn, type TemplateNode } from '../../template/node.ts';
import type { ResolvedResource } from '../../template/resolve-template.ts';
import { hasMark, partsOf, unsupportedIn } from '../../template/unknown.ts';

/** Describes a property that could not be read. The template is treated as if it didn't have it. */
export interface UnreadProperty {
  readonly type: string;
  /** For a bucket policy, the name of its bucket. */
  readonly name: string;
  readonly property: string;
  readonly what: string;
  readonly origin: Origin;
}

export interface StackResources {
  readonly accountId: string;
  readonly region: string;
  /** True if names may refer to resources outside of this template. */
  readonly isOpen: boolean;
  ofType(type: string): readonly ResolvedResource[];
  /** Continues after a resource with an error, so that all of them are reported. */
  attempt<T>(resources: readonly ResolvedResource[], read: (resource: ResolvedResource) => T): readonly T[];
  /** The same resource without the properties that a transform creates. */
  readable(resource: ResolvedResource): ResolvedResource;
  /** Records an error that is only reported if the resource is created. */
  refused(origin: Origin, message: string): void;
}

/** A resource without the properties that contain something unknown. */
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
