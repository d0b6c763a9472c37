import type { Carry } from './carry-to-scenario.ts';
import type { ServiceFacts } from './gather-accounts.ts';
import type { RoleFacts } from './gather-role.ts';
import { answerIn } from './read-results.ts';

/** The facts read from Account A as parts of a scenario. Undefined ones stay as in the template. */
export function servicePart(facts: ServiceFacts, carry: Carry): Readonly<Record<string, unknown>> {
  const { accountId, region, organization } = facts;
  return {
    accountId,
    region,
    ...carry.organization('service', organization),
    deliveryRole: deliveryRole(facts.deliveryRole, carry),
    checkRole: checkRole(facts, carry),
    internal: internal(facts, carry),
    ...network(facts, carry),
  };
}

function deliveryRole(role: RoleFacts, carry: Carry): Readonly<Record<string, unknown>> | undefined {
  // The event then names a role that doesn't exist, and the simulation's own role is never used.
  if (answerIn(role.exists) === false) return undefined;
  const path = 'service.deliveryRole';
  return {
    policies: carry.policies(`${path}.policies`, role.policies),
    permissionsBoundary: boundary(path, role, carry),
    trustPolicy: carry.policy(`${path}.trustPolicy`, role.trustPolicy),
    roleId: carry.unknown.take(`${path}.roleId`, role.roleId),
  };
}

function checkRole(facts: ServiceFacts, carry: Carry): Readonly<Record<string, unknown>> | undefined {
  const { checkRole: role, function: deployed } = facts;
  const path = 'service.checkRole';
  if (!role || answerIn(role.exists) === false) {
    const reason = deployed.kind === 'unread' ? deployed.reason : noFunction;
    carry.unknown.add(path, 'lambda:GetFunctionConfiguration', reason);
    return undefined;
  }
  return {
    policies: carry.policies(`${path}.policies`, role.policies),
    permissionsBoundary: boundary(path, role, carry),
  };
}

const noFunction = 'there is no such function, or its role is gone';

function boundary(path: string, { permissionsBoundary }: RoleFacts, carry: Carry): unknown {
  const part = `${path}.permissionsBoundary`;
  return carry.policyOrNone(part, permissionsBoundary) ?? undefined;
}

function internal({ internalBucket, key, region }: ServiceFacts, carry: Carry): Readonly<Record<string, unknown>> {
  const found = answerIn(internalBucket.place);
  if (found?.kind === 'owned' && found.region !== region) {
    const reason = `the bucket is in ${found.region}, and a scenario has it where the function is`;
    carry.unknown.add('service.internal', 's3:GetBucketLocation', reason);
  }
  const path = 'service.internal';
  return {
    ...carry.bucket(path, internalBucket),
    kmsKeyPolicy: key?.policy && carry.policy(`${path}.kmsKeyPolicy`, key.policy),
    kmsKeyState: key && carry.keyState(`${path}.kmsKeyState`, key),
  };
}

/** The network path of requests: through the function's VPC endpoint, or without one. */
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
    vpcEndpointPolicy: carry.policy(part, { kind: 'read', value: policy }),
  };
}
