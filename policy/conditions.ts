import { fits, type PatternComparison, patternHolds } from './pattern.ts';
import { assume, isUnknown, type Scope } from './request.ts';
import { any, every, not, type Truth } from './truth.ts';
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
  /** Whether the values may have variables. */
  readonly variables: boolean;
  readonly means: Operator;
  /** The values as the operator reads them, once it has. */
  wanted: readonly unknown[] | undefined;
}

/** What an operator's name says. */
interface Operator {
  /** In lower case, without qualifier and IfExists. */
  readonly name: string;
  readonly qualifier?: 'forallvalues' | 'foranyvalue';
  readonly ifExists: boolean;
  /** The operator that it is the opposite of. */
  readonly opposite?: string;
  /** Of operators that take variables and wildcards. */
  readonly text?: PatternComparison;
  readonly value?: ParsedComparison;
  /** False for an operator that does not exist: it never matches. */
  readonly exists: boolean;
}

type Compared = Pick<Operator, 'text' | 'value'>;

/** Of operators that compare something else than texts: what each side is read as; `undefined` equals nothing. */
interface ParsedComparison {
  readonly parse: (text: string) => unknown;
  readonly holds: (value: unknown, wanted: unknown) => boolean;
}

type Compare<T> = (value: T, wanted: T) => boolean;

function parsed<T>(parse: (text: string) => T | undefined, holds: Compare<T>): Compared {
  return { value: { parse, holds: holds as Compare<unknown> } };
}

function isSame<T>(value: T, wanted: T): boolean {
  return value === wanted;
}

function boolOf(text: string): string | undefined {
  return /^(?:true|false)$/i.test(text) ? text.toLowerCase() : undefined;
}

const orders: Readonly<Record<string, Compare<number>>> = {
  equals: isSame,
  lessthan: (a, b) => a < b,
  lessthanequals: (a, b) => a <= b,
  greaterthan: (a, b) => a > b,
  greaterthanequals: (a, b) => a >= b,
};

function ordered(type: string, parse: (text: string) => number | undefined): readonly (readonly [string, Compared])[] {
  return Object.entries(orders).map(([name, holds]) => [`${type}${name}`, parsed(parse, holds)]);
}

const comparisons: ReadonlyMap<string, Compared> = new Map<string, Compared>([
  ['stringequals', { text: (wanted, value) => wanted === value }],
  ['stringequalsignorecase', { text: (wanted, value) => wanted.toLowerCase() === value.toLowerCase() }],
  ['stringlike', { text: fits }],
  ['arnequals', { text: matchesArn }],
  ['arnlike', { text: matchesArn }],
  ['bool', parsed(boolOf, isSame)],
  ['binaryequals', parsed(String, isSame)],
  ['ipaddress', parsed(ipRangeOf, isInRange)],
  ['null', {}],
  ...ordered('numeric', numberOf),
  ...ordered('date', dateOf),
]);

/** Those that have `Not` in their names match wherever the ones without it don't. */
const negated = /^(?:string|arn|numeric|date|)not(?:equals|equalsignorecase|like|ipaddress)$/;
const written = /^(?:(ForAllValues|ForAnyValue):)?(.*?)(IfExists)?$/is;

const knownOperators = new Map<string, Operator>();

export function readOperator(operator: string): Operator {
  const known = knownOperators.get(operator);
  if (known) return known;
  const [, qualifier, base = '', ifExists] = written.exec(operator) ?? [];
  const name = base.toLowerCase();
  const opposite = negated.test(name) ? name.replace('not', '') : undefined;
  const comparison = comparisons.get(opposite ?? name);
  const read = {
    ...comparison,
    name,
    exists: comparison !== undefined && !(name === 'null' && ifExists),
    ...(qualifier && { qualifier: qualifier.toLowerCase() as 'forallvalues' | 'foranyvalue' }),
    ifExists: ifExists !== undefined,
    ...(opposite !== undefined && { opposite }),
  };
  // There are about 160 spellings that anybody uses.
  if (knownOperators.size < 500) knownOperators.set(operator, read);
  return read;
}

