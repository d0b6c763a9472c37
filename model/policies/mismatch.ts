import type { RequestAnalysis } from '@cloud-copilot/iam-simulate';

/** A statement as the evaluator analysed it. */
export type AnalysedStatement = NonNullable<RequestAnalysis['identityAnalysis']>['unmatchedStatements'][number];

/** One element of a statement that keeps it from matching a request. */
export interface Mismatch {
  readonly element: 'Action' | 'NotAction' | 'Principal' | 'NotPrincipal' | 'Resource' | 'NotResource' | 'Condition';
  /** Of a condition: its operator and key as the policy writes them. */
  readonly operator?: string;
  readonly key?: string;
  /** What the policy says there, policy variables resolved. */
  readonly wanted: readonly string[];
  /** What the request has; absent where it has nothing of the kind, or several values. */
  readonly actual?: string;
  /** Set for a condition key that the request does not carry. */
  readonly missing?: true;
}

/**
 * The Allow statement that is least far from matching. People mend a statement that nearly fits rather than one that is
 * about something else: one for another action is close only if that is all that is wrong with it, and one for somebody
 * else only if there is nothing closer.
 */
export function closestStatement(unmatched: readonly AnalysedStatement[]): AnalysedStatement | undefined {
  return unmatched
    .filter(({ statement }) => statement.isAllow())
    .map((found) => ({ found, mismatches: mismatchesOf(found) }))
    .filter(({ found, mismatches }) => found.actionMatch || mismatches.length === 1)
    .map(({ found, mismatches }) => ({ found, distance: distanceOf(mismatches) }))
    .sort((a, b) => a.distance - b.distance)[0]?.found;
}

const distances: Partial<Record<Mismatch['element'], number>> = {
  Action: 4,
  NotAction: 4,
  Principal: 5,
  NotPrincipal: 5,
};

function distanceOf(mismatches: readonly Mismatch[]): number {
  return mismatches.reduce((sum, { element }) => sum + (distances[element] ?? 1), 0);
}

/** What the conditions of a statement that matches ask for, each with what the request has. */
export function conditionsMet({ explain }: AnalysedStatement): readonly Mismatch[] {
  return (explain.conditions ?? []).map(asMismatch);
}

/** One sentence on each part of a statement that does not match the request. */
export function whyNoMatch(mismatches: readonly Mismatch[]): string {
  return mismatches.map(sentenceOn).join('; ');
}

function sentenceOn({ element, operator, key, wanted, actual, missing }: Mismatch): string {
  if (element !== 'Condition') return `its ${element} is ${wanted.join(', ') || 'another'}`;
  const has = missing
    ? 'the request does not carry it'
    : actual === undefined
      ? 'the request has another value'
      : `the request has ${actual}`;
  return `its condition ${operator} ${key} wants ${wanted.join(' or ')}, and ${has}`;
}

export function mismatchesOf({
  actionMatch,
  principalMatch,
  resourceMatch,
  conditionMatch,
  explain,
}: AnalysedStatement): readonly Mismatch[] {
  const { actions, notActions, principals, notPrincipals, resources, notResources } = explain;
  return [
    actionMatch ? [] : [onElement('Action', actions, notActions, 'action')],
    principalMatch === 'NoMatch' ? [onElement('Principal', principals, notPrincipals, 'principal')] : [],
    resourceMatch ? [] : [onElement('Resource', resources, notResources, 'resource')],
    conditionMatch === 'Match' ? [] : (explain.conditions ?? []).filter(({ matches }) => !matches).map(asMismatch),
  ].flat();
}

type ConditionExplained = NonNullable<AnalysedStatement['explain']['conditions']>[number];

function asMismatch(condition: ConditionExplained): Mismatch {
  const { operator, conditionKeyValue, values, resolvedConditionKeyValue } = condition;
  const isMissing = condition.failedBecauseMissing || condition.matchedBecauseMissing;
  return {
    element: 'Condition',
    operator,
    key: conditionKeyValue,
    wanted: many(values).map(({ resolvedValue, value }) => resolvedValue ?? value),
    ...(isMissing && { missing: true }),
    ...(resolvedConditionKeyValue !== undefined && { actual: resolvedConditionKeyValue }),
  };
}

function onElement<E extends 'Action' | 'Principal' | 'Resource', K extends string>(
  element: E,
  values: undefined | Record<K, string> | Record<K, string>[],
  exceptions: undefined | Record<K, string> | Record<K, string>[],
  name: K,
): Mismatch {
  const isException = values === undefined && exceptions !== undefined;
  const wanted = many(isException ? exceptions : values).map((value) => value[name]);
  return { element: isException ? `Not${element}` : element, wanted };
}

function many<T>(value: T | T[] | undefined): T[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}
