import { plainValue, type TextEntry, type TextNode } from '../../text/text-node.ts';
import { type Notation, textTree } from '../../text/text-tree.ts';

type Path = readonly (string | number)[];

export class WrittenText {
  readonly #root: TextNode | undefined;

  constructor(
    readonly text: string,
    readonly syntax: Notation,
  ) {
    const tree = textTree(text, syntax);
    this.#root = 'root' in tree ? tree.root : undefined;
  }

  /** Undefined if there is nothing at this path, or the text is not well-formed. */
  at(path: Path): SourceNode | undefined {
    const found = this.#find(path);
    return found && sourceNode(found.node, found.moved);
  }

  /** The same as a plain value. */
  valueAt(path: Path): unknown {
    const found = this.#find(path);
    return found && plainValue(found.node);
  }

  #find(path: Path): { readonly node: TextNode; readonly moved: number } | undefined {
    let node = this.#root;
    let moved = 0;
    for (const key of path) {
      const entry = node?.entries.find((one) => one.key === key);
      node = typeof key === 'number' ? node?.items[key] : entry?.value;
      moved += entry?.moved ?? 0;
    }
    return node && { node, moved };
  }
}

function sourceNode(node: TextNode, moved: number): SourceNode {
  const entries = node.entries.flatMap((entry) => sourceEntry(entry, moved));
  const isNamed = node.hasAnchor || node.tag?.startsWith('!') === true;
  return {
    kind: node.kind === 'alias' || isNamed || isFunction(entries) ? 'function' : node.kind,
    from: node.from + moved,
    to: node.to + moved,
    isFlow: node.isFlow && node.kind !== 'scalar',
    items: node.items.map((item) => sourceNode(item, moved)),
    entries,
  };
}

function sourceEntry({ key, keyFrom, keyTo, value, moved: further = 0 }: TextEntry, before: number): SourceEntry[] {
  if (key === undefined) return [];
  const moved = before + further;
  const end = keyTo + moved;
  const nothing: SourceNode = { kind: 'scalar', from: end, to: end, isFlow: false, items: [], entries: [] };
  return [{ key, keyFrom: keyFrom + moved, keyTo: end, value: value ? sourceNode(value, moved) : nothing }];
}

/** The long form of CloudFormation's functions: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html */
function isFunction(entries: readonly SourceEntry[]): boolean {
  const [only, ...others] = entries;
  return only !== undefined && others.length === 0 && (only.key.startsWith('Fn::') || only.key === 'Ref');
}

/** A value in a file, with its position and notation. */
export interface SourceNode extends Pick<TextNode, 'from' | 'to' | 'isFlow'> {
  /** A function is computed by CloudFormation or YAML, so nothing in it can be changed from outside. */
  readonly kind: Exclude<TextNode['kind'], 'alias'> | 'function';
  readonly items: readonly SourceNode[];
  readonly entries: readonly SourceEntry[];
}

export interface SourceEntry extends Pick<TextEntry, 'keyFrom' | 'keyTo'> {
  readonly key: string;
  readonly value: SourceNode;
}

/** A part of a text, and its replacement. */
export interface Splice {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** Applies edits at the same position in the given order. */
export function spliced(text: string, splices: readonly Splice[]): string {
  const inOrder = splices.map((splice, nth) => ({ splice, nth }));
  inOrder.sort((a, b) => b.splice.from - a.splice.from || b.splice.to - a.splice.to || b.nth - a.nth);
  return inOrder.reduce((left, { splice }) => left.slice(0, splice.from) + splice.text + left.slice(splice.to), text);
}

/** The map that starts at an offset, even within a function. */
export function mapFrom(node: SourceNode, offset: number): SourceNode | undefined {
  if (node.kind === 'map' && node.from === offset) return node;
  if (offset < node.from || offset >= node.to) return undefined;
  for (const child of [...node.items, ...node.entries.map(({ value }) => value)]) {
    const found = mapFrom(child, offset);
    if (found) return found;
  }
  return undefined;
}

export function hasFunction(node: SourceNode): boolean {
  return node.kind === 'function' || [...node.items, ...node.entries.map(({ value }) => value)].some(hasFunction);
}
