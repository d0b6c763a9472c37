import { bucketArn } from '../../../core/arn.ts';
import { type ResourceType, regionalArn } from './resource-type.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_S3.html */
export const s3Types: Readonly<Record<string, ResourceType>> = {
  'AWS::S3::Bucket': {
    relevance: 'understood',
    nameProperty: 'BucketName',
    attributes: {
      Arn: ({ partition, name }) => bucketArn(partition, name),
      DomainName: ({ name, urlSuffix }) => `${name}.s3.${urlSuffix}`,
      DualStackDomainName: ({ name, region, urlSuffix }) => `${name}.s3.dualstack.${region}.${urlSuffix}`,
      RegionalDomainName: ({ name, region, urlSuffix }) => `${name}.s3.${region}.${urlSuffix}`,
    },
    properties: {
      AbacStatus: 'modelled',
      AccelerateConfiguration: 'irrelevant',
      AccessControl: 'modelled',
      AnalyticsConfigurations: 'irrelevant',
      BucketEncryption: 'modelled',
      BucketName: 'modelled',
      BucketNamePrefix: { refused: 'name the bucket with BucketName, so that policies and events can tell it' },
      BucketNamespace: { refused: 'name the bucket with BucketName, so that policies and events can tell it' },
      CorsConfiguration: 'irrelevant',
      IntelligentTieringConfigurations: 'irrelevant',
      InventoryConfigurations: 'irrelevant',
      LifecycleConfiguration: 'irrelevant',
      LoggingConfiguration: 'irrelevant',
      MetadataConfiguration: 'irrelevant',
      MetadataTableConfiguration: 'irrelevant',
      MetricsConfigurations: 'irrelevant',
      NotificationConfiguration: 'irrelevant',
      // A retention protects versions; a delivery overwrites with a new one, and clean-up leaves a delete marker.
      ObjectLockConfiguration: 'irrelevant',
      ObjectLockEnabled: 'irrelevant',
      OwnershipControls: 'modelled',
      PublicAccessBlockConfiguration: 'modelled',
      ReplicationConfiguration: 'irrelevant',
      Tags: 'irrelevant',
      VersioningConfiguration: 'modelled',
      WebsiteConfiguration: 'irrelevant',
    },
  },
  'AWS::S3::BucketPolicy': {
    relevance: 'understood',
    nameProperty: 'Bucket',
    properties: { Bucket: 'modelled', PolicyDocument: 'modelled' },
  },
  // A delivery names the bucket, never an access point.
  'AWS::S3::AccessPoint': {
    relevance: 'irrelevant',
    nameProperty: 'Name',
    attributes: {
      Arn: regionalArn('s3', 'accesspoint/'),
    },
  },
  'AWS::S3::StorageLens': { relevance: 'irrelevant' },
};
