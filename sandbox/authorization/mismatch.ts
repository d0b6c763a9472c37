import type { RequestAnalysis } from '@cloud-copilot/iam-simulate';

/** A statement as the evaluator analysed it. */
export type AnalysedStatement = NonNullable<RequestAnalysis['identityAnalysis']>['unmatchedStatements'][number];

/**
 * The Allow statement that failed on the fewest counts. People mend a statement that nearly fits rather than one that
 * is about something else; a statement for another action is never offered as close.
 */
export function closestStatement(unmatched: readonly AnalysedStatement[]): AnalysedStatement | undefined {
  return unmatched
    .filter(({ statement, actionMatch }) => statement.isAllow() && actionMatch)
    .map((found) => ({ found, misses: misses(found).length }))
    .sort((a, b) => a.misses - b.misses)[0]?.found;
}

/** One sentence on each part of a statement that does not match the request. */
export function whyNoMatch(found: AnalysedStatement): string {
  return misses(found).join('; ');
}

function misses(found: AnalysedStatement): string[] {
  return [
    found.actionMatch ? [] : ['its Action does not cover the request'],
    found.principalMatch === 'NoMatch' ? [`its Principal is ${listed(found.explain.principals, 'principal')}`] : [],
    found.resourceMatch ? [] : [`its Resource is ${listed(found.explain.resources, 'resource')}`],
    found.conditionMatch === 'Match' ? [] : failedConditions(found),
  ].flat();
}

function failedConditions(found: AnalysedStatement): string[] {
  const failed = (found.explain.conditions ?? []).filter(({ matches }) => !matches);
  return failed.map((condition) => {
    const wanted = many(condition.values).map(({ resolvedValue, value }) => resolvedValue ?? value);
    const actual = condition.failedBecauseMissing
      ? 'the request does not carry it'
      : condition.resolvedConditionKeyValue === undefined
        ? 'the request has another value'
        : `the request has ${condition.resolvedConditionKeyValue}`;
    return `its condition ${condition.operator} ${condition.conditionKeyValue} wants ${wanted.join(' or ')}, and ${actual}`;
  });
}

function listed<K extends string>(values: undefined | Record<K, string> | Record<K, string>[], key: K): string {
  const found = many(values).map((value) => value[key]);
  return found.length > 0 ? found.join(', ') : 'another';
}

function many<T>(value: T | T[] | undefined): T[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}
