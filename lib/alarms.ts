import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { type CheckOrigin, metricDimensions, metricOf } from '../core/metrics.ts';
import { type AlarmSettings, alarmPeriod, alarmsIn } from './alarm-factory.ts';
import type { ConfigurationCheck } from './configuration-check.ts';
import type { StatusNotifications } from './status-notifications.ts';

export interface CheckAlarmsProps extends AlarmSettings {
  /** What the alarms watch. */
  readonly check: ConfigurationCheck;

  /** @default - no alarm reports a change of status that could not be announced */
  readonly notifications?: StatusNotifications;

  /**
   * Over how long customers that are denied are counted: at least the time from one health check to the next.
   *
   * @default Duration.hours(1)
   */
  readonly deniedPeriod?: Duration;

  /**
   * Checks of onboarded customers that end as denied or misconfigured within that time before the alarm goes off.
   *
   * @default 1
   */
  readonly deniedThreshold?: number;
}

/** What somebody has to look at: customers that cannot be delivered to, and a check that does not work. */
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
          'Deliveries to at least one onboarded customer fail. The saved query "who is denied and why" names them; each ' +
          'change of a status was also announced by itself.',
        metric: faultsOfOnboarded(check, deniedPeriod),
        threshold: deniedThreshold,
        evaluationPeriods: 1,
        // Nobody was checked, which says nothing new about anybody. That the health check runs is another alarm's concern.
        treatMissingData: cloudwatch.TreatMissingData.IGNORE,
      },
      checkErrors: {
        what: 'check-errors',
        section: 'the-check-fails-or-is-throttled',
        says:
          'The check itself failed: it ran out of time or memory, its environment is wrong, or it was invoked with an ' +
          'invalid event. Its log says which.',
        metric: check.function.metricErrors(sum),
        evaluationPeriods: 1,
      },
      checkThrottled: {
        what: 'check-throttled',
        section: 'the-check-fails-or-is-throttled',
        says:
          'Lambda refuses to run the check, for longer than a retry waits: the concurrency of the function or of the ' +
          'account is used up.',
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
            "EventBridge could not publish a change of a customer's status to the topic: the topic's policy or the policy " +
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

/** Customers that are denied while being onboarded are not counted: that is what the check is there to find. */
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
