import { bucketArn } from '../../../core/arn.ts';
import { names } from '../../../core/vocabulary.ts';
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
    modeled: names(`
      AbacStatus AccessControl BucketEncryption BucketName OwnershipControls PublicAccessBlockConfiguration
      VersioningConfiguration
    `),
    // Object Lock protects versions. A delivery creates a new version, and clean-up leaves a delete marker.
    irrelevant: names(`
      AccelerateConfiguration AnalyticsConfigurations CorsConfiguration IntelligentTieringConfigurations
      InventoryConfigurations LifecycleConfiguration LoggingConfiguration MetadataConfiguration
      MetadataTableConfiguration MetricsConfigurations NotificationConfiguration ObjectLockConfiguration
      ObjectLockEnabled ReplicationConfiguration Tags WebsiteConfiguration
    `),
    refused: {
      BucketNamePrefix: 'name the bucket with BucketName, so that policies and events can tell it',
      BucketNamespace: 'name the bucket with BucketName, so that policies and events can tell it',
    },
  },
  'AWS::S3::BucketPolicy': {
    relevance: 'understood',
    nameProperty: 'Bucket',
    modeled: names('Bucket PolicyDocument'),
  },
  // A delivery uses the bucket, never an access point.
  'AWS::S3::AccessPoint': {
    relevance: 'irrelevant',
    nameProperty: 'Name',
    attributes: { Arn: regionalArn('s3', 'accesspoint/') },
  },
  'AWS::S3::StorageLens': { relevance: 'irrelevant' },
};
