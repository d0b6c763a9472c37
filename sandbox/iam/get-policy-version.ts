import type { World } from '../../model/world/world.ts';
import { AwsError, type SandboxRequest, type SandboxResponse } from '../wire/operation.ts';
import { QueryInput, queryResponse } from '../wire/query.ts';
import { namedPolicy } from './access.ts';
import { onlyVersion } from './get-policy.ts';
import { encodedPolicy } from './policy-text.ts';

/** Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetPolicyVersion.html */
export async function getPolicyVersion(world: World, request: SandboxRequest): Promise<SandboxResponse> {
  const input = QueryInput.of(request);
  const policy = await namedPolicy(world, request, 'GetPolicyVersion', input);
  const versionId = input.string('VersionId');
  if (versionId !== onlyVersion) {
    throw new AwsError(
      'NoSuchEntity',
      404,
      `Policy ${policy.arn} version ${versionId} does not exist or is not attachable.`,
    );
  }
  return queryResponse('iam', 'GetPolicyVersion', request, {
    PolicyVersion: { Document: encodedPolicy(policy.document), VersionId: onlyVersion, IsDefaultVersion: true },
  });
}
