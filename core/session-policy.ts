import { viaS3 } from './arn.ts';
import { type Delivery, resourceArn } from './delivery.ts';
import { type PermissionEdge, permissionEdges, type ResourceRole } from './permissions.ts';

export interface SessionPolicy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly SessionStatement[];
}

export interface SessionStatement {
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: { readonly StringEquals: Readonly<Record<string, readonly string[]>> };
}

/**
 * What a session of the delivery role may do for one customer: every permission edge of this delivery, on this
 * customer's own resources, and nothing else. So no mistake of the check can write into another customer's bucket,
 * whatever the role itself may do. STS takes at most 2,048 characters:
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 *
 * @param runId by default any run's, so that a session serves several checks of the customer
 */
export function sessionPolicyFor(delivery: Delivery, runId = '*'): SessionPolicy {
  const actionsOn = new Map<string, Set<string>>();
  for (const edge of permissionEdges.filter((candidate) => isAsked(candidate, delivery))) {
    for (const resource of resourcesOf(delivery, edge.on, runId)) {
      actionsOn.set(resource, (actionsOn.get(resource) ?? new Set()).add(edge.action));
    }
  }
  const resourcesWith = new Map<string, string[]>();
  for (const [resource, actions] of actionsOn) {
    const key = [...actions].join(' ');
    resourcesWith.set(key, [...(resourcesWith.get(key) ?? []), resource]);
  }
  return {
    Version: '2012-10-17',
    Statement: [...resourcesWith].map(([actions, Resource]) => ({
      Effect: 'Allow',
      Action: actions.split(' '),
      Resource,
      ...(actions.startsWith('kms:') && { Condition: onlyThroughS3(delivery) }),
    })),
  };
}

function isAsked(edge: PermissionEdge, { inbox, diagnosis }: Delivery): boolean {
  // A full diagnosis also tries whether the bucket policy wants an ACL that the event does not send.
  const mayNeedAcl = inbox.acl !== undefined || diagnosis === 'full';
  return edge.on !== 'delivery-role' && (edge.onlyWith !== 'acl' || mayNeedAcl);
}

function resourcesOf(delivery: Delivery, role: ResourceRole, runId: string): readonly string[] {
  const arn = resourceArn(delivery, role, runId);
  // Where the internal key is refused, the copy is exercised from an object under the service's own key.
  const substitute = role === 'internal-key' ? delivery.internal.serviceKmsKeyArn : undefined;
  return [arn, substitute].filter((resource) => resource !== undefined);
}

/**
 * S3 calls KMS in the Region of the object; a copy reads in one Region and writes in the other.
 * https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
 */
function onlyThroughS3({ internal, inbox }: Delivery): NonNullable<SessionStatement['Condition']> {
  const regions = [...new Set([internal.region, inbox.region])];
  return { StringEquals: { 'kms:ViaService': regions.map(viaS3) } };
}
