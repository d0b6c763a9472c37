import * as iam from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { useTableKey } from '../encryption-keys.ts';
import { inboxBucketIndex, inboxKeyIndex } from '../fleet-health-check/storage.ts';
import { countInOneNamespace } from '../state-machine.ts';

/** The states' permissions, each on one resource. */
export function denialPermissions({
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
}): readonly iam.PolicyStatement[] {
  return [
    new iam.PolicyStatement({
      sid: 'FindCustomers',
      actions: ['dynamodb:Query'],
      resources: [inboxKeyIndex, inboxBucketIndex].map((index) => `${statusTable}/index/${index}`),
    }),
    new iam.PolicyStatement({ sid: 'CheckThem', actions: ['states:StartExecution'], resources: [healthCheck] }),
    countInOneNamespace(metricsNamespace),
    ...(tableKey ? [useTableKey(tableKey)] : []),
  ];
}
