import { arnOf, partitionIn } from '../../core/arn.ts';
import { statementsOfMultipart } from '../../core/permissions.ts';
import { defined } from '../../core/values.ts';
import { encryptionOf } from './customer-part.ts';
import { defaults } from './default-names.ts';
import { anybodyAnything } from './plain-policies.ts';
import { type PolicyParts, statementsOf } from './policy-parts.ts';
import type { ServicePart } from './scenario-schema.ts';
import type { Bucket, Key, Network, Role } from './world.ts';

export function deliveryRoleOf(synthesized: Role, part: ServicePart, parts: PolicyParts): Role {
  const { deliveryRole: { roleId, tags } = {}, multipartDeliveries = false } = part;
  const role = multipartDeliveries ? synthesized : withoutMultipart(synthesized);
  return { ...withPermissions('deliveryRoleArn', role, parts), ...(roleId && { roleId }), ...(tags && { tags }) };
}

const ofMultipart: ReadonlySet<unknown> = new Set(statementsOfMultipart);

/** Account A is synthesized with everything that an event may request, but few deployments have all of it. */
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

export function withPermissions(owner: 'checkRoleArn' | 'deliveryRoleArn', role: Role, parts: PolicyParts): Role {
  const account = { partition: partitionIn(role.arn), service: 'iam', accountId: role.accountId };
  return parts.applied(owner, role, (kind) =>
    kind === 'permissions-boundary' ? arnOf({ ...account, resource: `policy/${kind}` }) : undefined,
  );
}

export function internalBucketOf(bucket: Bucket, { internal = {} }: ServicePart, parts: PolicyParts): Bucket {
  const { bucketPolicy: _, kmsKeyPolicy: __, kmsKeyState: ___, defaultEncryption, ...settings } = internal;
  return {
    ...parts.applied('internalBucket', bucket),
    ...defined(settings),
    ...(defaultEncryption && { defaultEncryption: encryptionOf(defaultEncryption, parts) }),
  };
}

export function serviceKeyOf(key: Key, { internal }: ServicePart, parts: PolicyParts): Key {
  return {
    ...parts.applied('serviceKeyArn', key),
    ...(internal?.kmsKeyState && { state: internal.kmsKeyState }),
  };
}

export function networkOf(
  { vpcEndpointPolicy, vpcEndpoint, insecureTransport, sourceIp = defaults.sourceIp }: ServicePart,
  parts: PolicyParts,
  region: string,
): Network {
  const secureTransport = insecureTransport !== true;
  if (!vpcEndpointPolicy && !vpcEndpoint) return { secureTransport, sourceIp };
  const { id, vpcId, clientIp } = { ...defaults.vpcEndpoint, ...vpcEndpoint };
  return {
    secureTransport,
    sourceIp,
    vpcEndpoint: parts.applied('vpcEndpoint', {
      id: id ?? defaults.vpcEndpoint.id,
      vpcId: vpcId ?? defaults.vpcEndpoint.vpcId,
      region,
      clientIp: clientIp ?? defaults.vpcEndpoint.clientIp,
      policy: anybodyAnything,
    }),
  };
}
