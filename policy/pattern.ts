import { assume, isUnknown, type Scope } from './request.ts';
import type { Truth } from './truth.ts';

/**
 * The texts of a policy: literal, with `*` and `?`, with policy variables. They are matched as they are written: to
 * read them first takes longer than most decisions do.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */

/** Where a `*` or `?` is no wildcard: it came with a value, or is written `${*}`. */
type Literal = ReadonlySet<number> | undefined;

/** Whether a pattern, as far as its literal places go, is about a text. */
export type PatternComparison = (pattern: string, text: string, literal?: Literal) => boolean;

/** Variables are those of policies whose Version is 2012-10-17; elsewhere `${…}` is plain text. */
function hasVariables(pattern: string, variables: boolean): boolean {
  return variables && pattern.includes('${');
}

/**
 * Whether a pattern is about a text once its variables have the request's values. One whose variable has no value
 * matches nothing.
 *
 * @param element what is remembered of a pattern with an unknown value
 */
export function patternHolds(
  pattern: string,
  text: string,
  variables: boolean,
  compare: PatternComparison,
  element: string,
  scope: Scope,
): Truth {
  if (!hasVariables(pattern, variables)) return compare(pattern, text);
  const resolved = resolve(pattern, scope);
  if (resolved === 'no-value') return false;
  if (resolved instanceof Set) return assume([element.toLowerCase(), pattern, text], resolved, scope);
  return compare(resolved.text, text, resolved.literal);
}

/** A pattern as people are shown it, wildcards being what they look like. */
export function shownPattern(pattern: string, variables: boolean, scope: Scope): string {
  const resolved = hasVariables(pattern, variables) ? resolve(pattern, scope) : pattern;
  return typeof resolved === 'object' && 'text' in resolved ? resolved.text : pattern;
}

/**
 * Puts the request's values in the place of variables; they are literal, whatever they contain. A key with several
 * values can't be a variable, and one that is empty has no value. The keys, where nobody knows their values.
 */
function resolve(pattern: string, scope: Scope): { text: string; literal: Literal } | 'no-value' | Set<string> {
  const unknown = new Set<string>();
  const literal = new Set<number>();
  let text = '';
  let from = 0;
  for (;;) {
    const open = pattern.indexOf('${', from);
    const close = open < 0 ? -1 : pattern.indexOf('}', open);
    if (close < 0) break;
    text += pattern.slice(from, open);
    from = close + 1;
    const value = valueIn(pattern.slice(open + 2, close), scope, unknown);
    if (value === undefined) return 'no-value';
    for (let at = 0; at < value.length; at++) if (/[*?]/.test(value[at] ?? '')) literal.add(text.length + at);
    text += value;
  }
  return unknown.size > 0 ? unknown : { text: text + pattern.slice(from), literal };
}

function valueIn(variable: string, scope: Scope, unknown: Set<string>): string | undefined {
  if (/^[*?$]$/.test(variable)) return variable;
  const comma = variable.indexOf(',');
  const quoted = comma < 0 ? undefined : /^\s*'(.*)'$/s.exec(variable.slice(comma + 1))?.[1];
  const key = (quoted === undefined ? variable : variable.slice(0, comma)).trim();
  const value = scope.valueOf(key);
  if (isUnknown(value)) {
    unknown.add(key);
    return '';
  }
  if (typeof value === 'string' && value !== '') return value;
  return typeof value === 'object' ? undefined : quoted;
}

/** How many characters were looked at since it was set to zero: what a test of effort counts. */
export const effort = { steps: 0 };

/**
 * Whether a text is what a pattern says, line breaks included. Between two stars the first place that fits is the right
 * one, so that nothing is ever tried twice.
 */
export function fits(pattern: string, text: string, literal?: Literal): boolean {
  const end = pattern.length;
  const first = wildcard(star, pattern, 0, end, literal);
  if (first === end) return end === text.length && runFits(pattern, 0, end, text, 0, literal);
  let last = end - 1;
  while (pattern.charCodeAt(last) !== star || literal?.has(last)) last--;
  const suffix = text.length - (end - last - 1);
  if (suffix < first || !runFits(pattern, 0, first, text, 0, literal)) return false;
  if (!runFits(pattern, last + 1, end, text, suffix, literal)) return false;
  let at = first;
  for (let run = first + 1; run <= last; ) {
    const next = wildcard(star, pattern, run, last, literal);
    at = placeOf(pattern, run, next, text, at, literal);
    if (at < 0) return false;
    at += next - run;
    if (at > suffix) return false;
    run = next + 1;
  }
  return true;
}

const star = 42;
const anyOne = 63;

/** Where the next such wildcard is, or the end. */
function wildcard(code: number, pattern: string, from: number, to: number, literal: Literal): number {
  let at = from;
  while (at < to && (pattern.charCodeAt(at) !== code || literal?.has(at))) at++;
  return at;
}

/** Whether what stands between two stars is at a place of a text. */
function runFits(pattern: string, from: number, to: number, text: string, at: number, literal: Literal): boolean {
  effort.steps += to - from;
  for (let index = from; index < to; index++) {
    const code = pattern.charCodeAt(index);
    if (code === text.charCodeAt(at + index - from)) continue;
    if (code !== anyOne || literal?.has(index)) return false;
  }
  return true;
}

/** Where what stands between two stars is in a text, from a place on; -1 if it isn't. */
function placeOf(pattern: string, from: number, to: number, text: string, start: number, literal: Literal): number {
  if (wildcard(anyOne, pattern, from, to, literal) === to) {
    const found = text.indexOf(pattern.slice(from, to), start);
    effort.steps += (found < 0 ? text.length : found) - start + to - from;
    return found;
  }
  const last = text.length - to + from;
  let at = start;
  while (at <= last && !runFits(pattern, from, to, text, at, literal)) at++;
  return at > last ? -1 : at;
}
