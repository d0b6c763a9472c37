import { partitionIn, roleArn } from '../../core/arn.ts';
import type { Policy, Role, World } from '../../model/world/world.ts';
import { checkConstraints } from '../wire/constraints.ts';
import { AwsError, numberedPage, type SandboxRequest } from '../wire/operation.ts';
import { refusedByOwnAccount } from '../wire/own-account.ts';
import type { QueryInput } from '../wire/query.ts';

/** IAM is one service for all Regions; its API is in us-east-1. */
const iamRegion = 'us-east-1';

/**
 * Checks that a caller may call IAM about a resource of an account.
 *
 * @param shown How IAM names the resource in a refusal. Operations that take a role's name show `role NAME`
 * @throws AwsError AccessDenied, 403
 */
export function authorizeIam(
  world: World,
  { caller }: SandboxRequest,
  { action, resource, shown = resource }: { action: string; resource: string; shown?: string },
): void {
  const refusal = refusedByOwnAccount(world, { caller, region: iamRegion }, `iam:${action}`, resource);
  if (refusal === undefined) return;
  const message = refusal.replace(`on resource: ${resource}`, `on resource: ${shown}`);
  throw new AwsError('AccessDenied', 403, message);
}

/** The role of the caller's account that a request names, after checking that the caller has access. */
export function namedRole(world: World, request: SandboxRequest, action: string, input: QueryInput): Role {
  const name = input.string('RoleName');
  checkConstraints('ValidationError', {
    roleName: [name, { required: true, minLength: 1, maxLength: 64, pattern: '[\\w+=,.@-]+' }],
  });
  const { accountId } = request.caller;
  const role = [...world.roles.values()].find((found) => found.accountId === accountId && found.name === name);
  const resource = role?.arn ?? roleArn(partitionIn(request.caller.arn), accountId, name ?? '');
  authorizeIam(world, request, { action, resource, shown: `role ${name}` });
  if (!role) throw noSuchRole(name ?? '');
  return role;
}

export function noSuchRole(name: string): AwsError {
  return new AwsError('NoSuchEntity', 404, `The role with name ${name} cannot be found.`);
}

/** The managed policy that a request names: attached to a role, or its boundary. Checks the caller's access first. */
export function namedPolicy(
  world: World,
  request: SandboxRequest,
  action: string,
  input: QueryInput,
): Policy & { readonly arn: string } {
  const policyArn = input.string('PolicyArn') ?? '';
  checkConstraints('ValidationError', {
    policyArn: [policyArn, { minLength: 20, maxLength: 2048 }],
  });
  authorizeIam(world, request, { action, resource: policyArn, shown: `policy ${policyArn}` });
  const found = managedPoliciesOf(world, request.caller.accountId).find(({ arn }) => arn === policyArn);
  if (!found) throw new AwsError('NoSuchEntity', 404, `Policy ${policyArn} was not found.`);
  return found;
}

function managedPoliciesOf(world: World, accountId: string): (Policy & { readonly arn: string })[] {
  return [...world.roles.values()]
    .filter((role) => role.accountId === accountId)
    .flatMap(({ policies, permissionsBoundary }) => [
      ...policies,
      ...(permissionsBoundary ? [permissionsBoundary] : []),
    ])
    .filter(isManaged);
}

export function isManaged(policy: Policy): policy is Policy & { readonly arn: string } {
  return policy.arn !== undefined;
}

/**
 * The page of a list selected by `MaxItems` and `Marker`.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRolePolicies.html
 */
export function iamPage<T>(input: QueryInput, all: readonly T[]) {
  const maxItems = input.integer('MaxItems') ?? 100;
  checkConstraints('ValidationError', { maxItems: [maxItems, { min: 1, max: 1000 }] });
  const marker = input.string('Marker');
  const wrong = new AwsError('ValidationError', 400, `Invalid Marker: ${marker}`);
  const { items, next: Marker } = numberedPage(all, marker, maxItems, wrong);
  return { items, rest: { IsTruncated: Marker !== undefined, Marker } };
}
