import type { World } from '../../model/world/world.ts';
import type { SandboxRequest, SandboxResponse } from '../wire/operation.ts';
import { QueryInput, queryResponse } from '../wire/query.ts';
import { namedPolicy } from './access.ts';
import { pathOf } from './get-role.ts';

/** A managed policy of the world has one version. */
export const onlyVersion = 'v1';

/** Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetPolicy.html */
export async function getPolicy(world: World, request: SandboxRequest): Promise<SandboxResponse> {
  const policy = await namedPolicy(world, request, 'GetPolicy', QueryInput.of(request));
  const roles = [...world.roles.values()];
  return queryResponse('iam', 'GetPolicy', request, {
    Policy: {
      PolicyName: policy.name,
      Arn: policy.arn,
      Path: pathOf(policy.arn),
      DefaultVersionId: onlyVersion,
      AttachmentCount: roles.filter(({ policies }) => policies.some(({ arn }) => arn === policy.arn)).length,
      PermissionsBoundaryUsageCount: roles.filter(({ permissionsBoundary }) => permissionsBoundary?.arn === policy.arn)
        .length,
      IsAttachable: true,
    },
  });
}
