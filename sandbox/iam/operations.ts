import type { World } from '../../model/world/world.ts';
import { AwsError, type SandboxRequest, type SandboxResponse, type ServiceOperation } from '../wire/operation.ts';
import { QueryInput, queryResponse } from '../wire/query.ts';
import { iamPage, isManaged, namedPolicy, namedRole } from './access.ts';
import { encodedPolicy } from './policy-text.ts';
import { simulatePrincipalPolicy } from './simulate-principal-policy.ts';

/** Keyed by the value of the parameter `Action`. */
export const iamOperations: Readonly<Record<string, ServiceOperation>> = {
  GetPolicy: getPolicy,
  GetPolicyVersion: getPolicyVersion,
  GetRole: getRole,
  GetRolePolicy: getRolePolicy,
  ListAttachedRolePolicies: listAttachedRolePolicies,
  ListRolePolicies: listRolePolicies,
  SimulatePrincipalPolicy: simulatePrincipalPolicy,
};

/** Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html */
function getRole(world: World, request: SandboxRequest): SandboxResponse {
  const role = namedRole(world, request, 'GetRole', QueryInput.of(request));
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
function pathOf(arn: string): string {
  return arn.slice(arn.indexOf('/'), arn.lastIndexOf('/') + 1);
}

/** Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRolePolicy.html */
function getRolePolicy(world: World, request: SandboxRequest): SandboxResponse {
  const input = QueryInput.of(request);
  const role = namedRole(world, request, 'GetRolePolicy', input);
  const name = input.string('PolicyName');
  const policy = role.policies.find((found) => found.name === name && !isManaged(found));
  if (!policy) throw new AwsError('NoSuchEntity', 404, `The role policy with name ${name} cannot be found.`);
  return queryResponse('iam', 'GetRolePolicy', request, {
    RoleName: role.name,
    PolicyName: policy.name,
    PolicyDocument: encodedPolicy(policy.document),
  });
}

/**
 * The names of the inline policies of a role.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRolePolicies.html
 */
function listRolePolicies(world: World, request: SandboxRequest): SandboxResponse {
  const input = QueryInput.of(request);
  const role = namedRole(world, request, 'ListRolePolicies', input);
  const inline = role.policies.filter((policy) => !isManaged(policy)).map(({ name }) => name);
  const { items, rest } = iamPage(input, inline);
  return queryResponse('iam', 'ListRolePolicies', request, { PolicyNames: items, ...rest });
}

/**
 * The managed policies of a role.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAttachedRolePolicies.html
 */
function listAttachedRolePolicies(world: World, request: SandboxRequest): SandboxResponse {
  const input = QueryInput.of(request);
  const role = namedRole(world, request, 'ListAttachedRolePolicies', input);
  const attached = role.policies.filter(isManaged).map(({ name, arn }) => ({ PolicyName: name, PolicyArn: arn }));
  const { items, rest } = iamPage(input, attached);
  return queryResponse('iam', 'ListAttachedRolePolicies', request, { AttachedPolicies: items, ...rest });
}

/** Managed policies in a world have one version. */
const onlyVersion = 'v1';

/** Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetPolicy.html */
function getPolicy(world: World, request: SandboxRequest): SandboxResponse {
  const policy = namedPolicy(world, request, 'GetPolicy', QueryInput.of(request));
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

/** Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetPolicyVersion.html */
function getPolicyVersion(world: World, request: SandboxRequest): SandboxResponse {
  const input = QueryInput.of(request);
  const policy = namedPolicy(world, request, 'GetPolicyVersion', input);
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
