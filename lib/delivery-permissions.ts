import { Aws } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { arnOf, objectArn } from '../core/arn.ts';
import { testObjectPrefix } from '../core/object-keys.ts';
import { type Action, isKey, type PermissionEdge, permissionEdges } from '../core/permissions.ts';
import { conditionsOfEvery } from '../core/s3-headers.ts';
import type { InternalBucket } from './internal-storage.ts';

type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** A statement of the delivery role's policy: which edges of the permission table it allows, and where. */
interface Grant {
  readonly sid: string;
  readonly covers: (edge: PermissionEdge) => boolean;
  readonly resources: (internalBucket: InternalBucket) => readonly string[];
  readonly conditions?: (internalBucket: InternalBucket, settings: DeliverySettings) => Conditions;
}

/** Customers' buckets and keys are not known here. The session policy of each delivery narrows these to one of each. */
export const anyObject = objectArn(Aws.PARTITION, '*', '*');
export const anyKey = arnOf({
  partition: Aws.PARTITION,
  service: 'kms',
  region: '*',
  accountId: '*',
  resource: 'key/*',
});

/** Inboxes belong to other accounts, so that a wrong event can't overwrite the service's own objects. */
const ofAnotherAccount = (
  { inboxesInThisAccount = false }: DeliverySettings,
  key = 's3:ResourceAccount',
): Conditions => (inboxesInThisAccount ? {} : { StringNotEquals: { [key]: Aws.ACCOUNT_ID } });

/** Only S3 uses keys on behalf of the role. The suffix of the endpoint depends on the partition. */
const throughS3 = { 'kms:ViaService': `s3.*.${Aws.URL_SUFFIX}` };

const sidsOfDeliveries: Readonly<Partial<Record<Action, string>>> = {
  's3:PutObject': 'DeliverEncrypted',
  's3:PutObjectAcl': 'GiveTheOwnerFullControl',
};

const grants: readonly Grant[] = [
  {
    sid: 'StoreAndReadInternalObjects',
    covers: (edge) => edge.on === 'internal-object' && edge.action !== 's3:DeleteObject',
    resources: (bucket) => [bucket.arnForObjects('*')],
  },
  {
    sid: 'DeleteTestObjects',
    covers: (edge) => edge.on === 'internal-object' && edge.action === 's3:DeleteObject',
    resources: (bucket) => [bucket.arnForObjects(`${testObjectPrefix}*`)],
  },
  ...deliveries(),
  // Parts have no encryption header. https://github.com/boto/botocore/issues/471
  {
    sid: 'CopyParts',
    covers: ({ on, operation }) => on === 'inbox-object' && operation === 'UploadPartCopy',
    resources: () => [anyObject],
    conditions: (_, settings) => ({
      Bool: { 's3:ObjectCreationOperation': 'false' },
      Null: { 's3:x-amz-server-side-encryption': 'true', 's3:x-amz-copy-source': 'false' },
      ...ofAnotherAccount(settings),
    }),
  },
  // No condition key tells a completion from a PutObject without encryption, which gets the bucket's default.
  {
    sid: 'CompleteUploads',
    covers: ({ on, operation }) => on === 'inbox-object' && operation === 'CompleteMultipartUpload',
    resources: () => [anyObject],
    conditions: (_, settings) => ({
      Bool: { 's3:ObjectCreationOperation': 'true' },
      Null: { 's3:x-amz-server-side-encryption': 'true', 's3:x-amz-copy-source': 'true' },
      ...ofAnotherAccount(settings),
    }),
  },
  {
    sid: 'AbortUploads',
    covers: ({ on, operation }) => on === 'inbox-object' && operation === 'AbortMultipartUpload',
    resources: () => [anyObject],
    conditions: (_, settings) => ofAnotherAccount(settings),
  },
  {
    sid: 'EncryptThroughS3',
    covers: ({ on, action }) => isKey(on) && action !== 'kms:Decrypt',
    resources: () => [anyKey],
    conditions: () => ({ StringLike: throughS3 }),
  },
  {
    sid: 'DecryptInternalObjectsThroughS3',
    covers: ({ on, action }) => on === 'internal-key' && action === 'kms:Decrypt',
    resources: () => [anyKey],
    // S3 sends KMS the object's ARN, or the bucket's if someone turns on a Bucket Key.
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html
    conditions: (bucket) => ({
      StringLike: {
        ...throughS3,
        'kms:EncryptionContext:aws:s3:arn': [bucket.bucketArn, bucket.arnForObjects('*')],
      },
    }),
  },
  // S3 decrypts the upload's data key for each part. The role can't read other objects under a customer's key.
  {
    sid: 'DecryptPartsThroughS3',
    covers: ({ on, action }) => on === 'inbox-key' && action === 'kms:Decrypt',
    resources: () => [anyKey],
    conditions: (_, settings) => ({ StringLike: throughS3, ...ofAnotherAccount(settings, 'aws:ResourceAccount') }),
  },
];

