import { ArnFormat, Aws, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { defined } from '../core/values.ts';

/**
 * Customer-managed keys, the same or different ones. A key that this app creates gets the statements that it needs; an
 * imported key must already have them (docs/deploy.md lists them).
 */
export interface EncryptionKeys {
  /**
   * For all log groups.
   *
   * @default - encrypted by CloudWatch Logs
   */
  readonly logs?: IKey;

  /**
   * For the DynamoDB table of customers' statuses.
   *
   * @default - encrypted with a key that DynamoDB owns
   */
  readonly statusTable?: IKey;

  /**
   * For the environment variables of all functions.
   *
   * @default - encrypted with the account's AWS managed key for Lambda
   */
  readonly environment?: IKey;

  /**
   * For the topic that gets changes of a customer's status, and alarms.
   *
   * @default - a separate key
   */
  readonly statusTopic?: IKey;
}

/** A log group. CloudWatch Logs may use its key only for this group. */
export function logGroupIn(
  scope: Construct,
  id: string,
  props: {
    /** Without a name, the key's policy allows all log groups of this account and Region. */
    readonly logGroupName?: string | undefined;
    readonly logRetention?: logs.RetentionDays | undefined;
    readonly logKey?: IKey | undefined;
    readonly removalPolicy: RemovalPolicy;
  },
): logs.LogGroup {
  const { logGroupName, logRetention: retention = logs.RetentionDays.THREE_MONTHS, logKey, removalPolicy } = props;
  logKey?.addToResourcePolicy(encryptLogs(scope, id, logGroupName));
  return new logs.LogGroup(scope, id, {
    ...defined({ logGroupName, encryptionKey: logKey }),
    retention,
    removalPolicy,
  });
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html */
function encryptLogs(scope: Construct, id: string, logGroupName = '*'): iam.PolicyStatement {
  // By name, because the log group's own ARN would make the key depend on the group.
  const arn = Stack.of(scope).formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: logGroupName,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  return new iam.PolicyStatement({
    sid: `Encrypt${scope.node.id}${id}`.replaceAll(/[^A-Za-z0-9]/g, ''),
    // The service principal of CloudWatch Logs contains the Region.
    principals: [new iam.ServicePrincipal(`logs.${Stack.of(scope).region}.${Aws.URL_SUFFIX}`)],
    actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
    resources: ['*'],
    conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': arn } },
  });
}

/**
 * DynamoDB uses a table's key on behalf of its caller.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.howitworks.html
 */
export function useTableKey({ keyArn }: Pick<IKey, 'keyArn'>): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'UseTheKeyOfTheTable',
    actions: [
      'kms:Encrypt',
      'kms:Decrypt',
      'kms:ReEncryptFrom',
      'kms:ReEncryptTo',
      'kms:GenerateDataKey',
      'kms:GenerateDataKeyWithoutPlaintext',
      'kms:DescribeKey',
    ],
    resources: [keyArn],
    conditions: { StringEquals: { 'kms:ViaService': `dynamodb.${Aws.REGION}.${Aws.URL_SUFFIX}` } },
  });
}
