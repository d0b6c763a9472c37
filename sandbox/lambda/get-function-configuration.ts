import type { World } from '../../model/world/world.ts';
import type { SandboxRequest, SandboxResponse } from '../wire/operation.ts';
import { ownFunction } from './own-function.ts';

/**
 * The function is in a VPC where the world's requests come through an endpoint.
 *
 * Source: https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConfiguration.html
 */
export async function getFunctionConfiguration(world: World, request: SandboxRequest): Promise<SandboxResponse> {
  const { name, arn, role } = await ownFunction(world, request, 'GetFunctionConfiguration');
  const { vpcEndpoint } = world.network;
  const configuration = {
    FunctionName: name,
    FunctionArn: arn,
    Role: role.arn,
    Environment: { Variables: world.functionEnvironment },
    ...(vpcEndpoint && {
      VpcConfig: { SubnetIds: ['subnet-0a1b2c3d'], SecurityGroupIds: [], VpcId: vpcEndpoint.vpcId },
    }),
  };
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(configuration) };
}
