import { arnPattern, partitionIn } from '../../core/arn.ts';
import type { Policy, PolicyDocument, Role, World } from '../../model/world/world.ts';
import { policyErrors } from '../../policy/grammar.ts';
import { checkConstraints } from '../wire/constraints.ts';
import { AwsError, type SandboxRequest, type SandboxResponse } from '../wire/operation.ts';
import { notImplemented } from '../wire/protocol.ts';
import { QueryInput, queryResponse, type XmlValue } from '../wire/query.ts';
import { authorizeIam, iamPage, isManaged, noSuchRole } from './access.ts';
import { statementPosition } from './policy-text.ts';
import {
  missingContextKeys,
  mostRestrictive,
  resourceFormat,
  type SimulatedDecision,
  type SimulatedPrincipal,
  type SourcedPolicy,
  simulateAction,
} from './simulation.ts';

/**
 * Simulates a role of the caller's account. Returns one result per action, with the most restrictive decision among its
 * resources.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
 */
export function simulatePrincipalPolicy(world: World, request: SandboxRequest): SandboxResponse {
  const input = QueryInput.of(request);
  const actions = input.strings('ActionNames');
  const role = simulatedRole(world, request, input);
  refuseLeftOut(input);
  if (actions.length === 0) {
    const rule = "Value null at 'actionNames' failed to satisfy constraint: Member must not be null";
    throw new AwsError('ValidationError', 400, `1 validation error detected: ${rule}`);
  }

  const principal = principalOf(world, role, input);
  const owner = resourceOwner(input) ?? role.accountId;
  const asked = input.strings('ResourceArns');
  const resources = asked.length > 0 ? asked : ['*'];
  const missing = missingContextKeys(principal);
  const { items, rest } = iamPage(input, actions);
  const results: XmlValue[] = [];
  for (const action of items) {
    const each = resources.map((resource) => simulateAction(principal, action, resource, owner));
    results.push(evaluationResult(principal.arn, action, each, missing));
  }
  return queryResponse('iam', 'SimulatePrincipalPolicy', request, { EvaluationResults: results, ...rest });
}

const roleArns = arnPattern(/iam::(?<account>\d{12}):role\/(?:.*\/)?(?<name>[^/]+)/);

function simulatedRole(world: World, request: SandboxRequest, input: QueryInput): Role {
  const arn = input.string('PolicySourceArn');
  checkConstraints('ValidationError', {
    policySourceArn: [arn, { required: true, minLength: 20, maxLength: 2048 }],
  });
  const roleArn = roleArns.exec(arn ?? '')?.groups;
  if (!arn || !roleArn) {
    throw new AwsError('InvalidInput', 400, `Invalid Entity Arn: ${arn} does not clearly define entity type and name.`);
  }
  const { accountId } = request.caller;
  if (roleArn['account'] !== accountId) {
    throw new AwsError(
      'InvalidInput',
      400,
      `Invalid Policy Source Arn: caller's account ${accountId} does not have access to policies in account ${roleArn['account']}`,
    );
  }
  authorizeIam(world, request, { action: 'SimulatePrincipalPolicy', resource: arn });
  const role = world.roles.get(arn);
  if (!role) throw noSuchRole(roleArn['name'] ?? '');
  return role;
}

const leftOut = ['CallerArn', 'PolicyExclusionList', 'ResourceHandlingOption'];

function refuseLeftOut(input: QueryInput): void {
  if (input.has('ResourcePolicy')) {
    throw new AwsError('InvalidInput', 400, "Simulation of resource-based policies isn't supported for IAM roles.");
  }
  const left = leftOut.find((parameter) => input.has(parameter));
  if (left) throw notImplemented(`the parameter ${left} of SimulatePrincipalPolicy`);
}

function principalOf(world: World, role: Role, input: QueryInput): SimulatedPrincipal {
  const account = world.accounts.get(role.accountId);
  const [boundary = role.permissionsBoundary] = givenPolicies(input, 'PermissionsBoundaryPolicyInputList');
  return {
    arn: role.arn,
    accountId: role.accountId,
    identityPolicies: [
      ...role.policies.map((policy) => ({ ...policy, sourceId: sourceId(role, policy) })),
      ...givenPolicies(input, 'PolicyInputList').map((policy) => ({ ...policy, sourceId: policy.name })),
    ],
    ...(boundary && { permissionsBoundary: boundary }),
    ...(account?.organizationId && { serviceControlPolicies: account.serviceControlPolicies }),
    context: contextOf(input),
  };
}

