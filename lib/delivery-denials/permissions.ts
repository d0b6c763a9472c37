import * as iam from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { useTableKey } from '../encryption-keys.ts';
import { inboxBucketIndex, inboxKeyIndex } from '../fleet-health-check/storage.ts';

/** What the states do, each on one resource. */
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
  /** Of the table, unless it is DynamoDB's own. */
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
        // It can be narrowed by the namespace only.
        // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
        resources: ['*'],
        conditions: { StringEquals: { 'cloudwatch:namespace': metricsNamespace } },
      }),
      ...(tableKey ? [useTableKey(tableKey)] : []),
    ],
  });
}
