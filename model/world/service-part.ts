import { arnOf, partitionIn } from '../../core/arn.ts';
import { statementsOfMultipart } from '../../core/permissions.ts';
import { encryptionOf } from './customer-part.ts';
import { defaults } from './default-names.ts';
import { anybodyAnything } from './plain-policies.ts';
import { type PolicyParts, statementsOf } from './policy-parts.ts';
import type { ServicePart } from './scenario-schema.ts';
import type { Bucket, Key, Network, Role } from './world.ts';

export function deliveryRoleOf(synthesized: Role, part: ServicePart, parts: PolicyParts): Role {
  const { deliveryRole, multipartDeliveries = false } = part;
  const role = multipartDeliveries ? synthesized : withoutMultipart(synthesized);
  if (!deliveryRole) return role;
  const { trustPolicy, roleId, tags } = deliveryRole;
  const path = 'service.deliveryRole';
  return {
    ...withPermissions(role, deliveryRole, path, parts),
    ...(roleId && { roleId }),
    ...(tags && { tags }),
    ...(trustPolicy && {
      trustPolicy: parts.document(`${path}.trustPolicy`, 'role-trust-policy', trustPolicy, role.trustPolicy),
    }),
  };
}

const ofMultipart: ReadonlySet<unknown> = new Set(statementsOfMultipart);

/** Account A is synthesized with everything that an event may ask for, and few deployments have all of it. */
function withoutMultipart(role: Role): Role {
  return {
    ...role,
    policies: role.policies.map((policy) => ({
      ...policy,
      document: {
        ...policy.document,
        Statement: statementsOf(policy.document).filter(({ Sid }) => !ofMultipart.has(Sid)),
      },
    })),
  };
}

export function checkRoleOf(role: Role, { checkRole }: ServicePart, parts: PolicyParts): Role {
  return checkRole ? withPermissions(role, checkRole, 'service.checkRole', parts) : role;
}

function withPermissions(
  role: Role,
  { policies, permissionsBoundary }: NonNullable<ServicePart['checkRole']>,
  path: string,
  parts: PolicyParts,
): Role {
  return {
    ...role,
    ...(policies && { policies: parts.list(`${path}.policies`, 'identity-policy', policies, role.policies) }),
    ...(permissionsBoundary && {
      permissionsBoundary: {
        name: 'permissions-boundary',
        arn: arnOf({
          partition: partitionIn(role.arn),
          service: 'iam',
          accountId: role.accountId,
          resource: 'policy/permissions-boundary',
        }),
        document: parts.document(`${path}.permissionsBoundary`, 'permissions-boundary', permissionsBoundary, undefined),
      },
    }),
  };
}

export function internalBucketOf(bucket: Bucket, { internal }: ServicePart, parts: PolicyParts): Bucket {
  return {
    ...parts.bucketPolicy(bucket, 'service.internal.bucketPolicy', internal?.bucketPolicy),
    ...(internal?.objectOwnership && { objectOwnership: internal.objectOwnership }),
    ...(internal?.movesObjects && { movesObjects: true }),
    ...(internal?.defaultEncryption && { defaultEncryption: encryptionOf(internal.defaultEncryption, parts) }),
  };
}

export function serviceKeyOf(key: Key, { internal }: ServicePart, parts: PolicyParts): Key {
  return {
    ...parts.keyPolicy(key, 'service.internal.kmsKeyPolicy', internal?.kmsKeyPolicy),
    ...(internal?.kmsKeyState && { state: internal.kmsKeyState }),
  };
}

export function networkOf(
  { vpcEndpointPolicy, vpcEndpoint, insecureTransport, sourceIp }: ServicePart,
  parts: PolicyParts,
): Network {
  const secureTransport = insecureTransport !== true;
  if (!vpcEndpointPolicy && !vpcEndpoint) return { secureTransport, sourceIp: sourceIp ?? defaults.sourceIp };
  const { id, vpcId, clientIp } = { ...defaults.vpcEndpoint, ...vpcEndpoint };
  const path = 'service.vpcEndpointPolicy';
  const policy = vpcEndpointPolicy
    ? parts.document(path, 'vpc-endpoint-policy', vpcEndpointPolicy, undefined)
    : anybodyAnything;
  return {
    secureTransport,
    vpcEndpoint: {
      id: id ?? defaults.vpcEndpoint.id,
      vpcId: vpcId ?? defaults.vpcEndpoint.vpcId,
      clientIp: clientIp ?? defaults.vpcEndpoint.clientIp,
      policy,
    },
  };
}
