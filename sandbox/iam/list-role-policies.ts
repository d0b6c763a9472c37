import type { World } from '../../model/world/world.ts';
import type { SandboxRequest, SandboxResponse } from '../wire/operation.ts';
import { QueryInput, queryResponse } from '../wire/query.ts';
import { isManaged, namedRole } from './access.ts';
import { page } from './paging.ts';

/**
 * The names of the inline policies of a role.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRolePolicies.html
 */
export async function listRolePolicies(world: World, request: SandboxRequest): Promise<SandboxResponse> {
  const input = QueryInput.of(request);
  const role = await namedRole(world, request, 'ListRolePolicies', input);
  const inline = role.policies.filter((policy) => !isManaged(policy)).map(({ name }) => name);
  const { items, rest } = page(input, inline);
  return queryResponse('iam', 'ListRolePolicies', request, { PolicyNames: items, ...rest });
}
