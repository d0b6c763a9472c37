import { type ResourceType, regionalArn } from './resource-type.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_KMS.html */
export const kmsTypes: Readonly<Record<string, ResourceType>> = {
  'AWS::KMS::Key': {
    relevance: 'understood',
    attributes: { Arn: regionalArn('kms', 'key/'), KeyId: ({ name }) => name },
    properties: {
      BypassPolicyLockoutSafetyCheck: 'irrelevant',
      Description: 'irrelevant',
      EnableKeyRotation: 'irrelevant',
      Enabled: 'modelled',
      KeyPolicy: 'modelled',
      KeySpec: 'modelled',
      // Follows from KeySpec as far as S3 is concerned: only SYMMETRIC_DEFAULT, which is always ENCRYPT_DECRYPT, works.
      KeyUsage: 'irrelevant',
      MultiRegion: 'modelled',
      Origin: 'modelled',
      PendingWindowInDays: 'irrelevant',
      RotationPeriodInDays: 'irrelevant',
      Tags: 'irrelevant',
    },
  },
  'AWS::KMS::Alias': {
    relevance: 'understood',
    nameProperty: 'AliasName',
    properties: { AliasName: 'modelled', TargetKeyId: 'modelled' },
  },
  'AWS::KMS::ReplicaKey': {
    relevance: 'understood',
    attributes: { Arn: regionalArn('kms', 'key/'), KeyId: ({ name }) => name },
    properties: {
      Description: 'irrelevant',
      Enabled: 'modelled',
      KeyPolicy: 'modelled',
      PendingWindowInDays: 'irrelevant',
      // Symmetric as its primary, for S3 takes no other; where that is an asymmetric key, its own stack tells.
      PrimaryKeyArn: 'irrelevant',
      Tags: 'irrelevant',
    },
  },
};
