import type { World } from '../../model/world/world.ts';
import { JsonInput, jsonResponse } from '../wire/json.ts';
import { AwsError, type SandboxRequest, type SandboxResponse } from '../wire/operation.ts';
import { checkMembers, keyIdMember, keyRequest } from './input.ts';
import { withKey } from './with-key.ts';

/**
 * The only key policy that there is is called `default`.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyPolicy.html
 */
export async function getKeyPolicy(world: World, request: SandboxRequest): Promise<SandboxResponse> {
  const input = JsonInput.of(request);
  const policyName = input.string('PolicyName') ?? 'default';
  checkMembers([
    keyIdMember(input),
    { name: 'policyName', value: policyName, constraint: { minLength: 1, maxLength: 128, pattern: '[\\w]+' } },
  ]);
  return withKey(world, keyRequest('GetKeyPolicy', request, input), (key) => {
    if (policyName !== 'default') throw new AwsError('NotFoundException', 400, 'No such policy exists');
    return jsonResponse({ Policy: JSON.stringify(key.policy, undefined, 2), PolicyName: policyName });
  });
}
