import { Validations } from 'aws-cdk-lib';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { reviewedWildcards, withoutServerAccessLogs } from '../reviewed.ts';
import { resultsPrefix } from './definition.ts';
import { executionsOf } from './permissions.ts';

/** What of the health check is looked at. */
interface Reviewed extends Construct {
  readonly stateMachine: sfn.StateMachine;
  readonly results: s3.Bucket;
  readonly deadLetterQueue: sqs.Queue;
}

/** What the health check does otherwise than cdk-nag's rules say. https://github.com/cdklabs/cdk-nag/blob/main/RULES.md */
export function acknowledgeFindings(healthCheck: Reviewed): void {
  const { stateMachine, results, deadLetterQueue } = healthCheck;
  Validations.of(results).acknowledge(withoutServerAccessLogs);
  Validations.of(deadLetterQueue).acknowledge({
    id: 'AwsSolutions-SQS3',
    reason: 'It is the dead-letter queue of the state machine, the schedule and a rule, which cdk-nag does not see.',
  });
  Validations.of(stateMachine).acknowledge(
    {
      id: 'AwsSolutions-SF1',
      reason:
        'What went well is in the table of statuses. A log of every state of every customer would cost more than it.',
    },
    { id: 'AwsSolutions-SF2', reason: 'The history of an execution has its times; X-Ray would be paid for once more.' },
  );
  Validations.of(healthCheck).acknowledge(
    ...reviewedWildcards(healthCheck, [
      [
        '*',
        'CloudWatch knows no resources for metrics, which are narrowed by namespace, nor for the delivery of logs.',
      ],
      [results.arnForObjects(`${resultsPrefix}/*`), 'Each run writes objects of its own name.'],
      ...executionsOf(stateMachine).map(
        (arn) => [arn, 'Each child workflow is an execution of its own name.'] as const,
      ),
    ]),
  );
}
