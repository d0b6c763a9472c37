import { type Alias, LineCounter, visit, type Document as YamlDocument } from 'yaml';
import { printable } from '../../core/printable.ts';
import { deepest, yamlDocument } from '../template/yaml-document.ts';
import { InputError, type InputProblem } from './input-error.ts';
import { jsonTree } from './json-tree.ts';
import { positionsIn, type TextNode, type TextTree } from './text-node.ts';

/** A parsed JSON or YAML file that keeps the positions of its values. */
export interface SourceDocument {
  /** As the user named it, or `standard input`. */
  readonly file: string;
  readonly value: unknown;
  /** @returns the line, from 1, of the value at this path, or of the nearest existing parent */
  lineOf(path: readonly (string | number)[]): number;
}

export const standardInput = 'standard input';

/**
 * @param file determines the syntax: `.json` is strict JSON, everything else is YAML, which includes JSON; stdin
 *   (`-`) is JSON if it starts like JSON
 * @throws InputError with file, line, column, the reason, and the line itself
 */
export function parseSource(text: string, file: string): SourceDocument {
  const body = text.replace(/^\uFEFF/, '');
  const name = file === '-' ? standardInput : file;
  if (body.trim() === '') throw new InputError(`${name}: is empty, where a JSON or YAML document is expected.`);

  const isJson = /\.jsonc?$/i.test(file) || (file === '-' && /^\s*[[{]/.test(body));
  if (!isJson && body.length > mostYaml) {
    throw new InputError(
      `${name}: has ${inMegabytes(body.length)} of YAML, which no document of AWS has: the largest, a template, has 1 MB at most.`,
    );
  }
  if (isJson) return parseJson(body, name);
  const lines = new LineCounter();
  const document = yamlDocument(body, { lineCounter: lines });
  const [error] = document.errors;
  if (error) throw mistakeAt(body, name, error.pos[0], error.message.split('\n')[0] ?? '');
  return { file: name, value: writtenOut(document, body, name), lineOf: (path) => lineIn(document, lines, path) };
}

/** Reading YAML takes about a second per megabyte. */
const mostYaml = 2_000_000;

export function inMegabytes(length: number): string {
  return `${(length / 1_000_000).toFixed(1)} MB`;
}

/** Only fails now for an alias that refers to nothing, or a few lines that expand to millions of values. */
function writtenOut(document: YamlDocument, body: string, name: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    const unresolved = firstUnresolved(document);
    if (!unresolved)
      throw new InputError(`${name}: its aliases stand for too many values: write the values themselves.`);
    const [offset = 0] = unresolved.range ?? [];
    throw mistakeAt(
      body,
      name,
      offset,
      `*${unresolved.source} refers to nothing: there is no anchor &${unresolved.source} before it`,
    );
  }
}

function firstUnresolved(document: YamlDocument): Alias | undefined {
  let found: Alias | undefined;
  const anchors = new Set<string>();
  visit(document, {
    Value(_, { anchor }) {
      if (anchor !== undefined) anchors.add(anchor);
    },
    Alias(_, alias) {
      if (anchors.has(alias.source)) return undefined;
      found = alias;
      return visit.BREAK;
    },
  });
  return found;
}

/** JSON.parse is much faster but accepts duplicate keys, so the tree is built only for what it doesn't report. */
function parseJson(body: string, file: string): SourceDocument {
  try {
    const value: unknown = JSON.parse(body);
    if (!mayBeDeeperThan(deepest, body) || !isDeeperThan(deepest, value))
      return { file, value, lineOf: linesOfJson(body) };
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
  }
  const tree = jsonTree(body);
  if ('root' in tree) throw new InputError(`${file}: is not JSON.`);
  throw mistakeAt(body, file, tree.mistake.offset, tree.mistake.message);
}

/**
 * A text has at least as many opening brackets as levels. Counting a few of them takes less time than walking through
 * many values.
 */
function mayBeDeeperThan(levels: number, body: string): boolean {
  return body.split(/[[{]/, levels + 2).length > levels + 1;
}

function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(levels - 1, inner));
}

function linesOfJson(body: string): SourceDocument['lineOf'] {
  let tree: TextTree | undefined;
  let positionOf: ReturnType<typeof positionsIn> | undefined;
  return (path) => {
    tree ??= jsonTree(body);
    positionOf ??= positionsIn(body);
    return 'root' in tree ? positionOf(nearestTo(tree.root, path).start).line : 1;
  };
}

function nearestTo(node: TextNode, [key, ...rest]: readonly (string | number)[]): TextNode {
  const child = typeof key === 'number' ? node.items[key] : node.entries.find((one) => one.key === key)?.value;
  return child ? nearestTo(child, rest) : node;
}

function lineIn(document: YamlDocument, lines: LineCounter, path: readonly (string | number)[]): number {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    const offset = rangeStart(node);
    if (offset !== undefined) return lines.linePos(offset).line;
  }
  return 1;
}

function rangeStart(node: unknown): number | undefined {
  if (typeof node !== 'object' || node === null || !('range' in node) || !Array.isArray(node.range)) return undefined;
  const [start] = node.range as unknown[];
  return typeof start === 'number' ? start : undefined;
}

function mistakeAt(body: string, file: string, offset: number, reason: string): InputError {
  const before = body.slice(0, offset).split(/\r\n|\n|\r/);
  const line = before.length;
  const column = (before.at(-1) ?? '').length + 1;
  const text = body.split(/\r\n|\n|\r/)[line - 1] ?? '';
  return new InputError(`${file}:${line}:${column}: ${reason}\n${excerpt(text, line, column)}`, [
    { file, line, column, message: reason },
  ]);
}

const excerptWidth = 100;

/**
 * The line with a caret below the column. For a very long line, only the part around it.
 *
 * @param width the maximum width: if the terminal wrapped the line, the caret would point to the wrong place
 */
export function excerpt(text: string, line: number, column: number, width = Number.POSITIVE_INFINITY): string {
  const margin = `  ${line} | `;
  const room = Math.max(Math.min(excerptWidth, width - margin.length), 1);
  const from = Math.max(0, Math.min(column - 1 - Math.floor(room / 2), text.length - room));
  const shown = text.slice(from, from + room).replaceAll('\t', ' ');
  return `${margin}${shown}\n${' '.repeat(margin.length + column - 1 - from)}^`;
}

/** The message of a rejected event, with the line of each field in it. */
export function eventProblemsIn({ file, lineOf }: SourceDocument, message: string): readonly InputProblem[] {
  return printable(message)
    .split('\n')
    .map((line) => {
      const field = /^- ([^\s:]+): /.exec(line)?.[1];
      return field ? { file, line: lineOf(pathOf(field)), message: line.slice(2) } : { file, message: line };
    });
}

/** `steps[1]` becomes `['steps', 1]`; `event` is the event itself. */
function pathOf(field: string): (string | number)[] {
  if (field === 'event') return [];
  return field.split(/[.[\]]+/).flatMap((part) => (part === '' ? [] : [/^\d+$/.test(part) ? Number(part) : part]));
}
