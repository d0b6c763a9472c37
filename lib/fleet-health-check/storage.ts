import { Duration } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { defined } from '../../core/values.ts';
import { keptOnceDeployed } from '../data-protection.ts';

/** The index that finds customers by their inbox's key and bucket. */
export const inboxKeyIndex = 'by-inbox-key';

/** The index that finds customers by their inbox's bucket alone. */
export const inboxBucketIndex = 'by-inbox-bucket';

export function statusTable(
  scope: Construct,
  { tableName, key }: { readonly tableName?: string | undefined; readonly key?: IKey | undefined },
): dynamodb.Table {
  const { STRING } = dynamodb.AttributeType;
  const table = new dynamodb.Table(scope, 'Statuses', {
    ...defined({ tableName, encryptionKey: key }),
    partitionKey: { name: 'registryKey', type: STRING },
    billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
    // To restore statuses after a mistake of ours.
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    removalPolicy: keptOnceDeployed,
  });
  table.addGlobalSecondaryIndex({
    indexName: inboxKeyIndex,
    partitionKey: { name: 'inboxKeyArn', type: STRING },
    sortKey: { name: 'inboxBucket', type: STRING },
    // No attribute that every check writes, so that a check without news costs one write instead of two.
    projectionType: dynamodb.ProjectionType.INCLUDE,
    nonKeyAttributes: ['customer'],
  });
  table.addGlobalSecondaryIndex({
    indexName: inboxBucketIndex,
    partitionKey: { name: 'inboxBucket', type: STRING },
    projectionType: dynamodb.ProjectionType.KEYS_ONLY,
  });
  return table;
}

/** The results of each run's batches. The statuses are in the table. */
export function resultsBucket(scope: Construct, bucketName: string | undefined): s3.Bucket {
  return new s3.Bucket(scope, 'Results', {
    ...defined({ bucketName }),
    objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    encryption: s3.BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    lifecycleRules: [{ id: 'ExpireResults', expiration: Duration.days(30) }],
    removalPolicy: keptOnceDeployed,
  });
}

export function deadLetters(scope: Construct, queueName: string | undefined): sqs.Queue {
  return new sqs.Queue(scope, 'DeadLetters', {
    ...defined({ queueName }),
    retentionPeriod: Duration.days(14),
    encryption: sqs.QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
  });
}
