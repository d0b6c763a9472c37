import { conditionHolds, isParts } from './conditions.ts';
import type { NamedPolicy, Statement } from './document.ts';
import { matches, type Pattern, resolvePattern } from './pattern.ts';
import { type Naming, namingOf, type PrincipalRules, unknownIds } from './principals.ts';
import { assume, type Request, type Scope } from './request.ts';
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

/** Each part of a statement, held against a request. */
export interface Match {
  readonly policy: NamedPolicy;
  readonly statement: Statement;
  readonly action: boolean;
  readonly resource: Truth;
  /** Absent where the statement does not name the caller. */
  readonly naming?: Naming;
  readonly all: Truth;
}

export function matchOf(policy: NamedPolicy, statement: Statement, scope: Scope, rules: LayerRules): Match {
  const { request } = scope;
  const { action, resource, conditions } = statement;
  const naming = namingIn(statement, request, rules);
  const maybeIds = naming === undefined && statement.principal ? unknownIds(statement.principal, request) : [];
  const isAction =
    action !== undefined && isAmong(action.values, request.action.toLowerCase(), scope) !== action.isExcept;
  const isNamed: Truth = naming !== undefined || (isAction && or(...maybeIds.map((id) => assumedId(id, scope))));
  const onResource = resourceHolds(resource, scope);
  // Conditions count only where nothing else says no.
  const matchesSoFar = isAction && isNamed !== false && onResource !== false;
  return {
    policy,
    statement,
    action: isAction,
    resource: onResource,
    ...(naming && { naming }),
    ...(isNamed !== false && !naming && { naming: 'role' }),
    all: matchesSoFar && allHold(and(isNamed, onResource), conditions, scope),
  };
}

/** Each condition is asked also after one of them is unknown, so that every key that it hangs on is known. */
function allHold(sofar: Truth, conditions: Statement['conditions'], scope: Scope): Truth {
  let truth = sofar;
  for (const condition of conditions) truth = and(truth, conditionHolds(condition, scope));
  return truth;
}

function namingIn({ principal, effect }: Statement, request: Request, rules: LayerRules): Naming | undefined {
  if (rules.namesPrincipals) return principal && namingOf(principal, effect, request, rules);
  return principal === undefined ? 'caller' : undefined;
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
    const resolved = resolvePattern(pattern, scope);
    if (resolved === 'no-value') continue;
    if (!isParts(resolved)) truth = or(truth, assume(['resource', pattern.source, text], resolved, scope));
    else if (matches(resolved, text)) return true;
  }
  return truth;
}

export function referenceTo({ policy: { name, arn }, statement: { sid, index } }: Match): StatementReference {
  return { policy: name, ...(arn && { policyArn: arn }), ...(sid && { sid }), index };
}
