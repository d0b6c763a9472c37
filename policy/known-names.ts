/**
 * Names in AWS's service authorization reference as of 2026-09-26, separated by spaces.
 *
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
 */

/** Actions of Amazon S3 on objects; `PutObject:=,Acl` is PutObject and PutObjectAcl, and `~` is Configuration. */
export const s3ObjectActions =
  'AbortMultipartUpload BypassGovernanceRetention InitiateReplication ObjectOwnerOverrideToBucketOwner ' +
  'ReplicateDelete ReplicateObject ReplicateObjectAnnotation ReplicateTags RestoreObject UpdateObjectEncryption ' +
  'DeleteObject:=,Annotation,Tagging DeleteObjectVersion:=,Annotation,Tagging GetObject:=,Acl,Annotation,' +
  'Attributes,LegalHold,Retention,Tagging,Torrent GetObjectVersion:=,Acl,Annotation,AnnotationForReplication,' +
  'Attributes,ForReplication,Tagging,Torrent List:MultipartUploadParts,ObjectAnnotations,' +
  'ObjectVersionAnnotations PutObject:=,Acl,Annotation,LegalHold,Retention,Tagging PutObjectVersion:Acl,' +
  'Annotation,Tagging';

/** Actions of Amazon S3 on buckets, in the same notation. */
export const s3BucketActions =
  'AllowVendedLogDeliveryForResource CreateBucket CreateBucketMetadataTable~ PauseReplication TagResource ' +
  'UntagResource DeleteBucket:=,MetadataTable~,Policy,Website Get:Accelerate~,Analytics~,Encryption~,' +
  'IntelligentTiering~,Inventory~,Lifecycle~,Metrics~,Replication~ GetBucket:Abac,Acl,CORS,Location,Logging,' +
  'MetadataTable~,Notification,ObjectLock~,OwnershipControls,Policy,PolicyStatus,PublicAccessBlock,' +
  'RequestPayment,Tagging,Versioning,Website List:TagsForResource ListBucket:=,MultipartUploads,Versions ' +
  'Put:Accelerate~,Analytics~,Encryption~,IntelligentTiering~,Inventory~,Lifecycle~,Metrics~,Replication~ ' +
  'PutBucket:Abac,Acl,CORS,Logging,Notification,ObjectLock~,OwnershipControls,Policy,PublicAccessBlock,' +
  'RequestPayment,Tagging,Versioning,Website UpdateBucketMetadata:AnnotationTable~,InventoryTable~,JournalTable~';

/** Expands a text in this notation into names. */
export function namesIn(text: string): readonly string[] {
  const groups = text.replaceAll('~', 'Configuration').split(' ');
  return groups.flatMap((group) => {
    const [prefix = '', rest = '='] = group.split(':');
    return rest.split(',').map((name) => prefix + name.replace('=', ''));
  });
}

/** Condition keys of Amazon S3, without `s3:`. Those that end in a slash are followed by a tag key. */
export const s3ConditionKeys =
  'AccessGrantScope AccessPointNetworkOrigin AccessPointTag/ annotation-prefix authType BucketTag/ ' +
  'DataAccessPointAccount DataAccessPointArn delimiter deliverySourceArn destinationRegion if-match ' +
  'if-none-match InventoryAccessibleOptionalFields isReplicationPauseRequest JobSuspendedCause ' +
  'locationconstraint logType max-annotation-results max-keys ObjectCreationOperation prefix ResourceAccount ' +
  'resourceArnBeingAuthorized signatureAge signatureversion TlsVersion versionid AccessGrants:InstanceArn,' +
  'LocationScope Existing:JobOperation,JobPriority,ObjectTag/ object-lock-:event-hold,event-hold-duration-days,' +
  'legal-hold,mode,remaining-retention-days,retain-until-date Request:JobOperation,JobPriority,ObjectTag/,' +
  'ObjectTagKeys x-amz-:acl,bucket-namespace,content-sha256,copy-source,metadata-directive,' +
  'object-annotation-directive,object-if-match,object-ownership,storage-class,website-redirect-location ' +
  'x-amz-grant-:full-control,read,read-acp,write,write-acp x-amz-server-side-encryption:=,-aws-kms-key-id,' +
  '-customer-algorithm';

/**
 * Services whose actions a resource control policy may name. Source:
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
 */
export const rcpServices =
  'aoss appconfig appstream autoscaling autoscaling-plans budgets clouddirectory cloudfront cloudsearch ' +
  'cloudtrail-data codeartifact codebuild codecommit codepipeline cognito-identity cognito-idp comprehend ' +
  'comprehendmedical compute-optimizer cost-optimization-hub dax dsql dynamodb ecr ecr-public events firehose ' +
  'fis fms gamelift health inspector-scan kendra kinesisvideo kms logs memorydb networkmonitor notifications ' +
  'opensearch pca-connector-ad personalize polly pricing resource-groups rolesanywhere s3 secretsmanager ' +
  'servicediscovery signin sqs sts support swf textract timestream-influxdb transcribe transfer translate wafv2 ' +
  'workspaces xray';
