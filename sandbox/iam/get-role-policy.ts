import type { World } from '../../model/world/world.ts';
import { AwsError, type SandboxRequest, type SandboxResponse } from '../wire/operation.ts';
import { QueryInput, queryResponse } from '../wire/query.ts';
import { isManaged, namedRole } from './access.ts';
import { encodedPolicy } from './policy-text.ts';

/** Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRolePolicy.html */
export async function getRolePolicy(world: World, request: SandboxRequest): Promise<SandboxResponse> {
  const input = QueryInput.of(request);
  const role = await namedRole(world, request, 'GetRolePolicy', input);
  const name = input.string('PolicyName');
  const policy = role.policies.find((found) => found.name === name && !isManaged(found));
  if (!policy) throw new AwsError('NoSuchEntity', 404, `The role policy with name ${name} cannot be found.`);
  return queryResponse('iam', 'GetRolePolicy', request, {
    RoleName: role.name,
    PolicyName: policy.name,
    PolicyDocument: encodedPolicy(policy.document),
  });
}
