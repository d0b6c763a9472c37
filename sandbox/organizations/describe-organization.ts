import { arnOf, partitionIn } from '../../core/arn.ts';
import type { World } from '../../model/world/world.ts';
import { jsonResponse } from '../wire/json.ts';
import type { SandboxRequest, SandboxResponse } from '../wire/operation.ts';
import { managementAccountId, member } from './access.ts';

/** Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeOrganization.html */
export async function describeOrganization(world: World, request: SandboxRequest): Promise<SandboxResponse> {
  const { organizationId } = await member(world, request, { action: 'DescribeOrganization', resource: '*' });
  const arn = (resource: string) =>
    arnOf({
      partition: partitionIn(request.caller.arn),
      service: 'organizations',
      accountId: managementAccountId,
      resource,
    });
  return jsonResponse({
    Organization: {
      Id: organizationId,
      Arn: arn(`organization/${organizationId}`),
      FeatureSet: 'ALL',
      MasterAccountId: managementAccountId,
      MasterAccountArn: arn(`account/${organizationId}/${managementAccountId}`),
    },
  });
}
