import type { DeliveryKind, Layer, Step } from './vocabulary.ts';

/**
 * One S3 call needs several permissions. This table is the only list of them: the delivery role's policy, the session
 * policy, the sandbox, the diagnosis and the documentation derive from it.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html, the "Permissions"
 * sections of the operations in the Amazon S3 API reference, and for multipart uploads
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html#mpuAndPermissions
 */
export interface PermissionEdge {
  readonly step: Step;
  /** The API call that needs the permission, named as in the SDK. */
  readonly operation: Operation;
  readonly action: Action;
  readonly on: ResourceRole;
  /** The policies that together must allow it. Any other layer can only deny it. */
  readonly decidedBy: readonly Layer[];
  /** Set if only events with this property need it. */
  readonly onlyWith?: 'acl';
  /** Set if only deliveries of this kind need it. */
  readonly kind?: DeliveryKind;
}

/** In the order in which a delivery sends them. */
export const operations = [
  'AssumeRole',
  'PutObject',
  'CopyObject',
  'CreateMultipartUpload',
  'UploadPartCopy',
  'CompleteMultipartUpload',
  'DeleteObject',
  'AbortMultipartUpload',
] as const;
export type Operation = (typeof operations)[number];

export const actions = [
  'sts:AssumeRole',
  's3:PutObject',
  's3:PutObjectAcl',
  's3:GetObject',
  's3:DeleteObject',
  's3:AbortMultipartUpload',
  'kms:GenerateDataKey',
  'kms:Decrypt',
] as const;
export type Action = (typeof actions)[number];

/** The roles that resources have in a delivery, whatever their ARNs. */
export const resourceRoles = {
  'delivery-role': 'the role that delivers reports',
  'internal-object': "the test object in the service's internal bucket",
  'internal-key': 'the KMS key that encrypts the internal object',
  'inbox-object': "the test object in the customer's Secure Inbox",
  'inbox-key': 'the KMS key that encrypts the delivered object',
} as const;
export type ResourceRole = keyof typeof resourceRoles;

export function isOfInbox(on: ResourceRole): boolean {
  return on === 'inbox-object' || on === 'inbox-key';
}

export function isKey(on: ResourceRole): boolean {
  return on === 'internal-key' || on === 'inbox-key';
}

/** The layers that together must allow a request for a resource. */
const deciding: Readonly<Record<ResourceRole, readonly Layer[]>> = {
  'delivery-role': ['identity-policy', 'role-trust-policy'],
  'internal-object': ['identity-policy', 'bucket-policy'],
  'internal-key': ['identity-policy', 'key-policy'],
  'inbox-object': ['identity-policy', 'bucket-policy'],
  'inbox-key': ['identity-policy', 'key-policy'],
};

type Row = readonly [Operation, Action, ResourceRole, Pick<PermissionEdge, 'onlyWith'>?];

function edges(step: Step, rows: readonly Row[], kind?: DeliveryKind): readonly PermissionEdge[] {
  return rows.map(([operation, action, on, more]) => ({
    step,
    operation,
    action,
    on,
    decidedBy: deciding[on],
    ...(kind && { kind }),
    ...more,
  }));
}

export const permissionEdges: readonly PermissionEdge[] = [
  ...edges('assume-delivery-role', [['AssumeRole', 'sts:AssumeRole', 'delivery-role']]),
  ...edges('put-internal', [
    ['PutObject', 's3:PutObject', 'internal-object'],
    ['PutObject', 'kms:GenerateDataKey', 'internal-key'],
  ]),
  ...edges(
    'copy-to-inbox',
    [
      ['CopyObject', 's3:GetObject', 'internal-object'],
      ['CopyObject', 'kms:Decrypt', 'internal-key'],
      ['CopyObject', 's3:PutObject', 'inbox-object'],
      ['CopyObject', 's3:PutObjectAcl', 'inbox-object', { onlyWith: 'acl' }],
      ['CopyObject', 'kms:GenerateDataKey', 'inbox-key'],
    ],
    'copy',
  ),
  // The data key is generated with the upload and decrypted for each part:
  // https://repost.aws/knowledge-center/s3-large-file-encryption-kms-key
  ...edges(
    'copy-to-inbox',
    [
      ['CreateMultipartUpload', 's3:PutObject', 'inbox-object'],
      ['CreateMultipartUpload', 's3:PutObjectAcl', 'inbox-object', { onlyWith: 'acl' }],
      ['CreateMultipartUpload', 'kms:GenerateDataKey', 'inbox-key'],
      ['UploadPartCopy', 's3:GetObject', 'internal-object'],
      ['UploadPartCopy', 'kms:Decrypt', 'internal-key'],
      ['UploadPartCopy', 's3:PutObject', 'inbox-object'],
      ['UploadPartCopy', 'kms:Decrypt', 'inbox-key'],
      ['CompleteMultipartUpload', 's3:PutObject', 'inbox-object'],
    ],
    'multipart',
  ),
  ...edges('clean-up', [['DeleteObject', 's3:DeleteObject', 'internal-object']]),
  ...edges('clean-up', [['AbortMultipartUpload', 's3:AbortMultipartUpload', 'inbox-object']], 'multipart'),
];

/**
 * The statements of the delivery role's policy that only multipart deliveries need, if a deployment adds them. A
 * scenario has them only if its event requests such a delivery.
 */
export const statementsOfMultipart = ['CopyParts', 'CompleteUploads', 'AbortUploads', 'DecryptPartsThroughS3'] as const;

/** The rows that apply to one kind of delivery, with or without an ACL. */
export function edgesFor(kind: DeliveryKind, acl: string | undefined): readonly PermissionEdge[] {
  return permissionEdges.filter(
    (edge) => (edge.kind ?? kind) === kind && (edge.onlyWith === undefined || acl !== undefined),
  );
}
