import type { PolicyKind } from '../../policy/grammar.ts';

/** A place in the two accounts that a given policy can take. */
export interface Slot {
  readonly kind: PolicyKind;
  /** Where a scenario has it. */
  readonly part: string;
  /** The option of the command line, without its dashes. */
  readonly option: string;
  /** Of several, all are attached. */
  readonly several: boolean;
  readonly title: string;
}

export const slots = {
  bucketPolicy: {
    kind: 'bucket-policy',
    part: 'customer.inbox.bucketPolicy',
    option: 'bucket-policy',
    several: false,
    title: 'bucket policy of the Secure Inbox',
  },
  keyPolicy: {
    kind: 'key-policy',
    part: 'customer.key.keyPolicy',
    option: 'key-policy',
    several: false,
    title: "policy of the Secure Inbox's key",
  },
  serviceControlPolicy: {
    kind: 'service-control-policy',
    part: 'service.serviceControlPolicies',
    option: 'service-control-policy',
    several: true,
    title: "service control policy on the service's account",
  },
  customerServiceControlPolicy: {
    kind: 'service-control-policy',
    part: 'customer.serviceControlPolicies',
    option: 'customer-service-control-policy',
    several: true,
    title: "service control policy on the customer's account",
  },
  resourceControlPolicy: {
    kind: 'resource-control-policy',
    part: 'customer.resourceControlPolicies',
    option: 'resource-control-policy',
    several: true,
    title: "resource control policy on the customer's account",
  },
  serviceResourceControlPolicy: {
    kind: 'resource-control-policy',
    part: 'service.resourceControlPolicies',
    option: 'service-resource-control-policy',
    several: true,
    title: "resource control policy on the service's account",
  },
  permissionsBoundary: {
    kind: 'permissions-boundary',
    part: 'service.deliveryRole.permissionsBoundary',
    option: 'permissions-boundary',
    several: false,
    title: 'permissions boundary of the delivery role',
  },
  vpcEndpointPolicy: {
    kind: 'vpc-endpoint-policy',
    part: 'service.vpcEndpointPolicy',
    option: 'vpc-endpoint-policy',
    several: false,
    title: "policy of the service's VPC endpoint for S3",
  },
} as const satisfies Readonly<Record<string, Slot>>;
export type SlotName = keyof typeof slots;

/** Policies of the service that no customer gives; a page on which everything may be edited has them. */
const ofService = {
  deliveryRolePolicy: {
    kind: 'identity-policy',
    part: 'service.deliveryRole.policies',
    several: true,
    title: 'policy of the delivery role',
  },
  trustPolicy: {
    kind: 'role-trust-policy',
    part: 'service.deliveryRole.trustPolicy',
    several: false,
    title: 'trust policy of the delivery role',
  },
  sessionPolicy: {
    kind: 'session-policy',
    part: 'service.deliveryRole.sessionPolicy',
    several: false,
    title: 'session policy of the delivery',
  },
  internalBucketPolicy: {
    kind: 'bucket-policy',
    part: 'service.internal.bucketPolicy',
    several: false,
    title: 'bucket policy of the internal bucket',
  },
  internalKeyPolicy: {
    kind: 'key-policy',
    part: 'service.internal.kmsKeyPolicy',
    several: false,
    title: "policy of the service's own key",
  },
} as const satisfies Readonly<Record<string, Omit<Slot, 'option'>>>;

/** Every place that a policy can be given for. */
export const places = { ...slots, ...ofService };
export type PlaceName = keyof typeof places;

export function placeOfPart(part: string): PlaceName | undefined {
  return (Object.keys(places) as PlaceName[]).find((name) => places[name].part === part);
}

export const slotNames = Object.keys(slots) as readonly SlotName[];
