import { matches, type Part, type Pattern, parsePattern, plainText, resolvePattern } from './pattern.ts';
import { assume, type ContextValue, isUnknown, type Scope, type Unknown } from './request.ts';
import { and, not, or, type Truth } from './truth.ts';
import { dateOf, ipRangeOf, isInRange, numberOf } from './values.ts';

/**
 * Condition blocks.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
 */
export interface Condition {
  /** As it is written, with qualifier and IfExists. */
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
  readonly patterns: readonly Pattern[];
  readonly qualifier?: 'forallvalues' | 'foranyvalue';
  readonly ifExists: boolean;
  readonly negated: boolean;
  /** Absent for an operator that does not exist: it never matches. */
  readonly comparison?: Comparison;
}

interface Comparison {
  /** Of operators that take variables and wildcards. */
  readonly text?: (parts: readonly Part[], value: string) => boolean;
  readonly value?: (wanted: string, value: string) => boolean;
}

type Compare<T> = (a: T, b: T) => boolean;

function parsed<T>(parse: (text: string) => T | undefined, holds: Compare<T>): Comparison {
  return {
    value: (wanted, value) => {
      const [a, b] = [parse(value), parse(wanted)];
      return a !== undefined && b !== undefined && holds(a, b);
    },
  };
}

const orders: Readonly<Record<string, Compare<number>>> = {
  equals: (a, b) => a === b,
  lessthan: (a, b) => a < b,
  lessthanequals: (a, b) => a <= b,
  greaterthan: (a, b) => a > b,
  greaterthanequals: (a, b) => a >= b,
};

function ordered(
  type: string,
  parse: (text: string) => number | undefined,
): readonly (readonly [string, Comparison])[] {
  return Object.entries(orders).map(([name, holds]) => [`${type}${name}`, parsed(parse, holds)]);
}

const likeArn: Comparison = { text: matchesArn };

const comparisons: ReadonlyMap<string, Comparison> = new Map([
  ['stringequals', { text: (parts, value) => plainText(parts) === value }],
  ['stringequalsignorecase', { text: (parts, value) => plainText(parts).toLowerCase() === value.toLowerCase() }],
  ['stringlike', { text: matches }],
  ['arnequals', likeArn],
  ['arnlike', likeArn],
  [
    'bool',
    { value: (wanted, value) => /^(?:true|false)$/i.test(wanted) && wanted.toLowerCase() === value.toLowerCase() },
  ],
  ['binaryequals', { value: (wanted, value) => wanted === value }],
  ['ipaddress', parsed(ipRangeOf, isInRange)],
  ['null', {}],
  ...ordered('numeric', numberOf),
  ...ordered('date', dateOf),
]);

const negations: ReadonlyMap<string, string> = new Map([
  ['stringnotequals', 'stringequals'],
  ['stringnotequalsignorecase', 'stringequalsignorecase'],
  ['stringnotlike', 'stringlike'],
  ['arnnotequals', 'arnequals'],
  ['arnnotlike', 'arnlike'],
  ['notipaddress', 'ipaddress'],
  ['numericnotequals', 'numericequals'],
  ['datenotequals', 'dateequals'],
]);

const written = /^(?:(ForAllValues|ForAnyValue):)?(.*?)(IfExists)?$/is;

/** What an operator's name says. An operator that does not exist has no comparison. */
export function readOperator(operator: string): Pick<Condition, 'qualifier' | 'ifExists' | 'negated' | 'comparison'> {
  const [, qualifier, base = '', ifExists] = written.exec(operator) ?? [];
  const name = base.toLowerCase();
  const positive = negations.get(name);
  const comparison = comparisons.get(positive ?? name);
  const isNull = name === 'null';
  return {
    ...(qualifier && { qualifier: qualifier.toLowerCase() as 'forallvalues' | 'foranyvalue' }),
    ifExists: ifExists !== undefined,
    negated: positive !== undefined,
    ...(comparison && !(isNull && ifExists) && { comparison }),
  };
}

/** @param block the Condition element; whatever is not of its shape is left out, for the grammar to tell */
export function readConditions(block: unknown, variables: boolean): readonly Condition[] {
  return entriesOf(block).flatMap(([operator, operands]) => {
    const about = readOperator(operator);
    return entriesOf(operands).map(([key, value]) => {
      const values = (Array.isArray(value) ? value : [value]).map(String);
      const isText = about.comparison?.text !== undefined;
      return {
        operator,
        key,
        values,
        patterns: isText ? values.map((each) => parsePattern(each, variables)) : [],
        ...about,
      };
    });
  });
}

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

