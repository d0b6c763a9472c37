import type { RequestFact } from './request-facts.ts';

/**
 * Every condition key that a policy about a delivery may test: the requests that have it, and what its value depends
 * on. `context.ts` sets the values of a request. A key in this table that it doesn't set is known to be absent; a key
 * in no row is unknown.
 */
export interface ContextKey {
  /** A trailing `/` or `:` matches every key with this prefix. */
  readonly key: string;
  /** The requests that can have it. Requests of service principals and federated users don't occur here. */
  readonly on: readonly RequestKind[];
  /** The fact that determines its value, if no document and no test event contains it. */
  readonly fact?: RequestFact;
  /** Set for a key that each of these requests has, whatever its value. */
  readonly isAlwaysThere?: true;
  readonly source: string;
}

/** `kms-via-s3` is a request that S3 sends to KMS on behalf of its caller. */
type RequestKind = 's3' | 'kms-via-s3' | 'kms' | 'sts';

const global = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html';
const ofS3 = 'https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html';
const ofKms = 'https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html';
const ofSts = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html';
const ofLambda = 'https://docs.aws.amazon.com/lambda/latest/dg/permissions-source-function-arn.html';

const ofPrincipals =
  'https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-bucket-user-policy-specifying-principal-intro.html';

const every: readonly RequestKind[] = ['s3', 'kms-via-s3', 'kms', 'sts'];
const direct: readonly RequestKind[] = ['s3', 'kms', 'sts'];
const toKms: readonly RequestKind[] = ['kms-via-s3', 'kms'];
const never: readonly RequestKind[] = [];

function rows(source: string, on: readonly RequestKind[], keys: string, fact?: RequestFact): readonly ContextKey[] {
  return keys.split(' ').map((key) => ({ key, on, source, ...(fact && { fact }) }));
}

/** Each of these requests has them; only their values may be unknown. */
function alwaysThere(...args: Parameters<typeof rows>): readonly ContextKey[] {
  return rows(...args).map((row) => ({ ...row, isAlwaysThere: true }));
}

