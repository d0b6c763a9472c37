import type { World } from '../../model/world/world.ts';
import type { SandboxRequest, SandboxResponse, ServiceOperation } from '../wire/operation.ts';
import { queryResponse } from '../wire/query.ts';
import { assumeRole, recordStsCall } from './assume-role.ts';

/** Keyed by the value of the parameter `Action`. */
export const stsOperations: Readonly<Record<string, ServiceOperation>> = {
  AssumeRole: assumeRole,
  GetCallerIdentity: getCallerIdentity,
};

/**
 * Needs no permission; even an explicit deny doesn't block it.
 *
 * Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
function getCallerIdentity(world: World, request: SandboxRequest): SandboxResponse {
  const { caller } = request;
  recordStsCall(world, request, { eventName: 'GetCallerIdentity', requestParameters: null });
  return queryResponse('sts', 'GetCallerIdentity', request, {
    Arn: caller.arn,
    UserId: caller.userId,
    Account: caller.accountId,
  });
}
