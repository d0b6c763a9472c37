import { type Condition, conditionHolds, isParts } from './conditions.ts';
import type { Exceptable, Statement } from './document.ts';
import { type Match, referenceTo, type StatementReference } from './match.ts';
import { type Pattern, plainText, resolvePattern } from './pattern.ts';
import { accountOf } from './principals.ts';
import { isUnknown, type Scope } from './request.ts';

/** One element of a statement that keeps it from matching a request, or that a Deny is met by. */
export interface Mismatch {
  readonly element: 'Action' | 'NotAction' | 'Principal' | 'NotPrincipal' | 'Resource' | 'NotResource' | 'Condition';
  /** Of a condition: its operator and key as the policy writes them. */
  readonly operator?: string;
  readonly key?: string;
  /** What the policy says there, policy variables resolved. */
  readonly wanted: readonly string[];
  /** What the request has; absent where it has nothing of the kind, or several values. */
  readonly actual?: string;
  /** Set for a condition key that the request does not have. */
  readonly missing?: true;
  /** Set for a condition key of which nobody knows what the request has. */
  readonly unknown?: true;
}

export interface ClosestStatement {
  readonly statement: StatementReference;
  readonly mismatches: readonly Mismatch[];
}

/**
 * The Allow statement that is least far from matching. People mend a statement that nearly fits rather than one that is
 * about something else: one for another action is close only if that is all that is wrong with it; one for somebody else
 * only if there is nothing closer; and one for an administrator never, for it is no place to add a vendor.
 */
export function closestOf(found: readonly Match[], scope: Scope): ClosestStatement | undefined {
  const candidates = found
    .filter(({ statement }) => statement.effect === 'Allow')
    .map((match) => ({ match, mismatches: mismatchesOf(match, scope) }))
    .filter(({ match, mismatches }) => match.action || mismatches.length === 1)
    .filter(({ match }) => match.naming !== undefined || !isOfAdministrator(match, scope))
    .map((one) => ({ ...one, distance: distanceOf(one.match, one.mismatches) }))
    .sort((a, b) => a.distance - b.distance);
  const [first] = candidates;
  return first && { statement: referenceTo(first.match.policy, first.match.statement), mismatches: first.mismatches };
}

/** Everything of a service, for people of the resource's own account. */
function isOfAdministrator({ statement: { action, principal } }: Match, { request }: Scope): boolean {
  const isBroad = action?.isExcept || action?.values.some(({ source }) => /^(?:[a-z0-9-]+:)?\*$/.test(source));
  return (
    isBroad === true &&
    principal?.isExcept === false &&
    principal.values.every(({ value }) => value.includes(request.resourceAccount)) &&
    accountOf(request.principal) !== request.resourceAccount
  );
}

const distances: Partial<Record<Mismatch['element'], number>> = {
  Action: 4,
  NotAction: 4,
  Principal: 5,
  NotPrincipal: 5,
};

function distanceOf({ naming }: Match, mismatches: readonly Mismatch[]): number {
  // Of two that are as far, the one that names the caller rather than its account.
  const byAccount = naming === 'account' ? 0.5 : 0;
  return mismatches.reduce((sum, { element }) => sum + (distances[element] ?? 1), byAccount);
}

/** What the conditions of a statement ask for, each with what the request has. */
export function conditionsOf({ conditions }: Statement, scope: Scope): readonly Mismatch[] {
  return conditions.map((condition) => onCondition(condition, scope));
}

function mismatchesOf({ statement, action, naming, resource }: Match, scope: Scope): readonly Mismatch[] {
  const { request } = scope;
  const quiet = { ...scope, hangsOn: new Map() };
  const principals = statement.principal && {
    ...statement.principal,
    values: statement.principal.values.map(({ value }) => value),
  };
  return [
    action ? [] : [onElement('Action', sourcesOf(statement.action), request.action)],
    naming === undefined ? [onElement('Principal', principals, request.role ?? request.principal)] : [],
    resource === true ? [] : [onElement('Resource', resolvedOf(statement.resource, quiet), request.resource)],
    statement.conditions
      .filter((condition) => conditionHolds(condition, quiet) !== true)
      .map((condition) => onCondition(condition, quiet)),
  ].flat();
}

function sourcesOf(element: Exceptable<Pattern> | undefined): Exceptable<string> | undefined {
  return element && { ...element, values: element.values.map(({ source }) => source) };
}

function resolvedOf(element: Exceptable<Pattern> | undefined, scope: Scope): Exceptable<string> | undefined {
  return element && { ...element, values: element.values.map((pattern) => shown(pattern, scope)) };
}

function shown(pattern: Pattern, scope: Scope): string {
  const resolved = resolvePattern(pattern, scope);
  return resolved !== 'no-value' && isParts(resolved) ? plainText(resolved) : pattern.source;
}

function onElement(
  element: 'Action' | 'Principal' | 'Resource',
  written: Exceptable<string> | undefined,
  actual: string,
): Mismatch {
  return { element: written?.isExcept ? `Not${element}` : element, wanted: written?.values ?? [], actual };
}

function onCondition(condition: Condition, scope: Scope): Mismatch {
  const { operator, key, values, patterns } = condition;
  const actual = scope.valueOf(key);
  return {
    element: 'Condition',
    operator,
    key,
    wanted: patterns.length > 0 ? patterns.map((pattern) => shown(pattern, scope)) : values,
    ...(actual === undefined && { missing: true }),
    ...(isUnknown(actual) && { unknown: true }),
    ...(typeof actual === 'string' && { actual }),
  };
}

/** One sentence on each part of a statement that does not match the request. */
export function whyNoMatch(mismatches: readonly Mismatch[]): string {
  return mismatches.map(sentenceOn).join('; ');
}

function sentenceOn({ element, operator, key, wanted, actual, missing, unknown }: Mismatch): string {
  const values = wanted.join(' or ');
  if (element !== 'Condition') return `its ${element} is ${values || 'empty'}`;
  if (unknown) return `its condition ${operator} ${key} wants ${values}, and nobody knows what the request has`;
  const has = missing
    ? 'the request has none'
    : actual === undefined
      ? 'the request has other values'
      : `the request has ${actual}`;
  return `its condition ${operator} ${key} wants ${values}, and ${has}`;
}
