import { accountIn, nameOf } from '../../core/arn.ts';
import { type PolicyKind, policyProblems } from '../../policy/grammar.ts';
import type { CasePolicy, DecisionCase } from './decision-case.ts';
import type { CaseProblem } from './problems.ts';

/** What of a request can't be so together. */
export function caseContradictions({ request }: DecisionCase): readonly CaseProblem[] {
  const { principal, role, context = {}, unknown = [] } = request;
  const given = new Set(Object.keys(context).map((key) => key.toLowerCase()));
  const isOfRole =
    role === undefined ||
    !/:(?:assumed-role|role)\//.test(principal) ||
    (nameOf(role) === nameOf(principal) && accountIn(role) === accountIn(principal));
  return [
    ...(isOfRole
      ? []
      : [{ path: 'request.role', message: `is ${role}, and request.principal is of the role ${nameOf(principal)}` }]),
    ...unknown.flatMap((key, at) =>
      given.has(key.toLowerCase())
        ? [
            {
              path: `request.unknown[${at}]`,
              message: `is ${key}, which request.context has: a key is known or unknown`,
            },
          ]
        : [],
    ),
  ];
}

/** Why the service whose policy it is would not save a policy of a case: nobody could be in that situation. */
export function savingProblems({ policies, request }: DecisionCase): readonly CaseProblem[] {
  const { identity, serviceControl, resourceControl, permissionsBoundary, session, vpcEndpoint, resource } = policies;
  return [
    ...ofList('policies.identity', 'identity-policy', identity),
    ...ofList('policies.serviceControl', 'service-control-policy', serviceControl),
    ...ofList('policies.resourceControl', 'resource-control-policy', resourceControl),
    ...ofOne('policies.permissionsBoundary', 'permissions-boundary', permissionsBoundary),
    ...ofOne('policies.session', 'session-policy', session),
    ...ofOne('policies.vpcEndpoint', 'vpc-endpoint-policy', vpcEndpoint),
    ...ofOne('policies.resource', kindOf(request.action), resource),
    // Which actions a kind of policy may speak of makes no difference to what it says about this one.
  ].filter(({ path }) => !isAboutActions(path));
}

function kindOf(action: string): PolicyKind {
  if (/^kms:/i.test(action)) return 'key-policy';
  return /^sts:/i.test(action) ? 'role-trust-policy' : 'bucket-policy';
}

function isAboutActions(path: string): boolean {
  return /\.(?:Not)?Action(?:\[\d+\])?$/.test(path);
}

function ofList(path: string, kind: PolicyKind, policies: readonly CasePolicy[] = []): readonly CaseProblem[] {
  return policies.flatMap((policy, at) => ofOne(`${path}[${at}]`, kind, policy));
}

function ofOne(path: string, kind: PolicyKind, policy: CasePolicy | undefined): readonly CaseProblem[] {
  if (policy === undefined) return [];
  const document = 'document' in policy ? policy.document : policy;
  const inside = 'document' in policy ? `${path}.document` : path;
  return policyProblems(kind, document).map((problem) => ({
    path: problem.path === '' ? inside : `${inside}.${problem.path.replace('#', '')}`,
    message: problem.message.replace(/\.$/, ''),
  }));
}
