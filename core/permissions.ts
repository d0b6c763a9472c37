import type { Layer, Step } from './vocabulary.ts';

/**
 * One S3 call is several authorization questions. This table lists them all, once: the delivery role's policy, the
 * session policy, the sandbox, the diagnosis and the documentation derive from it.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html and the
 * "Permissions" sections of PutObject, CopyObject and DeleteObject in the Amazon S3 API reference.
 */
export interface PermissionEdge {
  readonly step: Step;
  /** The API call that raises the question, as the SDK names it. */
  readonly operation: 'AssumeRole' | 'PutObject' | 'CopyObject' | 'DeleteObject';
  readonly action: Action;
  readonly on: ResourceRole;
  /** The policies that together must allow it; any other layer can only take the permission away. */
  readonly decidedBy: readonly Layer[];
  /** Set where the question is only asked for events that have this property. */
  readonly onlyWith?: 'acl';
}

export const actions = [
  'sts:AssumeRole',
  's3:PutObject',
  's3:PutObjectAcl',
  's3:GetObject',
  's3:DeleteObject',
  'kms:GenerateDataKey',
  'kms:Decrypt',
] as const;
export type Action = (typeof actions)[number];

/** What a resource is to the delivery, whatever its ARN. */
export const resourceRoles = {
  'delivery-role': 'the role that delivers reports',
  'internal-object': "the test object in the service's internal bucket",
  'internal-key': 'the KMS key that encrypts the internal object',
  'inbox-object': "the test object in the customer's Secure Inbox",
  'inbox-key': 'the KMS key that encrypts the delivered object',
} as const;
export type ResourceRole = keyof typeof resourceRoles;

export const permissionEdges: readonly PermissionEdge[] = [
  {
    step: 'assume-delivery-role',
    operation: 'AssumeRole',
    action: 'sts:AssumeRole',
    on: 'delivery-role',
    decidedBy: ['identity-policy', 'role-trust-policy'],
  },
  {
    step: 'put-internal',
    operation: 'PutObject',
    action: 's3:PutObject',
    on: 'internal-object',
    decidedBy: ['identity-policy', 'bucket-policy'],
  },
  {
    step: 'put-internal',
    operation: 'PutObject',
    action: 'kms:GenerateDataKey',
    on: 'internal-key',
    decidedBy: ['identity-policy', 'key-policy'],
  },
  {
    step: 'copy-to-inbox',
    operation: 'CopyObject',
    action: 's3:GetObject',
    on: 'internal-object',
    decidedBy: ['identity-policy', 'bucket-policy'],
  },
  {
    step: 'copy-to-inbox',
    operation: 'CopyObject',
    action: 'kms:Decrypt',
    on: 'internal-key',
    decidedBy: ['identity-policy', 'key-policy'],
  },
  {
    step: 'copy-to-inbox',
    operation: 'CopyObject',
    action: 's3:PutObject',
    on: 'inbox-object',
    decidedBy: ['identity-policy', 'bucket-policy'],
  },
  {
    step: 'copy-to-inbox',
    operation: 'CopyObject',
    action: 's3:PutObjectAcl',
    on: 'inbox-object',
    decidedBy: ['identity-policy', 'bucket-policy'],
    onlyWith: 'acl',
  },
  {
    step: 'copy-to-inbox',
    operation: 'CopyObject',
    action: 'kms:GenerateDataKey',
    on: 'inbox-key',
    decidedBy: ['identity-policy', 'key-policy'],
  },
  {
    step: 'clean-up',
    operation: 'DeleteObject',
    action: 's3:DeleteObject',
    on: 'internal-object',
    decidedBy: ['identity-policy', 'bucket-policy'],
  },
];
