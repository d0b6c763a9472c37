import { assume, isUnknown, type Scope } from './request.ts';
import type { Truth } from './truth.ts';

/**
 * The texts of a policy: literal, with `*` and `?`, with policy variables. They are matched as they are written: to
 * read them first takes longer than most decisions do.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */

/** True if a pattern matches a text. */
export type PatternComparison = (pattern: string, text: string) => boolean;

/**
 * A `*` or `?` that is no wildcard, because it came with a value or is written `${*}`, is a character that Unicode
 * assigns to nothing, in the pattern as in the text.
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
 * Matches a pattern after its variables got the request's values. A variable without a value matches nothing.
 *
 * @param element the key under which an unknown match is remembered
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
    // Whatever the values are, what is written around them has to fit.
    if (compare === fits && !fits(pattern.replace(/\$\{[^}]*\}/g, '*'), text)) return false;
    return assume([element.toLowerCase(), pattern, text], resolved, scope);
  }
  return compare(resolved, escaped(text));
}

/** A pattern as people are shown it, wildcards being what they look like. */
export function shownPattern(pattern: string, variables: boolean, scope: Scope): string {
  const resolved = resolve(pattern, variables, scope);
  return typeof resolved === 'string' ? escaped(resolved, true) : pattern;
}

/**
 * Puts the request's values in the place of variables, which only policies of Version 2012-10-17 have. The values are
 * literal, whatever they contain; several of one key, or an empty one, are none. The keys, where no one knows the values.
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

/** The number of characters compared since it was reset, for tests of the effort. */
export const effort = { steps: 0 };

/**
 * Matches a text against a pattern, line breaks included. Between two stars the first match is always right, so there
 * is no backtracking.
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

/** True if the part between two stars is at this place of the text. */
function isAt(place: number, run: string, text: string): boolean {
  if (run === '') return true;
  effort.steps += run.length;
  if (!run.includes('?')) return text.startsWith(run, place);
  for (let index = 0; index < run.length; index++)
    if (run[index] !== '?' && run[index] !== text[place + index]) return false;
  return true;
}

/** Where it is in a text, from a place on; -1 if it isn't. */
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
