/**
 * A JSON or YAML text as a tree that keeps all positions. A text is parsed once: templates, policies, the positions of
 * errors and edits of single values all use this tree.
 */
export interface TextNode {
  /** An alias refers to another node. */
  readonly kind: 'scalar' | 'list' | 'map' | 'alias';
  /** The value of a scalar. */
  readonly value: string | number | boolean | null;
  /** For a scalar that is not a string, the text as written, without quotes; for an alias, its name. */
  readonly text: string;
  /** A YAML tag, such as `!Sub` or `tag:yaml.org,2002:str`. */
  readonly tag?: string;
  readonly hasAnchor: boolean;
  /** Where the value starts, after its tag. Offsets are UTF-16 units. */
  readonly start: number;
  /** The same, including its tag and anchor. */
  readonly from: number;
  /** Where it ends, without white space and comments after it. */
  readonly to: number;
  /** True for brackets, as in all JSON; false for indentation. */
  readonly isFlow: boolean;
  readonly items: readonly TextNode[];
  readonly entries: readonly TextEntry[];
}

export interface TextEntry {
  /** Undefined if it is not a scalar. */
  readonly key: string | undefined;
  readonly keyFrom: number;
  readonly keyTo: number;
  /** Absent if the key has no value. */
  readonly value?: TextNode;
  /** How far this part of the text has moved since it was parsed; added to all its offsets. @default 0 */
  readonly moved?: number;
}

export interface TextMistake {
  readonly offset: number;
  /** The path of its parent: `Resources.Inbox`. */
  readonly path: string;
  readonly message: string;
}

export type TextTree = { readonly root: TextNode } | { readonly mistake: TextMistake };

const none: readonly never[] = [];

export const noChildren = { items: none, entries: none } as const;

/** Finds lines and columns, which count from 1. Fastest for ascending offsets. */
export function positionsIn(text: string): (offset: number) => { readonly line: number; readonly column: number } {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  let last = 0;
  return (offset) => {
    let low = (starts[last] ?? 0) <= offset ? last : 0;
    let high = (starts[low + 8] ?? text.length + 1) > offset ? Math.min(low + 8, starts.length - 1) : starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    last = low;
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  };
}

/** The path of a child. A root's children have no prefix. */
export function childPath(parent: string, key: string | number): string {
  if (typeof key === 'number') return `${parent}[${key}]`;
  return parent === '' ? key : `${parent}.${key}`;
}

/** A plain value: tags are ignored, and an alias has no value. */
export function plainValue(node: TextNode): unknown {
  switch (node.kind) {
    case 'scalar':
      return node.value;
    case 'alias':
      return null;
    case 'list':
      return node.items.map(plainValue);
    case 'map':
      return Object.fromEntries(
        node.entries.flatMap(({ key, value }) => (key === undefined ? [] : [[key, value ? plainValue(value) : null]])),
      );
  }
}
