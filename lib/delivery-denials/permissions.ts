import * as iam from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { useTableKey } from '../encryption-keys.ts';
import { inboxBucketIndex, inboxKeyIndex } from '../fleet-health-check/storage.ts';

/** The states' permissions, each on one resource. */
export function denialPolicy({
  statusTable,
  healthCheck,
  metricsNamespace,
  tableKey,
}: {
  /** ARNs. */
  readonly statusTable: string;
  readonly healthCheck: string;
  readonly metricsNamespace: string;
  /** The table's key, unless DynamoDB owns it. */
  readonly tableKey: IKey | undefined;
}): iam.PolicyDocument {
  return new iam.PolicyDocument({
    statements: [
      new iam.PolicyStatement({
        sid: 'FindCustomers',
        actions: ['dynamodb:Query'],
        resources: [inboxKeyIndex, inboxBucketIndex].map((index) => `${statusTable}/index/${index}`),
      }),
      new iam.PolicyStatement({ sid: 'CheckThem', actions: ['states:StartExecution'], resources: [healthCheck] }),
      new iam.PolicyStatement({
        sid: 'CountInOneNamespace',
        actions: ['cloudwatch:PutMetricData'],
        // The namespace is the only possible limit.
        // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
        resources: ['*'],
        conditions: { StringEquals: { 'cloudwatch:namespace': metricsNamespace } },
      }),
      ...(tableKey ? [useTableKey(tableKey)] : []),
    ],
  });
}
