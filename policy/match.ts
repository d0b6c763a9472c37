import { conditionHolds, isParts } from './conditions.ts';
import type { NamedPolicy, Statement } from './document.ts';
import { fits, matches, type Pattern, resolvePattern } from './pattern.ts';
import { type Naming, namingOf, type PrincipalRules, unknownIds } from './principals.ts';
import { assume, type Scope } from './request.ts';
import { and, not, or, type Truth } from './truth.ts';

/** The statement that refused, or the one closest to allowing. */
export interface StatementReference {
  readonly policy: string;
  readonly policyArn?: string;
  readonly sid?: string;
  readonly index: number;
}

export interface LayerRules extends PrincipalRules {
  /** Policies of resources and endpoints name who is meant; those of identities are about whom they are attached to. */
  readonly namesPrincipals: boolean;
}

/** Each part of a statement that does not match, held against a request: to explain it. */
export interface Match {
  readonly policy: NamedPolicy;
  readonly statement: Statement;
  readonly action: boolean;
  readonly resource: Truth;
  /** Absent where the statement does not name the caller. */
  readonly naming?: Naming;
}

/** Whether a statement is about a request. Each part is asked only where those before it don't already say no. */
export function statementHolds(statement: Statement, scope: Scope, rules: LayerRules): Truth {
  if (!isAboutAction(statement, scope)) return false;
  const named = isNamed(statement, scope, rules);
  if (named === false) return false;
  const onResource = resourceHolds(statement.resource, scope);
  return onResource !== false && allHold(and(named, onResource), statement.conditions, scope);
}

export function matchOf(policy: NamedPolicy, statement: Statement, scope: Scope, rules: LayerRules): Match {
  const naming = namingIn(statement, scope, rules);
  return {
    policy,
    statement,
    action: isAboutAction(statement, scope),
    resource: resourceHolds(statement.resource, scope),
    ...(naming && { naming }),
  };
}

function isAboutAction({ action }: Statement, scope: Scope): boolean {
  return action !== undefined && isAmong(action.values, scope.action, scope) !== action.isExcept;
}

function isNamed(statement: Statement, scope: Scope, rules: LayerRules): Truth {
  if (!rules.namesPrincipals) return statement.principal === undefined;
  if (!statement.principal) return false;
  if (namingOf(statement.principal, statement.effect, scope.request, rules)) return true;
  return or(...unknownIds(statement.principal, scope.request).map((id) => assumedId(id, scope)));
}

/** How a statement names the caller; one that may name its role by an unknown id counts as doing so. */
export function namingIn(statement: Statement, scope: Scope, rules: LayerRules): Naming | undefined {
  const { principal, effect } = statement;
  if (!rules.namesPrincipals) return principal === undefined ? 'caller' : undefined;
  if (!principal) return undefined;
  const naming = namingOf(principal, effect, scope.request, rules);
  return naming ?? (unknownIds(principal, scope.request).length > 0 ? 'role' : undefined);
}

/** Each condition is asked also after one of them is unknown, so that every key that it hangs on is known. */
function allHold(sofar: Truth, conditions: Statement['conditions'], scope: Scope): Truth {
  let truth = sofar;
  for (const condition of conditions) truth = and(truth, conditionHolds(condition, scope));
  return truth;
}

function assumedId(id: string, scope: Scope): Truth {
  return assume(['principal', id], ['aws:userid'], scope);
}

function resourceHolds(resource: Statement['resource'], scope: Scope): Truth {
  // Trust policies have no Resource: they are about the role that they belong to.
  if (resource === undefined) return true;
  const isListed = isAmong(resource.values, scope.request.resource, scope);
  return resource.isExcept ? not(isListed) : isListed;
}

/** A pattern whose variable has no value matches nothing. */
function isAmong(patterns: readonly Pattern[], text: string, scope: Scope): Truth {
  let truth: Truth = false;
  for (const pattern of patterns) {
    if (pattern.runs) {
      if (fits(pattern.runs, text)) return true;
      continue;
    }
    const resolved = resolvePattern(pattern, scope);
    if (resolved === 'no-value') continue;
    if (!isParts(resolved)) truth = or(truth, assume(['resource', pattern.source, text], resolved, scope));
    else if (matches(resolved, text)) return true;
  }
  return truth;
}

export function referenceTo({ name, arn }: NamedPolicy, { sid, index }: Statement): StatementReference {
  return { policy: name, ...(arn && { policyArn: arn }), ...(sid && { sid }), index };
}
