import { fits } from '../../policy/pattern.ts';
import { statementsOf } from '../world/policy-parts.ts';
import type { PolicyDocument, PolicyStatement } from '../world/world.ts';

type ConditionBlock = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export interface Comparison {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

function conditionsIn(statement: Readonly<Record<string, unknown>>): ConditionBlock {
  return (statement['Condition'] ?? {}) as ConditionBlock;
}

export function comparisonsOf(statement: Readonly<Record<string, unknown>>): readonly Comparison[] {
  return Object.entries(conditionsIn(statement)).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, value]) => ({ operator, key, values: valuesIn(value) })),
  );
}

/** IAM accepts a single value instead of a list of one. */
export function valuesIn(value: unknown): readonly string[] {
  return value === undefined ? [] : [value].flat().map(String);
}

/** The AWS accounts and their principals that a statement names. */
export function principalsOf({ Principal: principal }: PolicyStatement): readonly string[] {
  if (typeof principal !== 'object' || principal === null) return [];
  return valuesIn((principal as Readonly<Record<string, unknown>>)['AWS']);
}

/** True for everyone, whatever the conditions. */
export function isForEverybody(statement: PolicyStatement): boolean {
  return statement['Principal'] === '*' || principalsOf(statement).includes('*');
}

/** A policy shows a role's or user's unique ID only after it was deleted. */
export function isUniqueId(principal: string): boolean {
  return /^A(?:ROA|IDA)[A-Z0-9]+$/.test(principal);
}

/** A single value is written without a list. */
export function oneOrList(values: readonly string[]): string | readonly string[] {
  const [first, ...rest] = values;
  return first !== undefined && rest.length === 0 ? first : values;
}

export function withComparison(statement: PolicyStatement, { operator, key, values }: Comparison): PolicyStatement {
  const conditions = conditionsIn(statement);
  return {
    ...statement,
    Condition: { ...conditions, [operator]: { ...conditions[operator], [key]: oneOrList(values) } },
  };
}

export function withoutComparison(statement: PolicyStatement, { operator, key }: Comparison): PolicyStatement {
  const { [operator]: { [key]: _, ...keys } = {}, ...others } = conditionsIn(statement);
  return { ...statement, Condition: { ...others, ...(Object.keys(keys).length > 0 && { [operator]: keys }) } };
}

/** Headers that describe a new object. An upload's parts, and the request that completes it, don't have them. */
export function isHeaderOfWrites(key: string): boolean {
  return /^s3:x-amz-(?:server-side-encryption|acl|storage-class)/i.test(key);
}

/** The comparison of an operator, without quantifier and IfExists. */
export function plainOperator(operator: string): string {
  return operator.replace(/^For(Any|All)Values?:/i, '').replace(/IfExists$/i, '');
}

/** True if an operator treats `*` and `?` in its values as wildcards. */
function takesWildcards(operator: string): boolean {
  return /Like$|^Arn/.test(plainOperator(operator));
}

function hasWildcard(value: string): boolean {
  return /[*?]/.test(value);
}

/** The correct values that a comparison lacks: all together, and each separately. */
export function lackedValues({ operator, values }: Comparison, right: readonly string[]) {
  return allAndEach(
    right.filter((value) => !values.includes(value) && (takesWildcards(operator) || !hasWildcard(value))),
  );
}

export function isSameKey(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

export function actionMatcher(statement: Readonly<Record<string, unknown>>): (action: string) => boolean {
  const { Action: action, NotAction: notAction } = statement;
  const patterns = valuesIn(notAction ?? action).map((pattern) => pattern.toLowerCase());
  const isNamed = (name: string) => patterns.some((pattern) => fits(pattern, name.toLowerCase()));
  return notAction === undefined ? isNamed : (name) => !isNamed(name);
}

export function titleOf(statement: Pick<PolicyStatement, 'Sid'>, index: number): string {
  return statement.Sid ?? `statement ${index + 1}`;
}

/** Sids are unique within a policy. IAM policies accept only letters and digits in them. */
export function freeSid(document: PolicyDocument, wanted: string): string {
  const taken = new Set(statementsOf(document).map(({ Sid }) => Sid));
  const base = wanted.replace(/[^A-Za-z0-9]/g, '');
  for (let nth = 1; ; nth++) {
    const sid = nth === 1 ? base : `${base}${nth}`;
    if (!taken.has(sid)) return sid;
  }
}

function allAndEach<T>(values: readonly T[]): readonly (readonly T[])[] {
  return [...(values.length > 1 ? [values] : []), ...values.map((value) => [value]).toReversed()];
}
