import type { Layer } from './layers.ts';
import type { ResourceRole } from './permissions.ts';

// Longer than 250 lines: one table, with a row for each part.

/** A part of the two accounts that a scenario can set. */
export interface PartRow {
  /** The policy type; absent for a setting or a fact. */
  readonly kind?: string;
  /** The owner of the policy in a world. */
  readonly owner?: string;
  /** The name under which this part's policy is passed; absent if it can't be. */
  readonly place?: string;
  /** The option of `preflight`, without its dashes; absent if customers never provide it. */
  readonly option?: string;
  /** If several are passed, all are attached. */
  readonly several?: true;
  /** The templates have one, so that a scenario can also describe changes to it. */
  readonly inTemplates?: true;
  /** A scenario can say that it doesn't exist. */
  readonly mayBeAbsent?: true;
  readonly title?: string;
  /** The page's tab: its title, the name of a new file, and the text in an empty editor. */
  readonly tab?: readonly [title: string, file: string, hint: string];
  /** The usual names of files that contain it. */
  readonly fileName?: RegExp;
  /** The permission that reads the policy from AWS. */
  readonly readBy?: string;
  /** Set if `collect` reads it. */
  readonly collected?: true;
  /** The delivery's resources that it decides about; absent if none. */
  readonly on?: readonly DeliveryResource[];
  /** Layers that only this part decides: without it, findings there are about a placeholder. By default its kind. */
  readonly layers?: readonly Layer[];
  /** Layers of resources in the caller's own account that it could make unnecessary. */
  readonly couldReplace?: readonly Layer[];
  /** Condition keys whose values it decides. */
  readonly keys?: readonly RegExp[];
  /** Set for a default encryption. Requests name their key, so only its Bucket Key setting matters. */
  readonly bucketKeyOf?: 'internal' | 'inbox';
}

/** The service's own key matters only if something is staged with it. */
export type DeliveryResource = ResourceRole | 'service-key';

const delivered = ['internal-object', 'internal-key', 'inbox-object', 'inbox-key'] as const;
const everything = ['delivery-role', ...delivered] as const;
/** If a resource's policy grants to the caller itself, no policy of the caller's account is needed. */
const ofCaller = ['identity-policy', 'permissions-boundary', 'session-policy'] as const;
const ofBucket = ['bucket-policy', 'block-public-access'] as const;

/**
 * One row for each part. Parts whose policies can be passed come first, in the order of the options. Other tables
 * derive from these rows: where a world keeps a document, what is unknown without it, file names, and what `collect`
 * reads.
 */
