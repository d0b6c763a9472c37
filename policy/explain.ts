import { type Condition, conditionHolds } from './conditions.ts';
import { type Exceptable, type NamedPolicy, type Statement, statementsIn } from './document.ts';
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
  readonly several?: readonly string[];
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
      // Of two that are as far, the one that names the caller rather than its account.
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

/** Everything of a service, for people of the resource's own account. */
function isOfAdministrator({ action, principal }: Statement, { request, account }: Scope): boolean {
  const isBroad = action?.isExcept || action?.values.some((one) => /^(?:[a-z0-9-]+:)?\*$/.test(one));
  return (
    isBroad === true &&
    principal?.isExcept === false &&
    principal.values.every(({ value }) => value.includes(request.resourceAccount)) &&
    account !== request.resourceAccount
  );
}

const distances: Partial<Record<Mismatch['element'], number>> = {
  Action: 4,
  NotAction: 4,
  Principal: 5,
  NotPrincipal: 5,
};

/** What the conditions of a statement ask for, each with what the request has. */
export function conditionsOf({ conditions }: Statement, scope: Scope): readonly Mismatch[] {
  return conditions.map((condition) => onCondition(condition, scope));
}

function mismatchesOf(statement: Statement, naming: Naming | undefined, scope: Scope): readonly Mismatch[] {
  const { action, principal, resource, variables, conditions } = statement;
  const { request } = scope;
  return [
    isAboutAction(statement, scope) ? [] : [onElement('Action', action, request.action, String)],
    naming ? [] : [onElement('Principal', principal, request.role ?? request.principal, ({ value }) => value)],
    resourceHolds(statement, scope) === true
      ? []
      : [onElement('Resource', resource, request.resource, (one) => shownPattern(one, variables, scope))],
    conditions
      .filter((condition) => conditionHolds(condition, scope) !== true)
      .map((condition) => onCondition(condition, scope)),
  ].flat();
}

function onElement<T>(
  element: 'Action' | 'Principal' | 'Resource',
  written: Exceptable<T> | undefined,
  actual: string,
  shown: (value: T) => string,
): Mismatch {
  return { element: written?.isExcept ? `Not${element}` : element, wanted: written?.values.map(shown) ?? [], actual };
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
