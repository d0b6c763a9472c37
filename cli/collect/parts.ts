import type { UnknownPart } from '../../model/world/scenario.ts';

/** Every part that collect asks for, by its name in a scenario. */
export const collectedParts = [
  'service.organizationId',
  'service.deliveryRole.policies',
  'service.deliveryRole.permissionsBoundary',
  'service.deliveryRole.trustPolicy',
  'service.deliveryRole.roleId',
  'service.checkRole.policies',
  'service.checkRole.permissionsBoundary',
  'service.internal.bucketPolicy',
  'service.internal.objectOwnership',
  'service.internal.defaultEncryption',
  'service.internal.kmsKeyPolicy',
  'service.internal.kmsKeyState',
  'service.serviceControlPolicies',
  'service.resourceControlPolicies',
  'customer.organizationId',
  'customer.inbox.exists',
  'customer.inbox.region',
  'customer.inbox.bucketPolicy',
  'customer.inbox.objectOwnership',
  'customer.inbox.blockPublicAccess',
  'customer.inbox.defaultEncryption',
  'customer.key.keyPolicy',
  'customer.key.state',
  'customer.key.spec',
  'customer.key.grants',
  'customer.serviceControlPolicies',
  'customer.resourceControlPolicies',
] as const;

/** Those that were read: neither they nor what they are a part of is unknown. */
export function partsRead(unknown: readonly UnknownPart[]): readonly string[] {
  return collectedParts.filter((part) => !unknown.some((one) => `${part}.`.startsWith(`${one.part}.`)));
}
