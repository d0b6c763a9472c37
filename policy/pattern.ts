import { assume, isUnknown, type Scope } from './request.ts';
import type { Truth } from './truth.ts';

/**
 * Texts in a policy: literals with `*` and `?`, and with policy variables. They are matched unparsed, because parsing
 * takes longer than most decisions.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */

/** True if a pattern matches a text. */
export type PatternComparison = (pattern: string, text: string) => boolean;

/**
 * Replaces a `*` or `?` that is not a wildcard, because it is part of a value or written as `${*}`, with an unassigned
 * Unicode character, in both the pattern and the text.
 */
const literals: readonly (readonly [wildcard: string, literal: string])[] = [
  ['*', '\ufdd0'],
  ['?', '\ufdd1'],
];

function escaped(text: string, isBack = false): string {
  return literals.reduce(
    (all, [one, other]) => (isBack ? all.replaceAll(other, one) : all.replaceAll(one, other)),
    text,
  );
}

/**
 * Matches a pattern with the request's values in place of variables. A variable without a value matches nothing.
 *
 * @param element identifies an unknown match, so that it is recorded once
 */
export function patternHolds(
  pattern: string,
  text: string,
  variables: boolean,
  compare: PatternComparison,
  element: string,
  scope: Scope,
): Truth {
  const resolved = resolve(pattern, variables, scope);
  if (resolved === pattern) return compare(pattern, text);
  if (resolved === undefined) return false;
  if (resolved instanceof Set) {
    // The literal text around the variables must match, whatever their values are.
    if (compare === fits && !fits(pattern.replace(/\$\{[^}]*\}/g, '*'), text)) return false;
    return assume([element.toLowerCase(), pattern, text], resolved, scope);
  }
  return compare(resolved, escaped(text));
}

/** A pattern as shown to the user, with wildcards as characters. */
export function shownPattern(pattern: string, variables: boolean, scope: Scope): string {
  const resolved = resolve(pattern, variables, scope);
  return typeof resolved === 'string' ? escaped(resolved, true) : pattern;
}

/**
 * Replaces variables with the request's values, in policies of Version 2012-10-17 only. Values are literal, whatever
 * they contain. Several values, or an empty one, count as none. Returns the keys if their values are unknown.
 */
function resolve(pattern: string, variables: boolean, scope: Scope): string | undefined | Set<string> {
  if (!variables || !pattern.includes('${')) return pattern;
  const unknown = new Set<string>();
  let text = '';
  let from = 0;
  for (;;) {
    const open = pattern.indexOf('${', from);
    const close = open < 0 ? -1 : pattern.indexOf('}', open);
    if (close < 0) break;
    const value = valueIn(pattern.slice(open + 2, close), scope, unknown);
    if (value === undefined) return undefined;
    text += pattern.slice(from, open) + escaped(value);
    from = close + 1;
  }
  return unknown.size > 0 ? unknown : text + pattern.slice(from);
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

/** The number of compared characters since the last reset, for tests of the running time. */
export const effort = { steps: 0 };

/**
 * Matches a text, including line breaks, against a pattern. Between two stars the first match is always right, so
 * there is no backtracking.
 */
export function fits(pattern: string, text: string): boolean {
  const first = pattern.indexOf('*');
  if (first < 0) return pattern.length === text.length && isAt(0, pattern, text);
  const last = pattern.lastIndexOf('*');
  const suffix = text.length - (pattern.length - last - 1);
  if (suffix < first || !isAt(0, pattern.slice(0, first), text)) return false;
  if (!isAt(suffix, pattern.slice(last + 1), text)) return false;
  if (first === last) return true;
  let at = first;
  for (const run of pattern.slice(first + 1, last).split('*')) {
    const found = placeOf(run, text, at);
    at = found + run.length;
    if (found < 0 || at > suffix) return false;
  }
  return true;
}

/** True if the part between two stars matches at this position of the text. */
function isAt(place: number, run: string, text: string): boolean {
  if (run === '') return true;
  effort.steps += run.length;
  if (!run.includes('?')) return text.startsWith(run, place);
  for (let index = 0; index < run.length; index++)
    if (run[index] !== '?' && run[index] !== text[place + index]) return false;
  return true;
}

/** The part's position in a text, from a start; -1 if it is not there. */
function placeOf(run: string, text: string, start: number): number {
  if (!run.includes('?')) {
    const found = text.indexOf(run, start);
    effort.steps += (found < 0 ? text.length : found) - start + run.length;
    return found;
  }
  let at = start;
  while (at + run.length <= text.length && !isAt(at, run, text)) at++;
  return at + run.length <= text.length ? at : -1;
}
