import { isObject, type Json } from '../../../core/json.ts';
import { isSameValue } from '../../../core/values.ts';
import { asList, replaced, withEntry, withItem } from './edit-values.ts';
import type { Layout } from './layout.ts';
import { hasFunction, type SourceEntry, type SourceNode, type Splice } from './written-text.ts';

/**
 * The edits that turn one statement into another, value by value, or else replace the whole statement. Undefined if the
 * file computes a value that would have to change.
 */
export function statementSplices(
  before: unknown,
  after: unknown,
  node: SourceNode,
  layout: Layout,
): readonly Splice[] | undefined {
  return changes(before, after, node, layout) ?? (hasFunction(node) ? undefined : replaced(node, after, layout));
}

function changes(before: unknown, after: unknown, node: SourceNode, layout: Layout): readonly Splice[] | undefined {
  if (isSameValue(before, after)) return [];
  if (isObject(before) && isObject(after)) {
    return node.kind === 'map' ? changesOfMap(before, after, node, layout) : undefined;
  }
  if (Array.isArray(before) && Array.isArray(after)) return changesOfList(before, after, node, layout);
  const areScalars = [before, after].every((value) => typeof value !== 'object');
  // A function can only be replaced with a function.
  const isExpressed =
    node.kind === 'function' && typeof after === 'string' && typeof layout.express(after) !== 'string';
  return areScalars && (node.kind === 'scalar' || isExpressed) ? replaced(node, after, layout) : undefined;
}

function changesOfMap(before: Json, after: Json, node: SourceNode, layout: Layout): readonly Splice[] | undefined {
  if (Object.keys(before).some((key) => !Object.hasOwn(after, key))) return undefined;
  return together(
    Object.entries(after).map(([key, value]) => {
      if (!Object.hasOwn(before, key)) return withEntry(node, key, value, layout);
      const entry = node.entries.find((one) => one.key === key);
      return entry && changesOfEntry(before[key], value, node, entry, layout);
    }),
  );
}

/** IAM accepts a single value instead of a list of one, so adding a second value creates a list. */
function changesOfEntry(
  before: unknown,
  after: unknown,
  map: SourceNode,
  entry: SourceEntry,
  layout: Layout,
): readonly Splice[] | undefined {
  if (Array.isArray(after) && !Array.isArray(before)) {
    const [first, ...others] = after;
    return isSameValue(first, before) ? asList(map, entry, others, layout) : undefined;
  }
  return changes(before, after, entry.value, layout);
}

function changesOfList(
  before: readonly unknown[],
  after: readonly unknown[],
  node: SourceNode,
  layout: Layout,
): readonly Splice[] | undefined {
  if (node.kind !== 'list' || node.items.length !== before.length || after.length < before.length) return undefined;
  return together([
    ...node.items.map((item, at) => changes(before[at], after[at], item, layout)),
    ...after.slice(before.length).map((value) => withItem(node, value, layout)),
  ]);
}

function together(parts: readonly (readonly Splice[] | undefined)[]): readonly Splice[] | undefined {
  return parts.every((part) => part !== undefined) ? parts.flat() : undefined;
}
