import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { given } from '../given.ts';
import { inconclusiveLimit, metrics } from './events.ts';

export interface HealthCheckAlarmsProps {
  readonly stateMachine: StateMachine;
  readonly deadLetterQueue: Pick<IQueue, 'metricApproximateNumberOfMessagesVisible'>;
  readonly metricsNamespace: string;
  /** Of the schedule. */
  readonly interval: Duration;
  /** @default - the alarms are seen in CloudWatch only */
  readonly topic?: ITopic;
  /** @default - CloudFormation makes names up */
  readonly alarmName?: (what: string) => string;
}

/** What nobody would notice otherwise: a health check that is not there reports no denied customers. */
export class HealthCheckAlarms extends Construct {
  readonly notFinished: cloudwatch.Alarm;
  readonly failed: cloudwatch.Alarm;
  readonly notChecked: cloudwatch.Alarm;
  readonly inconclusive: cloudwatch.Alarm;

  constructor(scope: Construct, id: string, props: HealthCheckAlarmsProps) {
    super(scope, id);
    const { stateMachine, deadLetterQueue, metricsNamespace, interval } = props;
    const { GREATER_THAN_OR_EQUAL_TO_THRESHOLD, LESS_THAN_THRESHOLD } = cloudwatch.ComparisonOperator;
    const { BREACHING, NOT_BREACHING } = cloudwatch.TreatMissingData;
    const counted = (metricName: string, period: Duration) =>
      new cloudwatch.Metric({ namespace: metricsNamespace, metricName, statistic: 'Sum', period });
    const fiveMinutes = Duration.minutes(5);

    this.notFinished = this.alarm('not-finished', props, {
      alarmDescription:
        'No health check of all customers was carried through in two periods of its schedule. Nobody would hear of a ' +
        'customer who is denied. Look at the executions of the state machine and at its schedule.',
      metric: counted(metrics.finished, interval),
      threshold: 1,
      comparisonOperator: LESS_THAN_THRESHOLD,
      // Two, because a run that takes a little longer than the one before can end after the period that it belongs to.
      evaluationPeriods: 2,
      treatMissingData: BREACHING,
    });
    this.failed = this.alarm('failed', props, {
      alarmDescription:
        'An execution of the health check failed, took too long or was stopped. The execution says at which state.',
      metric: new cloudwatch.MathExpression({
        // A sum has no value where one of its terms has none, and which of them Step Functions writes is not documented.
        expression: 'FILL(failed, 0) + FILL(timedOut, 0) + FILL(aborted, 0)',
        label: 'Executions that did not succeed',
        period: fiveMinutes,
        usingMetrics: {
          failed: stateMachine.metricFailed(),
          timedOut: stateMachine.metricTimedOut(),
          aborted: stateMachine.metricAborted(),
        },
      }),
      threshold: 1,
      comparisonOperator: GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: NOT_BREACHING,
    });
    this.notChecked = this.alarm('dead-letters', props, {
      alarmDescription:
        'Customers were not checked, or what was found was not recorded or announced. The messages in the dead-letter ' +
        'queue name their registry keys; delete them when they are dealt with.',
      metric: deadLetterQueue.metricApproximateNumberOfMessagesVisible({ period: fiveMinutes, statistic: 'Maximum' }),
      threshold: 1,
      comparisonOperator: GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: NOT_BREACHING,
    });
    this.inconclusive = this.alarm('inconclusive', props, {
      alarmDescription:
        `The check of a customer was inconclusive ${inconclusiveLimit} times in a row: whether reports reach it is not ` +
        'known. The events of that type, and the logs of the check, say why.',
      metric: counted(metrics.inconclusive, fiveMinutes),
      threshold: 1,
      comparisonOperator: GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: NOT_BREACHING,
    });
  }

  private alarm(
    what: string,
    { topic, alarmName }: HealthCheckAlarmsProps,
    props: cloudwatch.AlarmProps,
  ): cloudwatch.Alarm {
    const id = what.replaceAll(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase());
    const alarm = new cloudwatch.Alarm(this, id, {
      ...props,
      ...given({ alarmName: alarmName?.(`health-check-${what}`) }),
    });
    if (topic) alarm.addAlarmAction(new SnsAction(topic));
    return alarm;
  }
}
