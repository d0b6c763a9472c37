import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { type CheckOrigin, metricDimensions, metricOf } from '../core/metrics.ts';
import { type AlarmSettings, alarmPeriod, alarmsIn } from './alarm-factory.ts';
import type { ConfigurationCheck } from './configuration-check.ts';
import type { StatusNotifications } from './status-notifications.ts';

export interface CheckAlarmsProps extends AlarmSettings {
  /** The resources that the alarms watch. */
  readonly check: ConfigurationCheck;

  /** @default - no alarm for status changes that could not be announced */
  readonly notifications?: StatusNotifications;

  /**
   * The period over which denied customers are counted: at least the interval of the health check.
   *
   * @default Duration.hours(1)
   */
  readonly deniedPeriod?: Duration;

  /**
   * Checks of onboarded customers that must end as denied or misconfigured in that period for the alarm to go off.
   *
   * @default 1
   */
  readonly deniedThreshold?: number;
}

/** Alarms about failing deliveries and about a check that does not work. */
export class CheckAlarms extends Construct {
  readonly customersDenied: cloudwatch.Alarm;
  readonly checkErrors: cloudwatch.Alarm;
  readonly checkThrottled: cloudwatch.Alarm;
  readonly notificationsFailed?: cloudwatch.Alarm;

  constructor(scope: Construct, id: string, props: CheckAlarmsProps) {
    super(scope, id);
    const { check, notifications, deniedPeriod = Duration.hours(1), deniedThreshold = 1 } = props;
    const sum = { period: alarmPeriod, statistic: cloudwatch.Stats.SUM };

    const alarms = alarmsIn(this, props, {
      customersDenied: {
        what: 'customers-denied',
        section: 'a-customer-is-denied',
        says:
          'Deliveries to at least one onboarded customer fail. To see which, run the saved query who-is-denied-and-why in ' +
          'Logs Insights. Each status change was also announced separately.',
        metric: faultsOfOnboarded(check, deniedPeriod),
        threshold: deniedThreshold,
        evaluationPeriods: 1,
        // Without a check, nothing is known to have changed. Another alarm watches whether the health check runs.
        treatMissingData: cloudwatch.TreatMissingData.IGNORE,
      },
      checkErrors: {
        what: 'check-errors',
        section: 'the-check-fails-or-is-throttled',
        says:
          'The check itself failed: it ran out of time or memory, its environment is wrong, or it got an invalid event. The ' +
          'log of the function has the error.',
        metric: check.function.metricErrors(sum),
        evaluationPeriods: 1,
      },
      checkThrottled: {
        what: 'check-throttled',
        section: 'the-check-fails-or-is-throttled',
        says:
          'Lambda throttles the check for longer than the retries last: the concurrency of the function or of the account ' +
          'is used up.',
        metric: check.function.metricThrottles(sum),
        evaluationPeriods: 3,
        datapointsToAlarm: 2,
      },
    });
    this.customersDenied = alarms.customersDenied;
    this.checkErrors = alarms.checkErrors;
    this.checkThrottled = alarms.checkThrottled;

    if (notifications !== undefined) {
      const { notificationsFailed } = alarmsIn(this, props, {
        notificationsFailed: {
          what: 'notifications-failed',
          section: 'the-check-fails-or-is-throttled',
          says:
            "EventBridge could not publish a change of a customer's status to the topic, because the policy of the topic or " +
            'of its key was changed. The status itself is recorded.',
          // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
          metric: new cloudwatch.Metric({
            namespace: 'AWS/Events',
            metricName: 'FailedInvocations',
            dimensionsMap: { RuleName: notifications.rule.ruleName },
            ...sum,
          }),
          evaluationPeriods: 1,
        },
      });
      this.notificationsFailed = notificationsFailed;
    }
  }
}

/** Does not count customers who are being onboarded, because a denial is normal then. */
function faultsOfOnboarded(check: ConfigurationCheck, period: Duration): cloudwatch.MathExpression {
  const registered: CheckOrigin = 'registry';
  const options: cloudwatch.MetricOptions = {
    dimensionsMap: { [metricDimensions.origin]: registered },
    statistic: cloudwatch.Stats.SUM,
    period,
  };
  return new cloudwatch.MathExpression({
    expression: 'denied + misconfigured',
    label: 'Checks of onboarded customers that were denied or misconfigured',
    usingMetrics: {
      denied: check.metric(metricOf.denied, options),
      misconfigured: check.metric(metricOf.misconfigured, options),
    },
    period,
  });
}
