import { isUnknown, type Scope } from './request.ts';

/**
 * The texts of a policy: literal, with `*` and `?`, with policy variables.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'many' | 'one' }
  | { readonly kind: 'variable'; readonly key: string; readonly fallback?: string };

export interface Pattern {
  readonly source: string;
  readonly parts: readonly Part[];
  /** What stands between its stars; absent where it has variables. */
  readonly runs?: readonly Run[];
}

/** What becomes of a pattern where a variable of it has no value, or one that nobody knows. */
export type Resolved = readonly Part[] | 'no-value' | ReadonlySet<string>;

/** @param variables false for policies whose Version is not 2012-10-17: there `${…}` is plain text */
export function parsePattern(source: string, variables: boolean): Pattern {
  const parts: Part[] = [];
  let text = '';
  const flush = () => {
    if (text !== '') parts.push({ kind: 'text', text });
    text = '';
  };
  for (let at = 0; at < source.length; at++) {
    const character = source[at] ?? '';
    const end = variables && character === '$' && source[at + 1] === '{' ? source.indexOf('}', at) : -1;
    if (end > 0) {
      const name = source.slice(at + 2, end);
      if (/^[*?$]$/.test(name)) text += name;
      else {
        flush();
        parts.push(variableOf(name));
      }
      at = end;
    } else if (character === '*' || character === '?') {
      flush();
      parts.push({ kind: character === '*' ? 'many' : 'one' });
    } else text += character;
  }
  flush();
  if (parts.some(({ kind }) => kind === 'variable')) return { source, parts };
  return { source, parts, runs: runsIn(parts) };
}

function variableOf(name: string): Part {
  const comma = name.indexOf(',');
  const quoted = comma < 0 ? undefined : /^\s*'(.*)'$/s.exec(name.slice(comma + 1))?.[1];
  if (quoted === undefined) return { kind: 'variable', key: name.trim() };
  return { kind: 'variable', key: name.slice(0, comma).trim(), fallback: quoted };
}

/**
 * Puts the request's values in the place of variables; they are literal, whatever they contain. A key with several
 * values can't be a variable, and one that is empty has no value.
 */
export function resolvePattern({ parts, runs }: Pattern, scope: Scope): Resolved {
  if (runs) return parts;
  const unknown = new Set<string>();
  const resolved: Part[] = [];
  for (const part of parts) {
    if (part.kind !== 'variable') {
      resolved.push(part);
      continue;
    }
    const value = scope.valueOf(part.key);
    if (isUnknown(value)) unknown.add(part.key);
    else if (typeof value === 'string' && value !== '') resolved.push({ kind: 'text', text: value });
    else if (typeof value === 'object' || part.fallback === undefined) return 'no-value';
    else resolved.push({ kind: 'text', text: part.fallback });
  }
  return unknown.size > 0 ? unknown : resolved;
}

/** A pattern as the text that it stands for, wildcards being what they look like. */
export function plainText(parts: readonly Part[]): string {
  return parts.map((part) => (part.kind === 'text' ? part.text : part.kind === 'many' ? '*' : '?')).join('');
}

/** How many characters were looked at since it was set to zero: what a test of effort counts. */
export const effort = { steps: 0 };

/**
 * Whether a text is what a pattern says, line breaks included. Between two stars the first place that fits is the right
 * one, so that nothing is ever tried twice.
 */
export function matches(parts: readonly Part[], text: string): boolean {
  return fits(runsOf(parts), text);
}

export function fits(runs: readonly Run[], text: string): boolean {
  const first = runs[0] ?? noRun;
  const last = runs[runs.length - 1] ?? noRun;
  if (runs.length === 1) return first.length === text.length && fitsAt(first, text, 0);
  const end = text.length - last.length;
  if (end < first.length || !fitsAt(first, text, 0) || !fitsAt(last, text, end)) return false;
  let at = first.length;
  for (const run of runs.slice(1, -1)) {
    const found = findRun(run, text, at, end);
    if (found < 0) return false;
    at = found + run.length;
  }
  return true;
}

/** What stands between stars. */
export interface Run {
  readonly length: number;
  /** Set where there is no `?` in it. */
  readonly literal?: string;
  /** Else each character, and `undefined` for any one. */
  readonly characters: readonly (string | undefined)[];
}

const noRun: Run = { length: 0, literal: '', characters: [] };
const knownRuns = new WeakMap<readonly Part[], readonly Run[]>();

function runsOf(parts: readonly Part[]): readonly Run[] {
  let runs = knownRuns.get(parts);
  if (!runs) {
    runs = runsIn(parts);
    knownRuns.set(parts, runs);
  }
  return runs;
}

function runsIn(parts: readonly Part[]): readonly Run[] {
  const runs: Run[] = [];
  let start = 0;
  for (let at = 0; at <= parts.length; at++) {
    if (at < parts.length && parts[at]?.kind !== 'many') continue;
    runs.push(at === start ? noRun : runOf(parts.slice(start, at)));
    start = at + 1;
  }
  return runs;
}

function runOf(parts: readonly Part[]): Run {
  if (parts.every((part) => part.kind === 'text')) {
    const literal = parts.map(({ text }) => text).join('');
    return { length: literal.length, literal, characters: [] };
  }
  const characters = parts.flatMap((part) => (part.kind === 'text' ? part.text.split('') : [undefined]));
  return { length: characters.length, characters };
}

function fitsAt({ length, literal, characters }: Run, text: string, at: number): boolean {
  effort.steps += length;
  if (literal !== undefined) return text.startsWith(literal, at);
  return characters.every((character, offset) => character === undefined || text[at + offset] === character);
}

function findRun(run: Run, text: string, from: number, end: number): number {
  if (run.literal !== undefined) {
    const found = text.indexOf(run.literal, from);
    effort.steps += (found < 0 ? text.length : found) - from + run.length;
    return found + run.length <= end ? found : -1;
  }
  for (let at = from; at + run.length <= end; at++) if (fitsAt(run, text, at)) return at;
  return -1;
}
