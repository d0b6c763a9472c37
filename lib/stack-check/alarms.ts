import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { FilterPattern, type LogGroup } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { given } from '../given.ts';

export interface StackCheckAlarmsProps {
  readonly deadLetterQueue: Queue;
  /** Of the function that takes requests. */
  readonly logGroup: LogGroup;
  readonly metricsNamespace: string;
  /** @default - CloudFormation makes names up */
  readonly alarmName?: (what: string) => string;
  /** @default - the alarms are seen in CloudWatch only */
  readonly topic?: ITopic;
}

export interface StackCheckAlarms {
  readonly notAnswered: cloudwatch.Alarm;
  readonly notTrusted: cloudwatch.Alarm;
}

export function stackCheckAlarms(scope: Construct, props: StackCheckAlarmsProps): StackCheckAlarms {
  const period = Duration.minutes(5);
  const alarm = (id: string, what: string, metric: cloudwatch.IMetric, alarmDescription: string): cloudwatch.Alarm => {
    const made = new cloudwatch.Alarm(scope, id, {
      ...given({ alarmName: props.alarmName?.(what) }),
      alarmDescription,
      metric,
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
    if (props.topic !== undefined) {
      made.addAlarmAction(new SnsAction(props.topic));
      made.addOkAction(new SnsAction(props.topic));
    }
    return made;
  };
  const notTrusted = props.logGroup.addMetricFilter('NotTrusted', {
    filterPattern: FilterPattern.booleanValue('$.trusted', false),
    metricNamespace: props.metricsNamespace,
    metricName: 'StackRequestsNotTrusted',
  });
  return {
    notAnswered: alarm(
      'NotAnsweredAlarm',
      'stack-not-answered',
      props.deadLetterQueue.metricApproximateNumberOfMessagesVisible({ period, statistic: 'Maximum' }),
      "A customer's stack got no answer, and fails half an hour after it asked. The messages in the queue name it, and the " +
        'logs of both functions say why; delete them when they are dealt with.',
    ),
    notTrusted: alarm(
      'NotTrustedAlarm',
      'stack-not-trusted',
      notTrusted.metric({ period, statistic: 'Sum' }),
      "A request from a customer's account was not trusted, and so not answered: somebody forges requests, or " +
        'CloudFormation sends them otherwise than it did. The log of the function says what was wrong.',
    ),
  };
}
