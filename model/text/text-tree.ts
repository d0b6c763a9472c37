import { jsonTree } from './json-tree.ts';
import type { TextTree } from './text-node.ts';
import { yamlTree } from './yaml-tree.ts';

export type Notation = 'json' | 'yaml';

/** `.json` is JSON; any other extension is JSON if the text starts with a brace, except `.yaml` and `.yml`. */
export function notationOf(file: string, text: string): Notation {
  if (/\.json$/i.test(file)) return 'json';
  if (/\.ya?ml$/i.test(file)) return 'yaml';
  return text.trimStart().startsWith('{') ? 'json' : 'yaml';
}

const readers = { json: jsonTree, yaml: yamlTree } as const;

/** Cached for the last texts, because each is read several times. */
const trees: Readonly<Record<Notation, Map<string, TextTree>>> = { json: new Map(), yaml: new Map() };
const mostKept = 24;

/** The tree of a text, cached for the last texts. */
export function textTree(text: string, notation: Notation): TextTree {
  const kept = trees[notation];
  const tree = kept.get(text) ?? readers[notation](text);
  kept.delete(text);
  kept.set(text, tree);
  for (const oldest of kept.keys()) {
    if (kept.size <= mostKept) break;
    kept.delete(oldest);
  }
  return tree;
}
