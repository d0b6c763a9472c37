import type { World } from '../../model/world/world.ts';
import { checkConstraints } from '../wire/constraints.ts';
import { JsonInput, jsonResponse } from '../wire/json.ts';
import { AwsError, type SandboxRequest, type SandboxResponse } from '../wire/operation.ts';
import { accountArn, member, rootIdOf } from './access.ts';

/**
 * What an account stands below: here always the root.
 *
 * Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListParents.html
 */
export async function listParents(world: World, request: SandboxRequest): Promise<SandboxResponse> {
  const child = JsonInput.of(request).string('ChildId');
  checkConstraints('ValidationException', [{ name: 'childId', value: child, constraint: { required: true } }]);
  const resource = accountArn(world, request, child ?? '');
  const account = await member(world, request, { action: 'ListParents', resource });
  if (child !== account.id) {
    throw new AwsError('ChildNotFoundException', 400, 'You specified an account or OU that does not exist.');
  }
  return jsonResponse({ Parents: [{ Id: rootIdOf(account), Type: 'ROOT' }] });
}
