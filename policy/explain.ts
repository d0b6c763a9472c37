import { type Condition, conditionHolds } from './conditions.ts';
import { type NamedPolicy, type Statement, statementsIn } from './document.ts';
import {
  isAboutAction,
  type LayerRules,
  namingIn,
  referenceTo,
  resourceHolds,
  type StatementReference,
} from './match.ts';
import { shownPattern } from './pattern.ts';
import type { Naming } from './principals.ts';
import { isUnknown, type Scope } from './request.ts';

/** An element of a statement that keeps it from matching a request or, for a Deny, that matches. */
export interface Mismatch {
  readonly element: 'Action' | 'NotAction' | 'Principal' | 'NotPrincipal' | 'Resource' | 'NotResource' | 'Condition';
  /** For a condition: its operator and key as written in the policy. */
  readonly operator?: string;
  readonly key?: string;
  /** The policy's values, with policy variables resolved. */
  readonly wanted: readonly string[];
  /** The request's value; absent if it has none or several. */
  readonly actual?: string;
  readonly several?: readonly string[];
  /** Set for a condition key that the request does not have. */
  readonly missing?: true;
  /** Set for a condition key whose value in the request is unknown. */
  readonly unknown?: true;
}

export interface ClosestStatement {
  readonly statement: StatementReference;
  readonly mismatches: readonly Mismatch[];
}

/**
 * The Allow statement that is closest to matching. People fix a statement that almost fits, not an unrelated one. A
 * statement for another action is close only if nothing else is wrong with it, one for someone else only if there is
 * nothing closer, and one for an administrator never, because a vendor doesn't belong there.
 */
export function closestOf(
  policies: readonly NamedPolicy[],
  scope: Scope,
  rules: LayerRules,
): ClosestStatement | undefined {
  let closest: ClosestStatement | undefined;
  let nearest = Number.POSITIVE_INFINITY;
  for (const policy of policies) {
    for (const statement of statementsIn(policy.document)) {
      if (statement.effect === 'Deny') continue;
      const naming = namingIn(statement, scope, rules);
      if (naming === undefined && isOfAdministrator(statement, scope)) continue;
      const mismatches = mismatchesOf(statement, naming, scope);
      const isOfOtherAction = mismatches.some(({ element }) => element === 'Action' || element === 'NotAction');
      // If two are equally close, prefer the one that names the caller over the one that names its account.
      const distance = mismatches.reduce(
        (sum, { element }) => sum + (distances[element] ?? 1),
        naming === 'account' ? 0.5 : 0,
      );
      if (distance >= nearest || (isOfOtherAction && mismatches.length > 1)) continue;
      nearest = distance;
      closest = { statement: referenceTo(policy, statement), mismatches };
    }
  }
  return closest;
}

/** True if it allows everything of a service to principals in the resource's own account. */
function isOfAdministrator({ action, principal }: Statement, { request, account }: Scope): boolean {
  const isBroad = action?.isExcept || action?.values.some((one) => /^(?:[a-z0-9-]+:)?\*$/.test(one));
  return (
    isBroad === true &&
    principal?.isExcept === false &&
    principal.values.every(({ value }) => value.includes(request.resourceAccount)) &&
    account !== request.resourceAccount
  );
}

const distances: Partial<Record<string, number>> = { Action: 4, NotAction: 4, Principal: 5, NotPrincipal: 5 };

/** The conditions of a matching Deny, and its exceptions, each with the request's value. */
export function conditionsOf(statement: Statement, scope: Scope): readonly Mismatch[] {
  const exceptions = elementsOf(statement, scope).filter(({ element }) => element.startsWith('Not'));
  return [...exceptions, ...statement.conditions.map((condition) => onCondition(condition, scope))];
}

function elementsOf({ action, principal, resource, variables }: Statement, scope: Scope) {
  const { request } = scope;
  const caller = principal?.isExcept ? request.principal : (request.role ?? request.principal);
  const named = principal?.values.map(({ value }) => value);
  const shown = (one: string) => shownPattern(one, variables, scope);
  const on = (element: 'Action' | 'Principal' | 'Resource', is = false, wanted: readonly string[] = [], actual = '') =>
    ({ element: is ? `Not${element}` : element, wanted, actual }) satisfies Mismatch;
  return [
    on('Action', action?.isExcept, action?.values, request.action),
    on('Principal', principal?.isExcept, named, caller),
    on('Resource', resource?.isExcept, resource?.values.map(shown), request.resource),
  ] as const;
}

function mismatchesOf(statement: Statement, naming: Naming | undefined, scope: Scope): readonly Mismatch[] {
  const [action, principal, resource] = elementsOf(statement, scope);
  return [
    isAboutAction(statement, scope) ? [] : [action],
    naming ? [] : [principal],
    resourceHolds(statement, scope) === true ? [] : [resource],
    statement.conditions
      .filter((condition) => conditionHolds(condition, scope) !== true)
      .map((condition) => onCondition(condition, scope)),
  ].flat();
}

function onCondition(condition: Condition, scope: Scope): Mismatch {
  const { operator, key, values, variables, means } = condition;
  const actual = scope.valueOf(key);
  return {
    element: 'Condition',
    operator,
    key,
    wanted: means.text ? values.map((one) => shownPattern(one, variables, scope)) : values,
    ...(actual === undefined && { missing: true }),
    ...(isUnknown(actual)
      ? { unknown: true }
      : typeof actual === 'string'
        ? { actual }
        : actual && { several: actual }),
  };
}

/** `its Resource is …; the request has …` */
export function clauseOn({ element, operator, key, wanted, actual, several, unknown }: Mismatch): string {
  const part = operator === undefined ? `${element} is` : `condition is ${operator} ${key}`;
  const has = unknown
    ? "the request's value is unknown"
    : `the request has ${actual ?? (several?.join(', ') || 'none')}`;
  return `its ${part} ${wanted.join(' or ') || 'empty'}; ${has}`;
}
