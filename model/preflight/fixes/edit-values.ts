import { expressed } from './expressions.ts';
import { bracketed, columnAt, indentationAt, indented, inline, type Layout, lineEnd, lineStart } from './layout.ts';
import type { SourceEntry, SourceNode, Splice } from './written-text.ts';

/** Edits single values, so that everything around them stays as written. */

export function replaced(node: SourceNode, value: unknown, layout: Layout): readonly Splice[] {
  return [{ from: node.from, to: node.to, text: insteadOf(node, expressed(value, layout.express), layout) }];
}

function insteadOf(node: SourceNode, value: unknown, layout: Layout): string {
  const { text, syntax } = layout;
  if (node.kind !== 'scalar') {
    return node.isFlow ? flow(value, node, node.from, layout) : indented(value, columnAt(text, node.from), layout);
  }
  if (syntax === 'yaml' && typeof value === 'object' && value !== null) return indented(value, 0, layout);
  if (syntax === 'json' || text[node.from] === '"' || typeof value !== 'string') return inline(value, layout);
  return text[node.from] === "'" ? `'${value.replaceAll("'", "''")}'` : indented(value, 0, layout);
}

export function withItem(list: SourceNode, plain: unknown, layout: Layout): readonly Splice[] {
  const value = expressed(plain, layout.express);
  const last = list.items.at(-1);
  if (!last) return [{ from: list.from, to: list.to, text: inline([value], layout) }];
  if (list.isFlow) return [behind(last, last.from, flow(value, last, last.from, layout), layout)];
  return [lineBelow(last, columnAt(layout.text, list.from), value, layout)];
}

export function withEntry(map: SourceNode, key: string, plain: unknown, layout: Layout): readonly Splice[] {
  const value = expressed(plain, layout.express);
  const last = map.entries.at(-1);
  if (!last) return [{ from: map.from, to: map.to, text: inline({ [key]: value }, layout) }];
  const { text, newline, isSpaced } = layout;
  if (map.isFlow) {
    const written = `${JSON.stringify(key)}:${isSpaced ? ' ' : ''}${flow(value, map, last.keyFrom, layout)}`;
    return [behind(last.value, last.keyFrom, written, layout)];
  }
  const column = columnAt(text, map.from);
  const at = lineEnd(text, last.value.to);
  const written = indented({ [key]: value }, column, layout);
  return [{ from: at, to: at, text: `${newline}${' '.repeat(column)}${written}` }];
}

/** Turns a value of a map into a list of it and others. */
export function asList(
  map: SourceNode,
  { keyFrom, keyTo, value: node }: SourceEntry,
  more: readonly unknown[],
  layout: Layout,
): readonly Splice[] {
  const others = more.map((value) => expressed(value, layout.express));
  const { text, newline, step, indentsLists, isSpaced } = layout;
  if (map.isFlow) {
    const added = others.map((other) => `${isSpaced ? ', ' : ','}${flow(other, node, node.from, layout)}`);
    return [
      { from: node.from, to: node.from, text: '[' },
      { from: node.to, to: node.to, text: `${added.join('')}]` },
    ];
  }
  const key = columnAt(text, keyFrom);
  const isBelow = lineStart(text, node.from) > keyFrom;
  const column = isBelow ? columnAt(text, node.from) : key + (indentsLists ? Math.max(2, step.length) : 0);
  const first = isBelow
    ? { from: node.from, to: node.from, text: '- ' }
    : { from: text.indexOf(':', keyTo) + 1, to: node.from, text: `${newline}${' '.repeat(column)}- ` };
  return [
    first,
    ...movedRight(node, isBelow ? 2 : column + 2 - key, text),
    ...others.map((other) => lineBelow(node, column, other, layout)),
  ];
}

function movedRight({ from, to }: SourceNode, by: number, text: string): readonly Splice[] {
  return [...text.slice(from, to).matchAll(/\n(?=[^\r\n])/g)].map(({ index }) => {
    const at = from + index + 1;
    return { from: at, to: at, text: ' '.repeat(by) };
  });
}

function lineBelow({ to }: SourceNode, column: number, value: unknown, layout: Layout): Splice {
  const at = lineEnd(layout.text, to);
  const written = indented(value, column + 2, layout);
  return { from: at, to: at, text: `${layout.newline}${' '.repeat(column)}- ${written}` };
}

/** Inserts after the last item in brackets, on its own line if that item has its own line. */
function behind(last: SourceNode, from: number, written: string, { text, newline, isSpaced }: Layout): Splice {
  const indentation = indentationAt(text, from);
  const hasOwnLine = columnAt(text, from) === indentation.length && lineStart(text, from) > 0;
  const between = hasOwnLine ? `,${newline}${indentation}` : isSpaced ? ', ' : ',';
  return { from: last.to, to: last.to, text: `${between}${written}` };
}

/** Uses several lines if its neighbors do. */
function flow(value: unknown, beside: SourceNode, lineOf: number, layout: Layout): string {
  const { text } = layout;
  const isLong = text.slice(beside.from, beside.to).includes('\n');
  return isLong ? bracketed(value, indentationAt(text, lineOf), layout) : inline(value, layout);
}
