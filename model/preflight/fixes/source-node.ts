/** A value as it is written in a file: where, and in which of the two notations. */
export interface SourceNode {
  /** A function is what CloudFormation or YAML makes a value of: nothing in it can be changed from outside. */
  readonly kind: 'scalar' | 'list' | 'map' | 'function';
  /** Offsets into the text, without the white space and comments around. */
  readonly from: number;
  readonly to: number;
  /** With brackets, as all JSON is; else by its indentation. */
  readonly isFlow: boolean;
  readonly items: readonly SourceNode[];
  readonly entries: readonly SourceEntry[];
}

export interface SourceEntry {
  readonly key: string;
  readonly keyFrom: number;
  readonly keyTo: number;
  readonly value: SourceNode;
}

/** A part of a text, and what is to stand there instead. */
export interface Splice {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** Of several at one place the first comes first. */
export function spliced(text: string, splices: readonly Splice[]): string {
  const inOrder = splices.map((splice, nth) => ({ splice, nth }));
  inOrder.sort((a, b) => b.splice.from - a.splice.from || b.splice.to - a.splice.to || b.nth - a.nth);
  return inOrder.reduce((left, { splice }) => left.slice(0, splice.from) + splice.text + left.slice(splice.to), text);
}

/** The map that begins at an offset, also inside of a function. */
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
