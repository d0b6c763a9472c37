import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, type LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { type AlarmSettings, alarmPeriod, alarmsIn } from '../alarm-factory.ts';

export interface StackCheckAlarmsProps extends AlarmSettings {
  readonly deadLetterQueue: Queue;
  /** Of the function that takes requests. */
  readonly logGroup: LogGroup;
  readonly metricsNamespace: string;
}

/** What customers' stacks may do wrong, and what may go wrong in answering them. */
export class StackCheckAlarms extends Construct {
  readonly notAnswered: cloudwatch.Alarm;
  readonly notTrusted: cloudwatch.Alarm;

  constructor(scope: Construct, id: string, props: StackCheckAlarmsProps) {
    super(scope, id);
    const notTrustedFilter = props.logGroup.addMetricFilter('NotTrusted', {
      filterPattern: FilterPattern.booleanValue('$.trusted', false),
      metricNamespace: props.metricsNamespace,
      metricName: 'StackRequestsNotTrusted',
    });
    const section = 'a-customers-stack-was-not-answered';

    const { notAnswered, notTrusted } = alarmsIn(this, props, {
      notAnswered: {
        what: 'stack-not-answered',
        section,
        says:
          "A customer's stack got no answer, and fails half an hour after it asked. The messages in the queue name it, and " +
          'the logs of both functions say why; delete each message when you have dealt with it.',
        metric: props.deadLetterQueue.metricApproximateNumberOfMessagesVisible({
          period: alarmPeriod,
          statistic: 'Maximum',
        }),
        evaluationPeriods: 1,
      },
      notTrusted: {
        what: 'stack-not-trusted',
        section,
        says:
          "A request from a customer's account was not trusted, and so not answered: somebody forges requests, or " +
          'CloudFormation has changed how it sends them. The log of the function says what was wrong.',
        metric: notTrustedFilter.metric({ period: alarmPeriod, statistic: 'Sum' }),
        evaluationPeriods: 1,
      },
    });
    this.notAnswered = notAnswered;
    this.notTrusted = notTrusted;
  }
}
