import { conditionHolds } from './conditions.ts';
import type { NamedPolicy, Statement } from './document.ts';
import { fits, patternHolds } from './pattern.ts';
import { type Naming, namingOf, type PrincipalRules, unknownIds } from './principals.ts';
import { assume, type Scope } from './request.ts';
import { and, any, not, type Truth } from './truth.ts';

/** The statement that denied, or the one closest to allowing. */
export interface StatementReference {
  readonly policy: string;
  readonly policyArn?: string;
  readonly sid?: string;
  readonly index: number;
}

export interface LayerRules extends PrincipalRules {
  /**
   * True for policies of resources and endpoints, which name principals. Identity policies apply to their own
   * principal.
   */
  readonly namesPrincipals: boolean;
}

/** Decides whether a statement applies to a request. Stops at the first part that doesn't match. */
export function statementHolds(statement: Statement, scope: Scope, rules: LayerRules): Truth {
  if (!isAboutAction(statement, scope)) return false;
  const named = isNamed(statement, scope, rules);
  if (named === false) return false;
  const onResource = resourceHolds(statement, scope);
  if (onResource === false) return false;
  let truth = and(named, onResource);
  // Continues after an unknown condition, to find every key that matters.
  for (const condition of statement.conditions) {
    truth = and(truth, conditionHolds(condition, scope));
    if (truth === false) return false;
  }
  return truth;
}

/** Actions are case-insensitive. */
export function isAboutAction({ action }: Statement, scope: Scope): boolean {
  return action?.values.some((one) => fits(one.toLowerCase(), scope.action)) === !action?.isExcept;
}

function isNamed({ principal, effect }: Statement, scope: Scope, rules: LayerRules): Truth {
  if (!rules.namesPrincipals) return principal === undefined;
  if (!principal) return false;
  if (namingOf(principal, effect, scope, rules)) return true;
  return any(unknownIds(principal, scope.request), ([id, key]) => assume(['principal', id], [key], scope));
}

/** How a statement names the caller. If its unknown ID may be the role's or account's, that counts as naming it. */
export function namingIn({ principal, effect }: Statement, scope: Scope, rules: LayerRules): Naming | undefined {
  if (!rules.namesPrincipals) return principal === undefined ? 'caller' : undefined;
  if (!principal) return undefined;
  const naming = namingOf(principal, effect, scope, rules);
  if (naming) return naming;
  const [id] = unknownIds(principal, scope.request);
  return id && (id[1].includes(':') ? 'role' : 'account');
}

export function resourceHolds({ resource, variables }: Statement, scope: Scope): Truth {
  // Trust policies have no Resource: they apply to their own role.
  if (resource === undefined) return true;
  const { request } = scope;
  const isListed = any(resource.values, (one) =>
    patternHolds(one, request.resource, variables, fits, 'resource', scope),
  );
  return resource.isExcept ? not(isListed) : isListed;
}

export function referenceTo({ name, arn }: NamedPolicy, { sid, index }: Statement): StatementReference {
  return { policy: name, ...(arn && { policyArn: arn }), ...(sid && { sid }), index };
}
