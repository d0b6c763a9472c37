import { partitionIn } from '../../core/arn.ts';
import type { World } from '../../model/world/world.ts';
import { checkConstraints } from '../wire/constraints.ts';
import { JsonInput, jsonResponse } from '../wire/json.ts';
import { AwsError, type SandboxRequest, type SandboxResponse } from '../wire/operation.ts';
import { accountArn, member, rootArn, rootIdOf } from './access.ts';
import { page } from './paging.ts';
import { isPolicyType, policyTypes, summary } from './policies.ts';

/**
 * The policies that are attached to the caller's account itself, or to the root above it.
 *
 * Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListPoliciesForTarget.html
 */
export async function listPoliciesForTarget(world: World, request: SandboxRequest): Promise<SandboxResponse> {
  const input = JsonInput.of(request);
  const [target, type] = [input.string('TargetId'), input.string('Filter')];
  checkConstraints('ValidationException', [
    { name: 'targetId', value: target, constraint: { required: true } },
    { name: 'filter', value: type, constraint: { required: true, oneOf: Object.keys(policyTypes) } },
  ]);
  const account = await member(world, request, {
    action: 'ListPoliciesForTarget',
    resource: (target?.startsWith('r-') ? rootArn : accountArn)(world, request, target ?? ''),
  });
  const isAccount = target === account.id;
  if (!isPolicyType(type) || (!isAccount && target !== rootIdOf(account))) {
    throw new AwsError('TargetNotFoundException', 400, 'You specified a target that does not exist.');
  }
  const { everything, attached } = policyTypes[type];
  const { items, rest } = page(input, [
    everything(partitionIn(request.caller.arn)),
    ...(isAccount ? attached(account) : []),
  ]);
  return jsonResponse({ Policies: items.map((policy) => summary(type, policy)), ...rest });
}
