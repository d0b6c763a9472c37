import type { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { type AlarmSettings, alarmPeriod, alarmsIn } from '../alarm-factory.ts';
import { inconclusiveLimit, metrics } from './events.ts';

interface HealthCheckAlarmsProps extends AlarmSettings {
  readonly stateMachine: StateMachine;
  readonly deadLetterQueue: Pick<IQueue, 'metricApproximateNumberOfMessagesVisible'>;
  readonly metricsNamespace: string;
  /** The schedule's period. */
  readonly interval: Duration;
}

/** Alarms about the health check itself, because a missing health check reports no denied customers. */
export function healthCheckAlarms(scope: Construct, props: HealthCheckAlarmsProps) {
  const { stateMachine, deadLetterQueue, metricsNamespace, interval } = props;
  const counted = (metricName: string, period: Duration) =>
    new cloudwatch.Metric({ namespace: metricsNamespace, metricName, statistic: 'Sum', period });

  return alarmsIn(new Construct(scope, 'Alarms'), props, {
    notFinished: {
      what: 'health-check-not-finished',
      section: 'the-health-check-did-not-run-or-finish',
      says:
        'No health check of all customers was completed in two periods of its schedule, so denied customers may go ' +
        'unnoticed. Look at the executions of the state machine and its schedule.',
      metric: counted(metrics.finished, interval),
      comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
      // Two, because a run that takes slightly longer than the previous one can end after its period.
      evaluationPeriods: 2,
      treatMissingData: cloudwatch.TreatMissingData.BREACHING,
    },
    failed: {
      what: 'health-check-failed',
      section: 'the-health-check-did-not-run-or-finish',
      says: 'An execution of the health check failed, took too long or was stopped. Its history shows in which state.',
      metric: new cloudwatch.MathExpression({
        // A sum with a missing term has no value, and it is not documented which of these metrics Step Functions writes.
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
        'name their registry keys. Delete each message when you are done with it.',
      metric: deadLetterQueue.metricApproximateNumberOfMessagesVisible({ period: alarmPeriod, statistic: 'Maximum' }),
      evaluationPeriods: 1,
    },
    inconclusive: {
      what: 'health-check-inconclusive',
      section: 'three-inconclusive-checks-in-a-row',
      says:
        `The check of a customer was inconclusive ${inconclusiveLimit} times in a row, so it is not known whether reports ` +
        'reach the customer. The events of that type and the logs of the check have the reason.',
      metric: counted(metrics.inconclusive, alarmPeriod),
      evaluationPeriods: 1,
    },
  });
}
