import type { ReadText } from '../../lambda/customer_configuration_check/diagnosis/failure-in-text.ts';
import { first, type RecordFields } from './fields.ts';

/**
 * Reads an S3 event about the replication of an object.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-metrics-events.html
 */
export function toldByReplication(fields: RecordFields): ReadText | 'succeeded' {
  const reason = first(fields, 'replicationeventdatafailurereason');
  const isFailure = /OperationFailedReplication$/.test(first(fields, 'eventname') ?? '');
  if (reason === undefined && !isFailure) return 'succeeded';
  const destination = first(fields, 'replicationeventdatadestinationbucket');
  const source = first(fields, 's3bucketarn', 's3bucketname');
  const key = first(fields, 's3objectkey');
  const why = reason ?? 'the event has no failureReason';
  return {
    message: `${key ?? 'An object'} of ${source ?? 'a bucket'} was not replicated to ${destination ?? 'its destination'}: ${why}`,
    source: 'service-message',
    code: reason,
    resource: reason?.startsWith('Src') ? source : destination,
  };
}
