import { type actions, resources } from './vocabulary-of-policies.ts';

/** Where a policy is in a scenario file, and what its statements may contain. */
export interface Place {
  readonly path: string;
  /** An edit of the template's policy, a document that only scenarios attach, or one in a list of documents. */
  readonly written: 'edit' | 'document' | 'listed document';
  readonly about: readonly (keyof typeof actions)[];
  readonly resources: readonly string[];
  /** Resource-based policies name their principals; the two types that apply to everyone say `*`. */
  readonly principal: 'any' | 'everybody' | 'none';
  /** Role trust policies have no Resource. */
  readonly hasResource: boolean;
  /** True if an Allow has an effect there. */
  readonly allows: boolean;
}

const { inbox, internal, keys, everything } = resources;
const anyResource = [...everything, ...inbox, ...internal, ...keys];

const ofTheCaller = {
  about: ['s3', 'kms'],
  resources: anyResource,
  principal: 'none',
  hasResource: true,
  allows: true,
} as const satisfies Partial<Place>;

const ofTheResource = { written: 'edit', principal: 'any', hasResource: true, allows: true } as const;

export const places = {
  'identity policy': { ...ofTheCaller, path: 'service.deliveryRole.policies', written: 'edit' },
  'permissions boundary': { ...ofTheCaller, path: 'service.deliveryRole.permissionsBoundary', written: 'document' },
  'session policy': { ...ofTheCaller, path: 'service.deliveryRole.sessionPolicy', written: 'edit' },
  'trust policy': {
    ...ofTheResource,
    path: 'service.deliveryRole.trustPolicy',
    about: ['sts'],
    resources: [],
    hasResource: false,
  },
  'service control policy': {
    ...ofTheCaller,
    path: 'service.serviceControlPolicies',
    written: 'listed document',
    about: ['s3', 'kms', 'sts'],
    allows: false,
  },
  "customer's service control policy": {
    ...ofTheCaller,
    path: 'customer.serviceControlPolicies',
    written: 'listed document',
    allows: false,
  },
  'resource control policy': {
    ...ofTheCaller,
    path: 'customer.resourceControlPolicies',
    written: 'listed document',
    principal: 'everybody',
    allows: false,
  },
  "service's resource control policy": {
    ...ofTheCaller,
    path: 'service.resourceControlPolicies',
    written: 'listed document',
    about: ['s3', 'kms', 'sts'],
    principal: 'everybody',
    allows: false,
  },
  'VPC endpoint policy': {
    ...ofTheCaller,
    path: 'service.vpcEndpointPolicy',
    written: 'document',
    about: ['s3'],
    resources: [...everything, ...inbox, ...internal],
    principal: 'everybody',
  },
  'bucket policy of the inbox': {
    ...ofTheResource,
    path: 'customer.inbox.bucketPolicy',
    about: ['s3'],
    resources: inbox,
  },
  'bucket policy of the internal bucket': {
    ...ofTheResource,
    path: 'service.internal.bucketPolicy',
    about: ['s3'],
    resources: internal,
  },
  "policy of the customer's key": {
    ...ofTheResource,
    path: 'customer.key.keyPolicy',
    about: ['kms'],
    resources: everything,
  },
  "policy of the service's key": {
    ...ofTheResource,
    path: 'service.internal.kmsKeyPolicy',
    about: ['kms'],
    resources: everything,
  },
} as const satisfies Readonly<Record<string, Place>>;
export type PlaceName = keyof typeof places;

export function placeOf(name: PlaceName): Place {
  return places[name];
}