/** Managed policies are identified by name, inline policies as `role_ROLE_POLICY`. */
function sourceId(role: Role, policy: Policy): string {
  return isManaged(policy) ? policy.name : `role_${role.name}_${policy.name}`;
}

function givenPolicies(input: QueryInput, parameter: string): Policy[] {
  return input.strings(parameter).map((text, position) => {
    const name = `${parameter}.${position + 1}`;
    return { name, document: parsePolicy(name, text) };
  });
}

function parsePolicy(name: string, text: string): PolicyDocument {
  let document: PolicyDocument;
  try {
    document = JSON.parse(text);
  } catch {
    throw new AwsError('InvalidInput', 400, `Invalid JSON in ${name}.`);
  }
  const [problem] = policyErrors('identity-policy', document);
  if (problem) throw new AwsError('InvalidInput', 400, `Invalid policy in ${name}: ${problem}`);
  return document;
}

/** `ContextEntries.member.N.ContextKeyName`, `.ContextKeyType` and `.ContextKeyValues.member.M` */
function contextOf(input: QueryInput): SimulatedPrincipal['context'] {
  return Object.fromEntries(
    input.members('ContextEntries').map((entry) => {
      const values = input.strings(`${entry}.ContextKeyValues`);
      const isList = values.length !== 1 || (input.string(`${entry}.ContextKeyType`)?.endsWith('List') ?? false);
      return [input.string(`${entry}.ContextKeyName`) ?? '', isList ? values : (values[0] ?? '')];
    }),
  );
}

/** The documentation requires an account ID; the ARN of the account's root user also works. */
function resourceOwner(input: QueryInput): string | undefined {
  const owner = input.string('ResourceOwner');
  if (owner === undefined) return undefined;
  const account = arnPattern(/iam::(\d{12}):root/).exec(owner)?.[1];
  if (!account) throw new AwsError('InvalidInput', 400, `'${owner}' is not a valid as a Resource Owner.`);
  return account;
}

function evaluationResult(
  principal: string,
  action: string,
  results: readonly SimulatedDecision[],
  missing: readonly string[],
): XmlValue {
  const onAll = results.length === 1 && results[0]?.resource === '*';
  const decision = mostRestrictive(results.map((result) => result.decision));
  const decisive = results.filter((result) => result.decision === decision).flatMap(({ matched }) => matched);
  const byOrganization = results.map(({ allowedByOrganization }) => allowedByOrganization);
  return {
    EvalActionName: action,
    EvalResourceName: onAll ? '*' : resourceFormat(partitionIn(principal), action),
    EvalDecision: decision,
    MatchedStatements: described(unique(decisive)),
    MissingContextValues: missing,
    OrganizationsDecisionDetail: byOrganization.includes(undefined)
      ? undefined
      : { AllowedByOrganizations: !byOrganization.includes(false) },
    PermissionsBoundaryDecisionDetail: boundaryDetail(results),
    ResourceSpecificResults: onAll
      ? undefined
      : results.map((result) => ({
          EvalResourceName: result.resource,
          EvalResourceDecision: result.decision,
          MatchedStatements: described(result.matched),
          MissingContextValues: missing,
          PermissionsBoundaryDecisionDetail: boundaryDetail([result]),
        })),
  };
}

function boundaryDetail(results: readonly SimulatedDecision[]): XmlValue {
  const allowed = results.map(({ allowedByBoundary }) => allowedByBoundary);
  return allowed.includes(undefined) ? undefined : { AllowedByPermissionsBoundary: !allowed.includes(false) };
}

type Matched = SimulatedDecision['matched'];

function unique(matched: Matched): Matched {
  const id = ({ policy, index }: Matched[number]) => `${policy.sourceId} ${index}`;
  return [...new Map(matched.map((statement) => [id(statement), statement])).values()];
}

function described(matched: Matched): XmlValue {
  return matched.map(({ policy, index }: { policy: SourcedPolicy; index: number }) => {
    const { start, end } = statementPosition(policy.document, index);
    return {
      SourcePolicyId: policy.sourceId,
      SourcePolicyType: 'IAM Policy',
      StartPosition: { ...start },
      EndPosition: { ...end },
    };
  });
}
