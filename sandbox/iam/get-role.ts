import type { World } from '../../model/world/world.ts';
import type { SandboxRequest, SandboxResponse } from '../wire/operation.ts';
import { QueryInput, queryResponse } from '../wire/query.ts';
import { namedRole } from './access.ts';
import { encodedPolicy } from './policy-text.ts';

/** Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html */
export async function getRole(world: World, request: SandboxRequest): Promise<SandboxResponse> {
  const role = await namedRole(world, request, 'GetRole', QueryInput.of(request));
  const { permissionsBoundary } = role;
  return queryResponse('iam', 'GetRole', request, {
    Role: {
      Path: pathOf(role.arn),
      RoleName: role.name,
      RoleId: role.roleId,
      Arn: role.arn,
      AssumeRolePolicyDocument: encodedPolicy(role.trustPolicy),
      MaxSessionDuration: 3600,
      PermissionsBoundary: permissionsBoundary?.arn
        ? { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: permissionsBoundary.arn }
        : undefined,
    },
  });
}

/** `arn:aws:iam::111111111111:role/path/to/NAME` has the path `/path/to/`. */
export function pathOf(arn: string): string {
  return arn.slice(arn.indexOf('/'), arn.lastIndexOf('/') + 1);
}
