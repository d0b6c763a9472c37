import type { World } from '../../model/world/world.ts';
import type { SandboxRequest, SandboxResponse } from '../wire/operation.ts';
import { QueryInput, queryResponse } from '../wire/query.ts';
import { isManaged, namedRole } from './access.ts';
import { page } from './paging.ts';

/**
 * The managed policies of a role.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAttachedRolePolicies.html
 */
export async function listAttachedRolePolicies(world: World, request: SandboxRequest): Promise<SandboxResponse> {
  const input = QueryInput.of(request);
  const role = await namedRole(world, request, 'ListAttachedRolePolicies', input);
  const attached = role.policies.filter(isManaged).map(({ name, arn }) => ({ PolicyName: name, PolicyArn: arn }));
  const { items, rest } = page(input, attached);
  return queryResponse('iam', 'ListAttachedRolePolicies', request, { AttachedPolicies: items, ...rest });
}
