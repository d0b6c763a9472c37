import type { Carry } from './carry.ts';
import type { ServiceFacts } from './collected.ts';
import type { RoleFacts } from './gather-role.ts';

/** What was read of Account A, as a scenario says it; what is undefined stays as the template has it. */
export function servicePart(facts: ServiceFacts, carry: Carry): Readonly<Record<string, unknown>> {
  const { accountId, region, organization } = facts;
  return {
    accountId,
    region,
    organizationId: carry.unknown.take('service.organizationId', organization.id),
    deliveryRole: deliveryRole(facts.deliveryRole, carry),
    checkRole: checkRole(facts, carry),
    internal: internal(facts, carry),
    ...network(facts, carry),
    serviceControlPolicies: carry.policies(
      'service.serviceControlPolicies',
      'service-control-policy',
      organization.serviceControlPolicies,
    ),
    resourceControlPolicies: carry.policies(
      'service.resourceControlPolicies',
      'resource-control-policy',
      organization.resourceControlPolicies,
    ),
  };
}

function deliveryRole(role: RoleFacts, carry: Carry): Readonly<Record<string, unknown>> | undefined {
  // The event then names a role that does not exist; the model's own is never asked for.
  if (role.exists.kind === 'read' && !role.exists.value) return undefined;
  const path = 'service.deliveryRole';
  return {
    policies: carry.policies(`${path}.policies`, 'identity-policy', role.policies),
    permissionsBoundary: boundary(path, role, carry),
    trustPolicy: carry.policy(`${path}.trustPolicy`, 'role-trust-policy', role.trustPolicy),
    roleId: carry.unknown.take(`${path}.roleId`, role.roleId),
  };
}

function checkRole(facts: ServiceFacts, carry: Carry): Readonly<Record<string, unknown>> | undefined {
  const { checkRole: role, function: deployed } = facts;
  const path = 'service.checkRole';
  if (!role || (role.exists.kind === 'read' && !role.exists.value)) {
    const reason = deployed.kind === 'unread' ? deployed.reason : noFunction;
    carry.unknown.add(path, 'lambda:GetFunctionConfiguration', reason);
    return undefined;
  }
  return {
    policies: carry.policies(`${path}.policies`, 'identity-policy', role.policies),
    permissionsBoundary: boundary(path, role, carry),
  };
}

const noFunction = 'there is no such function, or its role is gone';

function boundary(path: string, { permissionsBoundary }: RoleFacts, carry: Carry): unknown {
  const part = `${path}.permissionsBoundary`;
  return carry.policyOrNone(part, 'permissions-boundary', permissionsBoundary) ?? undefined;
}

function internal({ internalBucket, key, region }: ServiceFacts, carry: Carry): Readonly<Record<string, unknown>> {
  const { place } = internalBucket;
  if (place.kind === 'read' && place.value.kind === 'owned' && place.value.region !== region) {
    const reason = `the bucket is in ${place.value.region}, and a scenario has it where the function is`;
    carry.unknown.add('service.internal', 's3:GetBucketLocation', reason);
  }
  const path = 'service.internal';
  return {
    ...carry.bucket(path, internalBucket),
    kmsKeyPolicy: key?.policy && carry.policy(`${path}.kmsKeyPolicy`, 'key-policy', key.policy),
    kmsKeyState: key && carry.keyState(`${path}.kmsKeyState`, key),
  };
}

/** How requests travel: through the VPC endpoint of the function, or through none. */
function network(
  { function: deployed, vpcEndpoint: reading }: ServiceFacts,
  carry: Carry,
): Readonly<Record<string, unknown>> {
  const part = 'service.vpcEndpointPolicy';
  if (deployed.kind === 'unread') carry.unknown.take(part, deployed);
  else if (!deployed.value) carry.unknown.add(part, 'lambda:GetFunctionConfiguration', noFunction);
  if (deployed.kind === 'unread' || !deployed.value) return {};
  const endpoint = carry.unknown.take(part, reading);
  if (!endpoint) return {};
  const { id, vpcId, policy } = endpoint;
  return {
    vpcEndpoint: { id, vpcId },
    vpcEndpointPolicy: carry.policy(part, 'vpc-endpoint-policy', { kind: 'read', value: policy }),
  };
}
