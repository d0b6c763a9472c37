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
    relevance: 'refused',
    why: 'a replica has the material of a key in another stack; deploy an AWS::KMS::Key, or describe the key in the scenario',
  },
};
