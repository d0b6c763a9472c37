import { Document, type Pair, Scalar, visit, type YAMLMap } from 'yaml';
import { ownEntry } from '../../../core/values.ts';
import type { Express } from './expressions.ts';

/** A file's formatting, which added text should follow. */
export interface Layout {
  readonly text: string;
  readonly syntax: 'json' | 'yaml';
  readonly newline: '\n' | '\r\n';
  readonly step: string;
  /** True for white space within a line: `"a": 1`, not `"a":1`. */
  readonly isSpaced: boolean;
  readonly indentsLists: boolean;
  readonly express: Express;
}

export function layoutOf(text: string, syntax: 'json' | 'yaml', express: Express = (plain) => plain): Layout {
  return {
    text,
    syntax,
    express,
    newline: text.includes('\r\n') ? '\r\n' : '\n',
    step: firstStep(text) ?? '  ',
    isSpaced: syntax === 'yaml' || /":\s/.test(text) || !/":/.test(text),
    indentsLists: !/^([ \t]*)[^\s#-][^\n]*:[ \t]*\r?\n\1- /m.test(text),
  };
}

function firstStep(text: string): string | undefined {
  for (const { 1: inner = '', index } of text.matchAll(/[{[:]\s*?\r?\n([ \t]*)\S[^\n]*/g)) {
    const outer = indentationAt(text, index);
    if (inner.startsWith(outer) && inner.length > outer.length) return inner.slice(outer.length);
  }
  return undefined;
}

/** The white space at the start of an offset's line. */
export function indentationAt(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, offset)))?.[0] ?? '';
}

export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** The end of the line, including a comment but not the line break. */
export function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  if (end === -1) return text.length;
  return text[end - 1] === '\r' ? end - 1 : end;
}

/** The indentation of a value; in a list, the column after the dash. */
export function columnAt(text: string, offset: number): number {
  return offset - lineStart(text, offset);
}

export function inline(value: unknown, layout: Pick<Layout, 'isSpaced'>): string {
  const { isSpaced } = layout;
  if (Array.isArray(value)) {
    const items = value.map((item) => inline(item, layout));
    return `[${items.join(isSpaced ? ', ' : ',')}]`;
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(
    ([key, inner]) => `${JSON.stringify(key)}:${isSpaced ? ' ' : ''}${inline(inner, layout)}`,
  );
  if (entries.length === 0) return '{}';
  return isSpaced ? `{ ${entries.join(', ')} }` : `{${entries.join(',')}}`;
}

/** Writes with brackets, on as many lines as needed. All but the first start with `indentation`. */
export function bracketed(value: unknown, indentation: string, { step, newline }: Layout): string {
  return JSON.stringify(value, null, step).replaceAll('\n', `${newline}${indentation}`);
}

/** Writes with indentation. All lines but the first start with that many spaces. */
export function indented(value: unknown, column: number, { step, newline, indentsLists }: Layout): string {
  // A folded line would be joined with a space.
  const document = withShortForms(new Document(value));
  const text = document.toString({ indent: Math.max(2, step.length), lineWidth: 0, indentSeq: indentsLists });
  return text.trimEnd().replaceAll('\n', `${newline}${' '.repeat(column)}`);
}

/** The usual short forms of CloudFormation functions in YAML: `!Sub`, `!GetAtt`, `!Ref`. */
const shortForms: Readonly<Record<string, string>> = {
  Ref: '!Ref',
  'Fn::Sub': '!Sub',
  'Fn::GetAtt': '!GetAtt',
  'Fn::ImportValue': '!ImportValue',
};

function withShortForms(document: Document): Document {
  visit(document, {
    Map(_, map) {
      const [key, argument] = onlyEntry(map);
      const tag = ownEntry(shortForms, key);
      const text = tag === '!GetAtt' && Array.isArray(argument) ? argument.join('.') : argument;
      // YAML doesn't allow one short form within another.
      if (tag === undefined || typeof text !== 'string') return undefined;
      const scalar = new Scalar(text);
      scalar.tag = tag;
      if (tag === '!Sub') scalar.type = Scalar.QUOTE_DOUBLE;
      return scalar;
    },
  });
  return document;
}

function onlyEntry(map: YAMLMap): readonly [string, unknown] {
  const [only, ...others] = map.items as readonly Pair[];
  if (!only || others.length > 0) return ['', undefined];
  const [[key, argument] = ['', undefined]] = Object.entries(map.toJSON() as object);
  return [key, argument];
}