export const parts = {
  'customer.inbox.bucketPolicy': {
    kind: 'bucket-policy',
    owner: 'inboxBucket',
    inTemplates: true,
    mayBeAbsent: true,
    place: 'bucketPolicy',
    option: 'bucket-policy',
    title: 'bucket policy of the Secure Inbox',
    tab: ['Bucket policy', 'bucket-policy.json', 'Paste, drop or type the policy of your bucket here.'],
    fileName: /bucket/i,
    readBy: 's3:GetBucketPolicy',
    collected: true,
    on: ['inbox-object'],
    layers: ofBucket,
    couldReplace: ofCaller,
  },
  'customer.key.keyPolicy': {
    kind: 'key-policy',
    owner: 'inboxKeyArn',
    inTemplates: true,
    place: 'keyPolicy',
    option: 'key-policy',
    title: "policy of the Secure Inbox's key",
    tab: ['Key policy', 'key-policy.json', 'Paste, drop or type the policy of your KMS key here.'],
    fileName: /key|kms/i,
    readBy: 'kms:GetKeyPolicy',
    collected: true,
    on: ['inbox-key'],
    couldReplace: ofCaller,
  },
  'service.deliveryRole.policies': {
    kind: 'identity-policy',
    owner: 'deliveryRoleArn',
    inTemplates: true,
    place: 'deliveryRolePolicy',
    several: true,
    title: 'policy of the delivery role',
    tab: ['Role policy', 'role-policy.json', 'A policy of the delivery role.'],
    readBy: 'iam:GetRolePolicy',
    collected: true,
    on: delivered,
  },
  'service.deliveryRole.trustPolicy': {
    kind: 'role-trust-policy',
    owner: 'deliveryRoleArn',
    inTemplates: true,
    place: 'trustPolicy',
    title: 'trust policy of the delivery role',
    tab: ['Trust policy', 'trust-policy.json', 'Who may assume the delivery role.'],
    readBy: 'iam:GetRole',
    collected: true,
    on: ['delivery-role'],
    couldReplace: ofCaller,
  },
  'service.deliveryRole.sessionPolicy': {
    kind: 'session-policy',
    owner: 'deliveryRoleArn',
    inTemplates: true,
    place: 'sessionPolicy',
    title: 'session policy of the delivery',
    tab: ['Session policy', 'session-policy.json', 'What narrows the sessions of the delivery role.'],
    readBy: 'iam:GetRolePolicy',
    on: delivered,
  },
  'service.internal.bucketPolicy': {
    kind: 'bucket-policy',
    owner: 'internalBucket',
    inTemplates: true,
    mayBeAbsent: true,
    place: 'internalBucketPolicy',
    title: 'bucket policy of the internal bucket',
    tab: ['Internal bucket policy', 'internal-bucket-policy.json', "The policy of the service's internal bucket."],
    readBy: 's3:GetBucketPolicy',
    collected: true,
    on: ['internal-object'],
    layers: ofBucket,
    couldReplace: ofCaller,
  },
  'service.internal.kmsKeyPolicy': {
    kind: 'key-policy',
    owner: 'serviceKeyArn',
    inTemplates: true,
    place: 'internalKeyPolicy',
    title: "policy of the service's own key",
    tab: ['Internal key policy', 'internal-key-policy.json', "The policy of the service's own key."],
    readBy: 'kms:GetKeyPolicy',
    collected: true,
    on: ['service-key'],
    couldReplace: ofCaller,
  },
  'service.serviceControlPolicies': {
    kind: 'service-control-policy',
    owner: 'serviceAccountId',
    place: 'serviceControlPolicy',
    option: 'service-control-policy',
    several: true,
    title: "service control policy on the service's account",
    tab: ["Service's SCP", 'service-scp.json', "A service control policy on the service's account."],
    fileName: /^(?!.*customer).*(?:scp|service-?control)/i,
    readBy: 'organizations:DescribePolicy',
    collected: true,
    on: everything,
  },
  // It applies to the customer's own principals, which deliver nothing, so it decides about no resource.
  // https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
  'customer.serviceControlPolicies': {
    kind: 'service-control-policy',
    owner: 'customerAccountId',
    place: 'customerServiceControlPolicy',
    option: 'customer-service-control-policy',
    several: true,
    title: "service control policy on the customer's account",
    tab: [
      'SCP',
      'service-control-policy.json',
      "Paste or drop a service control policy on your account here. It doesn't apply to the service's requests.",
    ],
    fileName: /^(?=.*customer).*(?:scp|service-?control)/i,
    readBy: 'organizations:DescribePolicy',
    collected: true,
  },
  'customer.resourceControlPolicies': {
    kind: 'resource-control-policy',
    owner: 'customerAccountId',
    place: 'resourceControlPolicy',
    option: 'resource-control-policy',
    several: true,
    title: "resource control policy on the customer's account",
    tab: ['RCP', 'resource-control-policy.json', 'Paste or drop a resource control policy on your account here.'],
    fileName: /^(?!.*service).*(?:rcp|resource-?control)/i,
    readBy: 'organizations:DescribePolicy',
    collected: true,
    on: ['inbox-object', 'inbox-key'],
  },
  'service.resourceControlPolicies': {
    kind: 'resource-control-policy',
    owner: 'serviceAccountId',
    place: 'serviceResourceControlPolicy',
    option: 'service-resource-control-policy',
    several: true,
    title: "resource control policy on the service's account",
    tab: ["Service's RCP", 'service-rcp.json', "A resource control policy on the service's account."],
    fileName: /^(?=.*service).*(?:rcp|resource-?control)/i,
    readBy: 'organizations:DescribePolicy',
    collected: true,
    on: ['delivery-role', 'internal-object', 'service-key'],
  },
  'service.deliveryRole.permissionsBoundary': {
    kind: 'permissions-boundary',
    owner: 'deliveryRoleArn',
    place: 'permissionsBoundary',
    option: 'permissions-boundary',
    title: 'permissions boundary of the delivery role',
    tab: ['Permissions boundary', 'permissions-boundary.json', 'The permissions boundary of the delivery role.'],
    fileName: /boundary/i,
    readBy: 'iam:GetPolicyVersion',
    collected: true,
    on: delivered,
  },
  'service.vpcEndpointPolicy': {
    kind: 'vpc-endpoint-policy',
    owner: 'vpcEndpoint',
    place: 'vpcEndpointPolicy',
    option: 'vpc-endpoint-policy',
    title: "policy of the service's VPC endpoint for S3",
    tab: ['VPC endpoint policy', 'vpc-endpoint-policy.json', "The policy of the service's VPC endpoint for S3."],
    fileName: /vpce|endpoint/i,
    readBy: 'ec2:DescribeVpcEndpoints',
    on: ['internal-object', 'inbox-object'],
    keys: [/SourceVpc|SourceIp/i],
  },
  'service.checkRole.policies': {
    kind: 'identity-policy',
    owner: 'checkRoleArn',
    several: true,
    inTemplates: true,
    readBy: 'iam:GetRolePolicy',
    collected: true,
    on: ['delivery-role'],
  },
  'service.checkRole.permissionsBoundary': {
    kind: 'permissions-boundary',
    owner: 'checkRoleArn',
    readBy: 'iam:GetPolicyVersion',
    collected: true,
    on: ['delivery-role'],
  },
  'service.organizationId': { collected: true, on: everything, keys: [/PrincipalOrg|SourceOrg/i] },
  'service.sourceIp': { on: everything, keys: [/SourceIp/i] },
  'service.deliveryRole.roleId': { collected: true, on: delivered, keys: [/userid/i] },
  'service.internal.objectOwnership': { collected: true, on: ['internal-object'], layers: ['object-ownership'] },
  'service.internal.defaultEncryption': { collected: true, on: ['internal-key'], bucketKeyOf: 'internal' },
  'service.internal.kmsKeyState': { collected: true, on: ['service-key'], layers: ['key-state'] },
  'customer.organizationId': { collected: true, on: everything, keys: [/ResourceOrg/i] },
  'customer.inbox.exists': { collected: true, on: ['inbox-object'], layers: ['bucket-missing'] },
  'customer.inbox.region': { collected: true, on: ['inbox-object'], layers: ['region'] },
  'customer.inbox.owner': { on: ['inbox-object'], layers: ['bucket-owner'] },
  'customer.inbox.objectOwnership': { collected: true, on: ['inbox-object'], layers: ['object-ownership'] },
  'customer.inbox.requesterPays': { on: ['inbox-object'], layers: ['requester-pays'] },
  'customer.inbox.blockPublicAccess': { collected: true, on: ['inbox-object'], layers: ['block-public-access'] },
  'customer.inbox.defaultEncryption': { collected: true, on: ['inbox-key'], bucketKeyOf: 'inbox' },
  'customer.key.state': { collected: true, on: ['inbox-key'], layers: ['key-state'] },
  'customer.key.spec': { collected: true, on: ['inbox-key'], layers: ['key-state'] },
  'customer.key.region': { on: ['inbox-key'], layers: ['region'] },
  // A grant can allow what the key's policy doesn't.
  'customer.key.grants': {
    collected: true,
    on: ['inbox-key'],
    layers: ['key-grant'],
    couldReplace: ['key-policy', ...ofCaller],
  },
} as const satisfies Readonly<Record<string, PartRow>>;

/** A part's path in a scenario. */
type AccountPart = keyof typeof parts;
type Rows = typeof parts;

/** Parts that are policies. */
export type PolicyPartName = { [P in AccountPart]: Rows[P] extends { kind: string } ? P : never }[AccountPart];

export const partNames = Object.keys(parts) as readonly AccountPart[];
export const policyPartNames = partNames.filter((part): part is PolicyPartName => 'kind' in parts[part]);

/** The row of a part, including the optional fields. */
export function partRow(part: AccountPart): PartRow {
  return parts[part];
}
