import { nameOf, sessionArn } from '../../core/arn.ts';
import { defined } from '../../core/values.ts';
import {
  clauseOn,
  type Decision,
  decide,
  type Mismatch,
  type NamedPolicy,
  type Policies,
  type PolicyDocument,
} from '../../policy/index.ts';
import { policyKinds } from '../../policy/policy-kinds.ts';
import type { CasePolicy, DecisionCase } from './decision-case.ts';
import type { ReadCase } from './read-cases.ts';

export interface SimulatedCase {
  readonly id: string;
  readonly name?: string | undefined;
  readonly request: DecisionCase['request'];
  readonly settings: DecisionCase['settings'];
  readonly decision: Decision;
  readonly expected?: Decision['outcome'] | undefined;
}

export function simulateCase(id: string, { name, request, policies, settings, expect }: DecisionCase): SimulatedCase {
  const unknown = new Map(request.unknown?.map((key) => [key.toLowerCase(), key]));
  const context = Object.fromEntries(
    Object.entries(request.context ?? {}).map(([key, value]) => [
      key,
      Array.isArray(value) ? value.map(String) : String(value),
    ]),
  );
  const said = (key: string) => Object.entries(context).find(([name]) => name.toLowerCase() === key)?.[1];
  const { userId = textOf(said('aws:userid')), action, resource, resourceAccount } = request;
  const isRole = request.principal.includes(':role/');
  const principal = isRole ? sessionArn(request.principal, 'session') : request.principal;
  const role = isRole ? request.principal : (request.role ?? roleIn(textOf(said('aws:principalarn')), principal));
  const decision = decide(
    {
      principal,
      ...defined({ role, userId }),
      action,
      resource,
      resourceAccount,
      context,
      isUnknown: (key) => unknown.has(key),
    },
    policiesOf(policies),
    defined(settings ?? {}),
  );
  // Spells keys as the case does.
  const asGiven = decision.unknown.map((key) => unknown.get(key.toLowerCase()) ?? key);
  const { outcome, refusals, blamed, allowing, trustsAccount } = decision;
  const told: Decision = { outcome, refusals, blamed, allowing, trustsAccount, unknown: asGiven };
  return { id, name, request, settings, decision: told, expected: expect };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The role of a session, if the request's context names it. */
function roleIn(arn: string | undefined, principal: string): string | undefined {
  const isOfSession =
    principal.includes(':assumed-role/') && arn?.includes(':role/') && nameOf(arn) === nameOf(principal);
  return isOfSession ? arn : undefined;
}

function policiesOf({ grants, ...given }: DecisionCase['policies']): Policies {
  const policies = Object.entries(policyKinds).map(
    ([
      kind,
      {
        given: [name, form],
      },
    ]) => {
      const policy = given[name];
      if (form === 'list')
        return [name, namedAll(kind.replaceAll('-', ' '), policy as readonly CasePolicy[] | undefined)];
      return [name, policy && form === 'named' ? named('', policy as CasePolicy) : policy];
    },
  );
  return defined({ ...Object.fromEntries(policies), grants: grants as Policies['grants'] });
}

function namedAll(kind: string, policies: readonly CasePolicy[] = []): readonly NamedPolicy[] {
  return policies.map((policy, at) => named(policies.length === 1 ? '' : `${kind} ${at + 1}`, policy));
}

function named(name: string, policy: CasePolicy): NamedPolicy {
  if (!('document' in policy)) return { name, document: policy };
  const document: PolicyDocument = policy.document;
  return { name: policy.name, ...(policy.arn !== undefined && { arn: policy.arn }), document };
}

/** Describes each part of a statement that doesn't match the request or, for a Deny, does. */
export function clausesOn(mismatches: readonly Mismatch[]): string {
  return mismatches.map(clauseOn).join('; and ');
}

/** The output of `--json` for a case. */
export function jsonOf(read: ReadCase, simulated: SimulatedCase | undefined): object {
  if (!simulated) return { id: read.id, problems: read.kind === 'invalid' ? read.problems : [] };
  const { outcome, refusals, unknown } = simulated.decision;
  // If something certainly denies, a possible denial decides nothing.
  const decisive = refusals.filter(({ hangsOn }) => outcome === 'unknown' || hangsOn === undefined);
  return {
    id: read.id,
    decision: outcome,
    refusals: decisive.map(({ layer, effect, statement, why, mismatches = [], conditions = [] }) => ({
      layer,
      effect,
      // A policy without a name is named by its type.
      ...(statement && { statement: { ...statement, policy: statement.policy || layer } }),
      why: [why, clausesOn([...mismatches, ...conditions])].filter((part) => part !== '').join(': '),
    })),
    unknown,
  };
}
