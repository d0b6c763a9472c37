import { functionArn } from '../../core/arn.ts';
import { authorize } from '../../model/policies/authorize.ts';
import { denialMessage } from '../../model/policies/message.ts';
import type { Role, World } from '../../model/world/world.ts';
import { AwsError, type SandboxRequest } from '../wire/operation.ts';

export interface OwnFunction {
  readonly name: string;
  readonly arn: string;
  readonly role: Role;
}

/**
 * The function that a request names, for a caller who may do that with it. There is one: the check, in the service's
 * account and home Region, named like the role that it runs as.
 *
 * @throws AwsError AccessDeniedException or ResourceNotFoundException
 */
export async function ownFunction(world: World, request: SandboxRequest, action: string): Promise<OwnFunction> {
  const { caller, region, path } = request;
  const named = decodeURIComponent(path.split('/')[3] ?? '');
  const name = named.slice(named.lastIndexOf(':') + 1);
  const arn = functionArn(region, caller.accountId, name);
  const question = {
    caller,
    action: `lambda:${action}`,
    resource: arn,
    resourceAccountId: caller.accountId,
    context: { 'aws:RequestedRegion': region },
  };
  const decision = await authorize(world, question);
  if (!decision.allowed) throw new AwsError('AccessDeniedException', 403, denialMessage(world, question, decision));

  const role = world.roles.get(world.checkRoleArn);
  const home = world.buckets.get(world.internalBucket)?.region;
  if (role?.accountId !== caller.accountId || role.name !== name || home !== region) {
    throw new AwsError('ResourceNotFoundException', 404, `Function not found: ${arn}`, { Type: 'User' });
  }
  return { name, arn, role };
}
