import { authorize } from '../../model/policies/authorize.ts';
import { denialMessage } from '../../model/policies/message.ts';
import type { World } from '../../model/world/world.ts';
import type { SandboxRequest } from './operation.ts';

/** @returns AWS's message if the caller may not perform the action on a resource of its own account */
export function refusedByOwnAccount(
  world: World,
  { caller, region }: Pick<SandboxRequest, 'caller' | 'region'>,
  action: string,
  resource: string,
): string | undefined {
  const context = { 'aws:RequestedRegion': region };
  const question = { caller, action, resource, resourceAccountId: caller.accountId, context };
  const decision = authorize(world, question);
  return decision.allowed ? undefined : denialMessage(world, question, decision);
}
