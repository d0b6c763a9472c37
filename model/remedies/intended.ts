import { type Delivery, resourceArn } from '../../core/delivery.ts';
import type { TestEvent } from '../../core/event.ts';
import { type PermissionEdge, permissionEdges } from '../../core/permissions.ts';
import { checkCaller } from '../world/callers.ts';
import { delivererIn, deliveryIn } from '../world/delivery-in.ts';
import type { Caller, World } from '../world/world.ts';
import { noContext, type Request } from './request.ts';

/** One permission edge of a delivery, with the request that raises it. */
export interface Intended {
  readonly edge: PermissionEdge;
  readonly delivery: Delivery;
  readonly request: Request;
}

/** All that a delivery needs, and so all that a remedy may open. */
export function intendedRequests(world: World, event: TestEvent): readonly Intended[] {
  const delivery = deliveryIn(world, event);
  const check = checkCaller(world);
  const deliverer = withoutSessionPolicy(delivererIn(world, event));
  return permissionEdges
    .filter(({ onlyWith }) => onlyWith === undefined || delivery.inbox[onlyWith] !== undefined)
    .flatMap((edge) => {
      const resource = resourceArn(delivery, edge.on, 'run');
      if (resource === undefined) return [];
      const request: Request = {
        caller: edge.on === 'delivery-role' ? check : deliverer,
        action: edge.action,
        resource,
        resourceAccountId: isInbox(edge) ? delivery.inbox.accountId : delivery.internal.accountId,
        region: regionOf(delivery, edge),
        headers: headersOf(delivery, edge),
        encryptionContextArn: edge.action.startsWith('kms:') ? encryptionContextArn(delivery, edge) : noContext,
        viaS3: edge.action.startsWith('kms:'),
        plainHttp: false,
      };
      return [{ edge, delivery, request }];
    });
}

/** The application that delivers real reports takes on the same role, and need not narrow its session as the check does. */
function withoutSessionPolicy({ sessionPolicy: _, ...caller }: Caller): Caller {
  return caller;
}

export function isInbox({ on }: PermissionEdge): boolean {
  return on === 'inbox-object' || on === 'inbox-key';
}

/** A copy is sent to the Region of its destination; S3 asks KMS in the Region of the object. */
function regionOf({ inbox, internal }: Delivery, edge: PermissionEdge): string {
  const isSentToInbox = edge.operation === 'CopyObject' && edge.action.startsWith('s3:');
  return isSentToInbox || isInbox(edge) ? inbox.region : internal.region;
}

function headersOf({ inbox, internal }: Delivery, { operation, on }: PermissionEdge): Readonly<Record<string, string>> {
  if (on === 'inbox-object') {
    return { ...encryptedWith(inbox.kmsKeyArn), ...(inbox.acl && { 'x-amz-acl': inbox.acl }) };
  }
  return operation === 'PutObject' && on === 'internal-object' ? encryptedWith(internal.kmsKeyArn) : {};
}

export function encryptedWith(kmsKeyArn: string): Readonly<Record<string, string>> {
  return {
    'x-amz-server-side-encryption': 'aws:kms',
    'x-amz-server-side-encryption-aws-kms-key-id': kmsKeyArn,
  };
}

/** As it is without a Bucket Key, which stands for the whole bucket. */
function encryptionContextArn(delivery: Delivery, edge: PermissionEdge): string {
  return resourceArn(delivery, isInbox(edge) ? 'inbox-object' : 'internal-object', 'run') ?? '';
}