/**
 * One statement per action on the delivered object. It allows only requests like a delivery's, as far as conditions can
 * test that.
 */
function deliveries(): readonly Grant[] {
  const isOfDelivery = ({ on, operation }: PermissionEdge) =>
    on === 'inbox-object' && (operation === 'CopyObject' || operation === 'CreateMultipartUpload');
  const edges = permissionEdges.filter(isOfDelivery);
  return [...new Set(edges.map(({ action }) => action))].map((action) => {
    const StringEquals = conditionsOfEvery(action, edges.find((edge) => edge.action === action)?.onlyWith);
    return {
      sid: sidsOfDeliveries[action] ?? `Deliver${action.slice('s3:Put'.length)}`,
      covers: (edge) => isOfDelivery(edge) && edge.action === action,
      resources: () => [anyObject],
      conditions: (_, settings) => ({
        ...(Object.keys(StringEquals).length > 0 && { StringEquals }),
        ...ofAnotherAccount(settings),
      }),
    };
  });
}

/** Settings of a deployment: which accounts the role reaches, and optional permissions. */
export interface DeliverySettings {
  /**
   * Whether the role may delete any report in the internal bucket, not only test objects: for an application that
   * deletes a report after delivery.
   *
   * @default false
   */
  readonly deletesReports?: boolean;

  /**
   * Whether inboxes may be in the service's own account. The role can then write to every bucket of the account whose
   * policy does not deny it.
   *
   * @default false
   */
  readonly inboxesInThisAccount?: boolean;

  /**
   * Whether the role may deliver reports of more than 5 GB by multipart upload. It may then also copy and complete parts,
   * decrypt with inbox keys through S3, and abort uploads. This policy then also allows writes without encryption, because
   * conditions can't tell them from the completion of an upload.
   *
   * @default false
   */
  readonly multipartDeliveries?: boolean;

  /** @default - none */
  readonly customerAccounts?: readonly string[];
  /** @default - none */
  readonly customerOrganizations?: readonly string[];
}

function deletionOf(bucket: InternalBucket): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'DeleteReports',
    actions: ['s3:DeleteObject'],
    resources: [bucket.arnForObjects('*')],
  });
}

/**
 * Denies all buckets and keys except those of the customers and the service itself. Both keys are in one statement, which
 * denies only if both match: so a customer's account or its organization is enough. A resource outside of any organization
 * has no `aws:ResourceOrgID`, which matches `StringNotEquals`.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-resourceaccount
 *
 * @returns nothing if no customers are named
 */
function confinement({ customerAccounts = [], customerOrganizations = [] }: DeliverySettings): iam.PolicyStatement[] {
  if (customerAccounts.length + customerOrganizations.length === 0) return [];
  const accounts = [Aws.ACCOUNT_ID, ...customerAccounts];
  return [
    new iam.PolicyStatement({
      sid: 'DenyWhatIsNoCustomers',
      effect: iam.Effect.DENY,
      actions: ['s3:*', 'kms:*'],
      resources: ['*'],
      conditions: {
        StringNotEquals: {
          'aws:ResourceAccount': accounts,
          ...(customerOrganizations.length > 0 && { 'aws:ResourceOrgID': customerOrganizations }),
        },
      },
    }),
  ];
}

/**
 * The delivery role's policy, derived from the permission table. AssumeRole is not in it: that edge is the check's.
 *
 * @throws if the table has an edge that no statement, or more than one, covers: a new permission needs a decision on
 *   where it may be used
 */
export function deliveryPolicy(
  internalBucket: InternalBucket,
  edges: readonly PermissionEdge[] = permissionEdges,
  customers: DeliverySettings = {},
): iam.PolicyDocument {
  const { multipartDeliveries = false } = customers;
  const delivered = edges.filter(
    ({ on, kind }) => on !== 'delivery-role' && (multipartDeliveries || kind !== 'multipart'),
  );
  for (const edge of delivered) {
    const covering = grants.filter((grant) => grant.covers(edge));
    if (covering.length !== 1) {
      throw new Error(
        `The permission table asks for ${edge.action} on ${edge.on}, which ${covering.length} statements of the delivery ` +
          'role cover. Exactly one must: add or narrow a grant in lib/delivery-permissions.ts.',
      );
    }
  }
  return new iam.PolicyDocument({
    statements: [
      ...grants.flatMap((grant) => statementFor(grant, delivered, internalBucket, customers)),
      ...(customers.deletesReports ? [deletionOf(internalBucket)] : []),
      ...confinement(customers),
    ],
  });
}

function statementFor(
  grant: Grant,
  edges: readonly PermissionEdge[],
  bucket: InternalBucket,
  settings: DeliverySettings,
): iam.PolicyStatement[] {
  const actions = new Set(edges.filter(grant.covers).map((edge) => edge.action));
  if (actions.size === 0) return [];
  return [
    new iam.PolicyStatement({
      sid: grant.sid,
      actions: [...actions],
      resources: [...grant.resources(bucket)],
      conditions: { ...grant.conditions?.(bucket, settings) },
    }),
  ];
}
