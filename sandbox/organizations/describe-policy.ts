import { partitionIn } from '../../core/arn.ts';
import type { Policy, World } from '../../model/world/world.ts';
import { checkConstraints } from '../wire/constraints.ts';
import { JsonInput, jsonResponse } from '../wire/json.ts';
import { AwsError, type SandboxRequest, type SandboxResponse } from '../wire/operation.ts';
import { member, policyArn } from './access.ts';
import { type PolicyType, policyId, policyTypeNames, policyTypes, summary } from './policies.ts';

/**
 * A policy that is attached to the caller's account or to the root.
 *
 * Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribePolicy.html
 */
export async function describePolicy(world: World, request: SandboxRequest): Promise<SandboxResponse> {
  const id = JsonInput.of(request).string('PolicyId');
  checkConstraints('ValidationException', [
    { name: 'policyId', value: id, constraint: { required: true, pattern: 'p-[0-9a-zA-Z_]{8,128}' } },
  ]);
  const found = attachedTo(world, request).find(({ policy }) => policyId(policy) === id);
  const resource = policyArn(world, request, (found?.type ?? 'SERVICE_CONTROL_POLICY').toLowerCase(), id ?? '');
  await member(world, request, { action: 'DescribePolicy', resource });
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
    const { everything, attached } = policyTypes[type];
    return [everything(partitionIn(caller.arn)), ...(account ? attached(account) : [])].map((policy) => ({
      type,
      policy,
    }));
  });
}
