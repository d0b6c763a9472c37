import { arnOf, partitionIn } from '../../core/arn.ts';
import type { Policy, World } from '../../model/world/world.ts';
import { checkConstraints } from '../wire/constraints.ts';
import { JsonInput, jsonResponse } from '../wire/json.ts';
import {
  AwsError,
  numberedPage,
  type SandboxRequest,
  type SandboxResponse,
  type ServiceOperation,
} from '../wire/operation.ts';
import {
  isPolicyType,
  managementAccountId,
  member,
  organizationAccountArn,
  organizationPolicyTypes,
  type PolicyType,
  policyArn,
  policyId,
  policyTypeNames,
  rootArn,
  rootIdOf,
  summary,
} from './access.ts';

/** Keyed by the operation's name in `X-Amz-Target: AWSOrganizationsV20161128.…`. */
export const organizationsOperations: Readonly<Record<string, ServiceOperation>> = {
  DescribeOrganization: describeOrganization,
  DescribePolicy: describePolicy,
  ListParents: listParents,
  ListPoliciesForTarget: listPoliciesForTarget,
};

/** Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeOrganization.html */
function describeOrganization(world: World, request: SandboxRequest): SandboxResponse {
  const { organizationId } = member(world, request, { action: 'DescribeOrganization', resource: '*' });
  const partition = partitionIn(request.caller.arn);
  const organization = { partition, service: 'organizations', accountId: managementAccountId };
  return jsonResponse({
    Organization: {
      Id: organizationId,
      Arn: arnOf({ ...organization, resource: `organization/${organizationId}` }),
      FeatureSet: 'ALL',
      MasterAccountId: managementAccountId,
      MasterAccountArn: organizationAccountArn(world, request, managementAccountId),
    },
  });
}

/**
 * The parent of an account, which is always the root.
 *
 * Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListParents.html
 */
function listParents(world: World, request: SandboxRequest): SandboxResponse {
  const child = JsonInput.of(request).string('ChildId');
  checkConstraints('ValidationException', { childId: [child, { required: true }] });
  const resource = organizationAccountArn(world, request, child ?? '');
  const account = member(world, request, { action: 'ListParents', resource });
  if (child !== account.id) {
    throw new AwsError('ChildNotFoundException', 400, 'You specified an account or OU that does not exist.');
  }
  return jsonResponse({ Parents: [{ Id: rootIdOf(account), Type: 'ROOT' }] });
}

/**
 * The policies attached to the caller's account or to the root above it.
 *
 * Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListPoliciesForTarget.html
 */
function listPoliciesForTarget(world: World, request: SandboxRequest): SandboxResponse {
  const input = JsonInput.of(request);
  const [target, type] = [input.string('TargetId'), input.string('Filter')];
  checkConstraints('ValidationException', {
    targetId: [target, { required: true }],
    filter: [type, { required: true, oneOf: Object.keys(organizationPolicyTypes) }],
  });
  const account = member(world, request, {
    action: 'ListPoliciesForTarget',
    resource: (target?.startsWith('r-') ? rootArn : organizationAccountArn)(world, request, target ?? ''),
  });
  const isAccount = target === account.id;
  if (!isPolicyType(type) || (!isAccount && target !== rootIdOf(account))) {
    throw new AwsError('TargetNotFoundException', 400, 'You specified a target that does not exist.');
  }
  const { everything, attached } = organizationPolicyTypes[type];
  const { items, rest } = page(input, [
    everything(partitionIn(request.caller.arn)),
    ...(isAccount ? attached(account) : []),
  ]);
  return jsonResponse({ Policies: items.map((policy) => summary(type, policy)), ...rest });
}

/**
 * A policy attached to the caller's account or to the root.
 *
 * Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribePolicy.html
 */
function describePolicy(world: World, request: SandboxRequest): SandboxResponse {
  const id = JsonInput.of(request).string('PolicyId');
  checkConstraints('ValidationException', {
    policyId: [id, { required: true, pattern: 'p-[0-9a-zA-Z_]{8,128}' }],
  });
  const found = attachedTo(world, request).find(({ policy }) => policyId(policy) === id);
  const resource = policyArn(world, request, (found?.type ?? 'SERVICE_CONTROL_POLICY').toLowerCase(), id ?? '');
  member(world, request, { action: 'DescribePolicy', resource });
  if (!found) throw new AwsError('PolicyNotFoundException', 400, "You specified a policy that doesn't exist.");
  const { type, policy } = found;
  return jsonResponse({ Policy: { PolicySummary: summary(type, policy), Content: JSON.stringify(policy.document) } });
}

function attachedTo(
  { accounts }: World,
  { caller }: SandboxRequest,
): { readonly type: PolicyType; readonly policy: Policy }[] {
  const account = accounts.get(caller.accountId);
  return policyTypeNames.flatMap((type) => {
    const { everything, attached } = organizationPolicyTypes[type];
    return [everything(partitionIn(caller.arn)), ...(account ? attached(account) : [])].map((policy) => ({
      type,
      policy,
    }));
  });
}

/**
 * The page of a list selected by `MaxResults` (1 to 20) and `NextToken`.
 *
 * Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListPoliciesForTarget.html
 */
function page<T>(input: JsonInput, all: readonly T[]) {
  const maxResults = input.integer('MaxResults') ?? 20;
  const wrong = new AwsError('InvalidInputException', 400, 'You specified an invalid value.');
  if (maxResults < 1 || maxResults > 20) throw wrong;
  const { items, next: NextToken } = numberedPage(all, input.string('NextToken'), maxResults, wrong);
  return { items, rest: { NextToken } };
}
