import { fits, type PatternComparison, patternHolds } from './pattern.ts';
import { assume, type ContextValue, isUnknown, type Scope } from './request.ts';
import { and, any, every, not, or, type Truth } from './truth.ts';
import { dateOf, ipRangeOf, isInRange, numberOf } from './values.ts';

/**
 * Condition blocks.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
 */
export interface Condition {
  /** As written, with qualifier and IfExists. */
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
  /** True if the values may contain variables. */
  readonly variables: boolean;
  readonly means: Operator;
  /** The parsed values, once the operator has parsed them. */
  wanted: readonly unknown[] | undefined;
}

/** The parts of an operator's name. */
interface Operator {
  /** In lower case, without qualifier and IfExists. */
  readonly name: string;
  readonly qualifier?: 'forallvalues' | 'foranyvalue';
  readonly ifExists: boolean;
  /** The operator that it negates. */
  readonly opposite?: string;
  /** For operators that support variables and wildcards. */
  readonly text?: PatternComparison;
  readonly value?: ParsedComparison;
  /** False for an operator that doesn't exist, which never matches. */
  readonly exists: boolean;
}

type Compared = Pick<Operator, 'text' | 'value'>;

/** For operators that compare parsed values: parses each side; `undefined` equals nothing. */
interface ParsedComparison {
  readonly parse: (text: string) => unknown;
  readonly holds: (value: unknown, wanted: unknown) => boolean;
}

type Compare<T> = (value: T, wanted: T) => boolean;

function parsed<T>(parse: (text: string) => T | undefined, holds: Compare<T>): Compared {
  return { value: { parse, holds: holds as Compare<unknown> } };
}

function boolOf(text: string): string | undefined {
  return /^(?:true|false)$/i.test(text) ? text.toLowerCase() : undefined;
}

const orders: Readonly<Record<string, Compare<number>>> = {
  equals: (a, b) => a === b,
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
  ['bool', { text: (wanted, value) => boolOf(wanted) !== undefined && boolOf(wanted) === boolOf(value) }],
  ['binaryequals', parsed(String, (a, b) => a === b)],
  ['ipaddress', parsed(ipRangeOf, isInRange)],
  ['null', {}],
  ...ordered('numeric', numberOf),
  ...ordered('date', dateOf),
]);

/** Operators with `Not` in their names match exactly when the ones without it don't. */
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
  // Only about 160 spellings are in use.
  if (knownOperators.size < 500) knownOperators.set(operator, read);
  return read;
}

/** @param block the Condition element; malformed parts are left out, because the grammar reports them */
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

export function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

export function conditionHolds(condition: Condition, scope: Scope): Truth {
  const { key, values, means } = condition;
  const { qualifier, opposite, ifExists } = means;
  if (!means.exists) return false;
  const value = scope.valueOf(key);
  const absent = isAbsent(value, key, qualifier, scope);
  if (means.name === 'null') {
    return any(values.map(boolOf), (wanted) => (wanted === 'true' ? absent : wanted === 'false' && not(absent)));
  }
  const whenAbsent = ifExists || qualifier === 'forallvalues' || (qualifier === undefined && opposite !== undefined);
  if (absent === true || value === undefined) return whenAbsent;
  const holds = isUnknown(value) ? assumption(condition, scope) : allHold(condition, value, scope);
  return whenAbsent ? or(absent, holds) : and(not(absent), holds);
}

/** ForAllValues and ForAnyValue treat an empty text as no value. */
function isAbsent(value: ContextValue, key: string, qualifier: Operator['qualifier'], scope: Scope): Truth {
  if (isUnknown(value)) return value.unknown === 'presence' && assume(['absent', key.toLowerCase()], [key], scope);
  if (value === undefined || value.length === 0) return value !== '' || qualifier !== undefined;
  return qualifier !== undefined && typeof value !== 'string' && value.every((one) => one === '');
}

function allHold(condition: Condition, value: string | readonly string[], scope: Scope): Truth {
  const holds = (one: string) => valueHolds(condition, one, scope);
  if (typeof value === 'string') return holds(value);
  return condition.means.qualifier === 'foranyvalue' ? any(value, holds) : every(value, holds);
}

/** A variable without a value equals nothing, so a negated operator matches. */
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

/** The key may have any value. An operator and its negation with the same values are one assumption. */
function assumption({ key, values, means }: Condition, scope: Scope): Truth {
  const { name, opposite, qualifier, text } = means;
  const isFalse = name === 'bool' && values.length === 1 && boolOf(values[0] ?? '') === 'false';
  const isNegated = opposite !== undefined || isFalse;
  // “Not all of them are” means “any of them isn't”.
  const ofAny = qualifier && (qualifier === 'foranyvalue') !== isNegated;
  const wanted = isFalse ? ['true'] : [...values].sort();
  // “Any value” is the same as *.
  const isAny = text === fits && values.includes('*');
  const holds = isAny || assume([opposite ?? name, ofAny, key.toLowerCase(), wanted], [key], scope);
  return isNegated ? not(holds) : holds;
}

/**
 * Compares each of the six parts separately. A variable may contain several parts.
 *
 * Source: the page's "Amazon Resource Name (ARN) condition operators"
 */
function matchesArn(pattern: string, value: string): boolean {
  const parts = partsOf(value);
  // A single star matches all six parts: https://github.com/cloud-copilot/iam-simulate and principalmapper agree.
  if (pattern === '*') return parts.length === 6;
  const wanted = partsOf(pattern);
  return wanted.length === 6 && parts.length === 6 && wanted.every((one, at) => fits(one, parts[at] ?? ''));
}

/** The six parts of an ARN. The last one may contain colons. */
function partsOf(arn: string): readonly string[] {
  const parts = arn.split(':');
  return parts.length > 6 ? [...parts.slice(0, 5), parts.slice(5).join(':')] : parts;
}
