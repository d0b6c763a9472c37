import { names } from '../../../core/vocabulary.ts';
import { type ResourceType, regionalArn } from './resource-type.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_KMS.html */
export const kmsTypes: Readonly<Record<string, ResourceType>> = {
  'AWS::KMS::Key': {
    relevance: 'understood',
    attributes: { Arn: regionalArn('kms', 'key/'), KeyId: ({ name }) => name },
    modeled: names('Enabled KeyPolicy KeySpec MultiRegion Origin'),
    // KeyUsage follows from KeySpec: S3 can only use SYMMETRIC_DEFAULT, which is always ENCRYPT_DECRYPT.
    irrelevant: names(`
      BypassPolicyLockoutSafetyCheck Description EnableKeyRotation KeyUsage PendingWindowInDays
      RotationPeriodInDays Tags
    `),
  },
  'AWS::KMS::Alias': {
    relevance: 'understood',
    nameProperty: 'AliasName',
    modeled: names('AliasName TargetKeyId'),
  },
  'AWS::KMS::ReplicaKey': {
    relevance: 'understood',
    attributes: { Arn: regionalArn('kms', 'key/'), KeyId: ({ name }) => name },
    modeled: names('Enabled KeyPolicy'),
    // A replica is symmetric like its primary. If the primary is not, its own stack shows it.
    irrelevant: names('Description PendingWindowInDays PrimaryKeyArn Tags'),
  },
};
