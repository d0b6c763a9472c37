import { Validations } from 'aws-cdk-lib';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { reviewedWildcards, withoutServerAccessLogs } from '../reviewed.ts';
import { everyMetric } from '../state-machine.ts';
import { resultsPrefix } from './definition.ts';
import { executionsOf } from './permissions.ts';

/** The reviewed parts of the health check. */
interface Reviewed extends Construct {
  readonly stateMachine: sfn.StateMachine;
  readonly results: s3.Bucket;
  readonly deadLetterQueue: sqs.Queue;
}

/** Why the health check does not follow some of cdk-nag's rules. https://github.com/cdklabs/cdk-nag/blob/main/RULES.md */
export function acknowledgeFindings(healthCheck: Reviewed): void {
  const { stateMachine, results, deadLetterQueue } = healthCheck;
  Validations.of(results).acknowledge(withoutServerAccessLogs);
  Validations.of(deadLetterQueue).acknowledge({
    id: 'AwsSolutions-SQS3',
    reason: 'It is the dead-letter queue of the state machine, the schedule and a rule, which cdk-nag does not see.',
  });
  Validations.of(healthCheck).acknowledge(
    ...reviewedWildcards(healthCheck, [
      everyMetric,
      [results.arnForObjects(`${resultsPrefix}/*`), 'Each run writes objects under its own name.'],
      ...executionsOf(stateMachine).map(
        (arn) => [arn, 'Each child workflow is an execution with its own name.'] as const,
      ),
    ]),
  );
}
