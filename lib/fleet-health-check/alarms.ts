import type { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { type AlarmSettings, alarmPeriod, alarmsIn } from '../alarm-factory.ts';
import { inconclusiveLimit, metrics } from './events.ts';

export interface HealthCheckAlarmsProps extends AlarmSettings {
  readonly stateMachine: StateMachine;
  readonly deadLetterQueue: Pick<IQueue, 'metricApproximateNumberOfMessagesVisible'>;
  readonly metricsNamespace: string;
  /** Of the schedule. */
  readonly interval: Duration;
}

/** What nobody would notice otherwise: a health check that is not there reports no denied customers. */
export class HealthCheckAlarms extends Construct {
  readonly notFinished: cloudwatch.Alarm;
  readonly failed: cloudwatch.Alarm;
  readonly deadLetters: cloudwatch.Alarm;
  readonly inconclusive: cloudwatch.Alarm;

  constructor(scope: Construct, id: string, props: HealthCheckAlarmsProps) {
    super(scope, id);
    const { stateMachine, deadLetterQueue, metricsNamespace, interval } = props;
    const counted = (metricName: string, period: Duration) =>
      new cloudwatch.Metric({ namespace: metricsNamespace, metricName, statistic: 'Sum', period });

    const { notFinished, failed, deadLetters, inconclusive } = alarmsIn(this, props, {
      notFinished: {
        what: 'health-check-not-finished',
        section: 'the-health-check-did-not-run-or-finish',
        says:
          'No health check of all customers was completed in two periods of its schedule. A customer who is denied would go ' +
          'unnoticed. Look at the executions of the state machine and at its schedule.',
        metric: counted(metrics.finished, interval),
        comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
        // Two, because a run that takes a little longer than the one before can end after the period that it belongs to.
        evaluationPeriods: 2,
        treatMissingData: cloudwatch.TreatMissingData.BREACHING,
      },
      failed: {
        what: 'health-check-failed',
        section: 'the-health-check-did-not-run-or-finish',
        says: 'An execution of the health check failed, took too long or was stopped. The execution says at which state.',
        metric: new cloudwatch.MathExpression({
          // A sum has no value where one of its terms has none, and which of them Step Functions writes is not documented.
          expression: 'FILL(failed, 0) + FILL(timedOut, 0) + FILL(aborted, 0)',
          label: 'Executions that did not succeed',
          period: alarmPeriod,
          usingMetrics: {
            failed: stateMachine.metricFailed(),
            timedOut: stateMachine.metricTimedOut(),
            aborted: stateMachine.metricAborted(),
          },
        }),
        evaluationPeriods: 1,
      },
      deadLetters: {
        what: 'health-check-dead-letters',
        section: 'dead-letters',
        says:
          'Customers were not checked, or a result was not recorded or announced. The messages in the dead-letter queue ' +
          'name their registry keys; delete each message when you have dealt with it.',
        metric: deadLetterQueue.metricApproximateNumberOfMessagesVisible({ period: alarmPeriod, statistic: 'Maximum' }),
        evaluationPeriods: 1,
      },
      inconclusive: {
        what: 'health-check-inconclusive',
        section: 'three-inconclusive-checks-in-a-row',
        says:
          `The check of a customer was inconclusive ${inconclusiveLimit} times in a row: whether reports reach the customer ` +
          'is not known. The events of that type, and the logs of the check, say why.',
        metric: counted(metrics.inconclusive, alarmPeriod),
        evaluationPeriods: 1,
      },
    });
    this.notFinished = notFinished;
    this.failed = failed;
    this.deadLetters = deadLetters;
    this.inconclusive = inconclusive;
  }
}