export function conditionHolds(condition: Condition, scope: Scope): Truth {
  const { comparison, key, values, qualifier, ifExists, negated } = condition;
  if (!comparison) return false;
  const isNull = !comparison.text && !comparison.value;
  const value = scope.valueOf(key);
  if (isUnknown(value)) {
    // That a key is there is all that Null asks.
    return isNull && value.unknown === 'value' ? nullHolds(values, false) : assumption(condition, scope, [key]);
  }
  const isAbsent = value === undefined || (Array.isArray(value) && value.length === 0);
  if (isNull) return nullHolds(values, isAbsent);
  if (isAbsent) return ifExists || qualifier === 'forallvalues' || (qualifier === undefined && negated);
  const each = listOf(value).map((one) => valueHolds(condition, one, scope));
  return qualifier === 'foranyvalue' ? or(...each) : and(...each);
}

function nullHolds(values: readonly string[], isAbsent: boolean): boolean {
  return values.some((wanted) => /^(?:true|false)$/i.test(wanted) && /^true$/i.test(wanted) === isAbsent);
}

function listOf(value: Exclude<ContextValue, undefined | Unknown>): readonly string[] {
  return typeof value === 'string' ? [value] : value;
}

/** A variable without a value equals nothing, so that an inverted operator matches. */
function valueHolds(condition: Condition, value: string, scope: Scope): Truth {
  const { comparison, negated, patterns, values } = condition;
  const { text, value: compare } = comparison ?? {};
  const equal: Truth = text
    ? or(...patterns.map((pattern) => patternHolds(condition, pattern, value, text, scope)))
    : compare !== undefined && values.some((wanted) => compare(wanted, value));
  return negated ? not(equal) : equal;
}

function patternHolds(
  condition: Condition,
  pattern: Pattern,
  value: string,
  holds: NonNullable<Comparison['text']>,
  scope: Scope,
): Truth {
  const resolved = resolvePattern(pattern, scope);
  if (resolved === 'no-value') return false;
  if (isParts(resolved)) return holds(resolved, value);
  return assume([condition.operator.toLowerCase(), pattern.source, value], resolved, scope);
}

export function isParts(resolved: readonly Part[] | ReadonlySet<string>): resolved is readonly Part[] {
  return Array.isArray(resolved);
}

/**
 * An unknown key may be absent or have any value. An operator and its opposite are one assumption where both are about
 * one value; whatever else is written is an assumption of its own.
 */
function assumption(
  { operator, key, values, qualifier, ifExists, negated }: Condition,
  scope: Scope,
  keys: readonly string[],
): Truth {
  const name = operator.toLowerCase();
  const isPlain = qualifier === undefined && !ifExists;
  const about = [isPlain ? (negations.get(name) ?? name) : name, key.toLowerCase(), [...values].sort()];
  const holds = assume(about, keys, scope);
  return isPlain && negated ? not(holds) : holds;
}

/**
 * Each of the six parts by itself. A variable may hold several of them.
 *
 * Source: the page's "Amazon Resource Name (ARN) condition operators"
 */
function matchesArn(parts: readonly Part[], value: string): boolean {
  // A star by itself stands for all six: https://github.com/cloud-copilot/iam-simulate and principalmapper read it alike.
  if (parts.length === 1 && parts[0]?.kind === 'many') return value.split(':').length >= 6;
  const wanted = arnSegments(parts);
  const [a, b, c, d, e, ...rest] = value.split(':');
  if (wanted.length < 6 || rest.length === 0) return false;
  return [a, b, c, d, e, rest.join(':')].every((segment, at) => matches(wanted[at] ?? [], segment ?? ''));
}

const knownSegments = new WeakMap<readonly Part[], readonly (readonly Part[])[]>();

function arnSegments(parts: readonly Part[]): readonly (readonly Part[])[] {
  const known = knownSegments.get(parts);
  if (known) return known;
  const segments: Part[][] = [[]];
  for (const part of parts) {
    if (part.kind !== 'text') {
      segments.at(-1)?.push(part);
      continue;
    }
    for (const [at, text] of part.text.split(':').entries()) {
      const last = segments.at(-1);
      if (at > 0 && segments.length < 6) segments.push([{ kind: 'text', text }]);
      else last?.push({ kind: 'text', text: at > 0 ? `:${text}` : text });
    }
  }
  const clean = segments.map((segment) => segment.filter((part) => part.kind !== 'text' || part.text !== ''));
  knownSegments.set(parts, clean);
  return clean;
}