export const contextKeys: readonly ContextKey[] = [
  // The caller.
  ...rows(global, every, 'aws:PrincipalArn aws:PrincipalAccount aws:PrincipalType aws:PrincipalIsAWSService'),
  ...rows(global, every, 'aws:TokenIssueTime aws:MultiFactorAuthPresent'),
  ...alwaysThere(global, every, 'aws:userid', 'roleId'),
  // This is not a condition key, but a type of Principal.
  ...rows(ofPrincipals, ['s3', ...toKms], 'CanonicalUser', 'canonicalUserId'),
  ...rows(global, every, 'aws:PrincipalTag/', 'roleTags'),
  ...rows(global, every, 'aws:PrincipalOrgID', 'serviceOrganization'),
  ...rows(global, every, 'aws:PrincipalOrgPaths', 'serviceOrganizationPath'),
  // For users, federation, instance roles and AWS services. A role that a function assumes has none of them.
  ...rows(
    global,
    never,
    'aws:username aws:MultiFactorAuthAge aws:FederatedProvider aws:SourceIdentity aws:AssumedRoot',
  ),
  ...rows(global, never, 'aws:PrincipalServiceName aws:PrincipalServiceNamesList aws:ChatbotSourceArn'),
  ...rows(
    global,
    never,
    'aws:Ec2InstanceSourceVpc aws:Ec2InstanceSourcePrivateIPv4 ec2:SourceInstanceARN ec2:RoleDelivery',
  ),
  ...rows(global, never, 'glue:RoleAssumedBy glue:CredentialIssuingService ssm:SourceInstanceArn identitystore:'),
  ...rows(global, never, 'aws:SourceAccount aws:SourceArn aws:SourceOwner aws:SourceOrgID aws:SourceOrgPaths'),
  ...rows(ofLambda, every, 'lambda:SourceFunctionArn'),
  // The network. A request that S3 sends to KMS has none of the client's keys.
  ...rows(global, every, 'aws:SecureTransport aws:ViaAWSService'),
  ...rows(global, never, 'aws:CalledVia aws:CalledViaFirst aws:CalledViaLast'),
  ...rows(global, direct, 'aws:SourceIp', 'network'),
  ...rows(global, direct, 'aws:SourceVpce', 'vpcEndpointId'),
  ...rows(global, direct, 'aws:SourceVpc aws:SourceVpcArn', 'vpcId'),
  ...rows(global, direct, 'aws:VpcSourceIp', 'vpcClient'),
  // Only for requests through an endpoint; the values are those of its owner.
  ...rows(global, direct, 'aws:VpceAccount aws:VpceOrgID aws:VpceOrgPaths', 'network'),
  ...rows(global, direct, 'aws:VpceOrgID', 'serviceOrganization'),
  ...rows(global, direct, 'aws:VpceOrgPaths', 'serviceOrganizationPath'),
  // The resource.
  ...rows(global, every, 'aws:ResourceAccount'),
  ...rows(global, every, 'aws:ResourceOrgID', 'customerOrganization'),
  ...rows(global, every, 'aws:ResourceOrgPaths', 'customerOrganizationPath'),
  ...rows(global, ['s3'], 'aws:ResourceTag/', 'bucketTags'),
  ...rows(global, toKms, 'aws:ResourceTag/', 'keyTags'),
  ...rows(global, ['sts'], 'aws:ResourceTag/', 'roleTags'),
  // The request.
  ...rows(global, every, 'aws:CurrentTime aws:EpochTime aws:RequestedRegion'),
  ...rows(global, every, 'aws:RequestTag/ aws:TagKeys'),
  ...rows(global, never, 'aws:Referer'),
  ...alwaysThere(global, every, 'aws:UserAgent', 'client'),

  ...rows(ofS3, ['s3'], 's3:ResourceAccount s3:authType s3:signatureversion s3:TlsVersion s3:signatureAge'),
  ...alwaysThere(ofS3, ['s3'], 's3:x-amz-content-sha256', 'client'),
  ...rows(ofS3, ['s3'], 's3:x-amz-acl s3:x-amz-grant-full-control s3:x-amz-grant-read s3:x-amz-grant-read-acp'),
  ...rows(
    ofS3,
    ['s3'],
    's3:x-amz-grant-write s3:x-amz-grant-write-acp s3:x-amz-copy-source s3:x-amz-metadata-directive',
  ),
  ...rows(ofS3, ['s3'], 's3:x-amz-server-side-encryption s3:x-amz-server-side-encryption-aws-kms-key-id'),
  ...rows(ofS3, ['s3'], 's3:x-amz-server-side-encryption-customer-algorithm s3:x-amz-storage-class'),
  ...rows(ofS3, ['s3'], 's3:x-amz-website-redirect-location s3:x-amz-object-ownership s3:ObjectCreationOperation'),
  ...rows(ofS3, ['s3'], 's3:if-match s3:if-none-match s3:VersionId s3:prefix s3:delimiter s3:max-keys'),
  ...rows(ofS3, ['s3'], 's3:RequestObjectTag/ s3:RequestObjectTagKeys s3:ExistingObjectTag/ s3:LocationConstraint'),
  ...rows(ofS3, ['s3'], 's3:object-lock-mode s3:object-lock-retain-until-date s3:object-lock-legal-hold'),
  ...rows(ofS3, ['s3'], 's3:object-lock-remaining-retention-days'),
  ...rows(ofS3, ['s3'], 's3:BucketTag/', 'bucketTags'),
  // Deliveries use the bucket, not an access point.
  ...rows(
    ofS3,
    never,
    's3:DataAccessPointArn s3:DataAccessPointAccount s3:AccessPointNetworkOrigin s3:AccessPointTag/',
  ),
  ...rows(
    ofS3,
    never,
    's3:AccessGrantsInstanceArn s3:AccessGrantScope s3:InventoryAccessibleOptionalFields s3:isReplicationPauseRequest',
  ),
  // For annotations, event holds, access grants, log deliveries and new buckets, which a delivery doesn't use.
  ...rows(ofS3, never, 's3:annotation-prefix s3:max-annotation-results s3:x-amz-object-annotation-directive'),
  ...rows(ofS3, never, 's3:x-amz-object-if-match s3:object-lock-event-hold s3:object-lock-event-hold-duration-days'),
  ...rows(ofS3, never, 's3:AccessGrantsLocationScope s3:deliverySourceArn s3:logType s3:x-amz-bucket-namespace'),
  ...rows(ofS3, never, 's3:DestinationRegion s3:JobSuspendedCause s3:RequestJobOperation s3:RequestJobPriority'),
  ...rows(ofS3, never, 's3:ExistingJobOperation s3:ExistingJobPriority s3express:'),

  ...rows(ofKms, ['kms-via-s3'], 'kms:ViaService'),
  ...rows(ofKms, toKms, 'kms:CallerAccount kms:EncryptionContext: kms:EncryptionContextKeys kms:EncryptionAlgorithm'),
  ...rows(ofKms, toKms, 'kms:KeyOrigin kms:KeySpec kms:KeyUsage kms:MultiRegion kms:RequestAlias'),
  ...rows(ofKms, toKms, 'kms:MultiRegionKeyType', 'multiRegionKeyType'),
  ...rows(ofKms, toKms, 'kms:CustomerMasterKeySpec kms:CustomerMasterKeyUsage'),
  ...rows(ofKms, toKms, 'kms:ResourceAliases', 'keyAliases'),
  // For grants, key material, signatures and attestation, which S3's encryption doesn't use.
  ...rows(ofKms, never, 'kms:GrantIsForAWSResource kms:GrantConstraintType kms:GrantOperations kms:GranteePrincipal'),
  ...rows(
    ofKms,
    never,
    'kms:RetiringPrincipal kms:BypassPolicyLockoutSafetyCheck kms:DataKeyPairSpec kms:ExpirationModel',
  ),
  ...rows(ofKms, never, 'kms:ValidTo kms:WrappingAlgorithm kms:WrappingKeySpec kms:ReEncryptOnSameKey kms:MessageType'),
  ...rows(ofKms, never, 'kms:SigningAlgorithm kms:MacAlgorithm kms:KeyAgreementAlgorithm kms:RecipientAttestation:'),
  ...rows(
    ofKms,
    never,
    'kms:GranteeServicePrincipal kms:RetiringServicePrincipal kms:RotationPeriodInDays kms:ScheduleKeyDeletionPendingWindowInDays kms:PrimaryRegion kms:ReplicaRegion',
  ),

  ...rows(ofSts, ['sts'], 'sts:ExternalId sts:RoleSessionName sts:SourceIdentity sts:TransitiveTagKeys'),
  ...rows(
    ofSts,
    never,
    'sts:AWSServiceName sts:DurationSeconds sts:RequestContext/ sts:RequestContextProviders sts:TaskPolicyArn',
  ),
  ...rows(
    ofSts,
    never,
    'saml: accounts.google.com: graph.facebook.com: www.amazon.com: cognito-identity.amazonaws.com:',
  ),
  ...rows(ofSts, never, 'token.actions.githubusercontent.com: iam:'),
];

const exact = new Map<string, ContextKey[]>();
const families: ContextKey[] = [];
for (const row of contextKeys) {
  const name = row.key.toLowerCase();
  if (/[/:]$/.test(name)) families.push({ ...row, key: name });
  else exact.set(name, [...(exact.get(name) ?? []), row]);
}

/** The rows of a key, in any case; empty for a key in no row. */
export function rowsOf(key: string): readonly ContextKey[] {
  const name = key.toLowerCase();
  return exact.get(name) ?? families.filter((family) => name.startsWith(family.key));
}
