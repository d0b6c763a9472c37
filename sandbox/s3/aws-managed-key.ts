import { randomUUID } from 'node:crypto';
import { accountArn, keyArn, partitionOf, viaS3 } from '../../core/arn.ts';
import type { Key, World } from '../../model/world/world.ts';

const alias = 'alias/aws/s3';

/**
 * The key ID of `aws/s3` in an account and Region. S3 creates the key when it is first needed. Its policy lets everyone
 * in that account who may use S3 use the key through S3.
 *
 * Sources: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html#aws-managed-customer-managed-keys
 * and https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#aws-managed-cmk
 */
export function awsManagedKeyId(world: World, accountId: string, region: string): string {
  const existing = [...world.keys.values()].find(
    (key) => key.accountId === accountId && key.region === region && key.aliases.includes(alias),
  );
  const { arn } = existing ?? make(world, accountId, region);
  return arn;
}

function make(world: World, accountId: string, region: string): Key {
  const keyId = randomUUID();
  const key: Key = {
    arn: keyArn(region, accountId, keyId),
    keyId,
    accountId,
    region,
    state: 'Enabled',
    spec: 'SYMMETRIC_DEFAULT',
    multiRegion: false,
    grants: [],
    aliases: [alias],
    policy: {
      Version: '2012-10-17',
      Id: 'auto-s3-2',
      Statement: [
        {
          Sid: 'Allow access through S3 for all principals in the account that are authorized to use S3',
          Effect: 'Allow',
          Principal: { AWS: '*' },
          Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
          Resource: '*',
          Condition: {
            StringEquals: { 'kms:CallerAccount': accountId, 'kms:ViaService': viaS3(region) },
          },
        },
        {
          Sid: 'Allow direct access to key metadata to the account',
          Effect: 'Allow',
          Principal: { AWS: accountArn(partitionOf(region), accountId) },
          Action: ['kms:Describe*', 'kms:Get*', 'kms:List*'],
          Resource: '*',
        },
      ],
    },
  };
  world.keys.set(key.arn, key);
  return key;
}