/** @param block the Condition element; whatever is not of its shape is left out, for the grammar to tell */
export function conditionsIn(block: unknown, variables: boolean): readonly Condition[] {
  const conditions: Condition[] = [];
  for (const [operator, operands] of entriesOf(block)) {
    const means = readOperator(operator);
    for (const [key, value] of entriesOf(operands)) {
      const values = typeof value === 'string' ? [value] : (Array.isArray(value) ? value : [value]).map(String);
      conditions.push({ operator, key, values, variables, means, wanted: undefined });
    }
  }
  return conditions;
}

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

export function conditionHolds(condition: Condition, scope: Scope): Truth {
  const { key, values, means } = condition;
  const { qualifier } = means;
  if (!means.exists) return false;
  const isNull = means.name === 'null';
  const value = scope.valueOf(key);
  if (isUnknown(value)) {
    // That a key is there is all that Null asks.
    return isNull && value.unknown === 'value' ? nullHolds(values, false) : assumption(condition, scope);
  }
  const isAbsent = value === undefined || (Array.isArray(value) && value.length === 0);
  if (isNull) return nullHolds(values, isAbsent);
  if (isAbsent)
    return means.ifExists || qualifier === 'forallvalues' || (qualifier === undefined && means.opposite !== undefined);
  const holds = (one: string) => valueHolds(condition, one, scope);
  if (typeof value === 'string') return holds(value);
  return qualifier === 'foranyvalue' ? any(value, holds) : every(value, holds);
}

function nullHolds(values: readonly string[], isAbsent: boolean): boolean {
  return values.map(boolOf).includes(String(isAbsent));
}

/** A variable without a value equals nothing, so that an inverted operator matches. */
function valueHolds(condition: Condition, value: string, scope: Scope): Truth {
  const { operator, values, variables, means } = condition;
  const { text } = means;
  const equal = text
    ? any(values, (wanted) => patternHolds(wanted, value, variables, text, operator, scope))
    : parsedHolds(condition, means.value, value);
  return means.opposite === undefined ? equal : not(equal);
}

function parsedHolds(condition: Condition, comparison: ParsedComparison | undefined, text: string): boolean {
  const value = comparison?.parse(text);
  if (!comparison || value === undefined) return false;
  condition.wanted ??= condition.values.map(comparison.parse);
  return condition.wanted.some((wanted) => wanted !== undefined && comparison.holds(value, wanted));
}

/**
 * An unknown key may be absent or have any value. An operator and its opposite are one assumption where both are about
 * one value; whatever else is written is an assumption of its own.
 */
function assumption({ operator, key, values, means }: Condition, scope: Scope): Truth {
  const { name, opposite, qualifier, ifExists } = means;
  const isPlain = qualifier === undefined && !ifExists;
  const about = [isPlain ? (opposite ?? name) : operator.toLowerCase(), key.toLowerCase(), [...values].sort()];
  const holds = assume(about, [key], scope);
  return isPlain && opposite !== undefined ? not(holds) : holds;
}

/**
 * Each of the six parts by itself. A variable may hold several of them.
 *
 * Source: the page's "Amazon Resource Name (ARN) condition operators"
 */
function matchesArn(pattern: string, value: string, literal?: ReadonlySet<number>): boolean {
  // A star by itself stands for all six: https://github.com/cloud-copilot/iam-simulate and principalmapper read it alike.
  if (pattern === '*' && !literal?.has(0)) return value.split(':').length >= 6;
  let from = 0;
  let start = 0;
  for (let part = 0; part < 6; part++) {
    const to = part < 5 ? pattern.indexOf(':', from) : pattern.length;
    const end = part < 5 ? value.indexOf(':', start) : value.length;
    const inPart = literal && new Set([...literal].map((at) => at - from));
    if (to < 0 || end < 0 || !fits(pattern.slice(from, to), value.slice(start, end), inPart)) return false;
    from = to + 1;
    start = end + 1;
  }
  return true;
}
