import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { metricDimensions, metricOf, type Origin } from '../core/metrics.ts';
import type { ConfigurationCheck } from './configuration-check.ts';
import { given } from './given.ts';
import type { StatusNotifications } from './status-notifications.ts';

export interface CheckAlarmsProps {
  /** What the alarms watch. */
  readonly check: ConfigurationCheck;

  /** @default - nobody learns of a change of status that could not be told */
  readonly notifications?: StatusNotifications;

  /** What happens when an alarm goes off, and when it is over. */
  readonly action: cloudwatch.IAlarmAction;

  /**
   * @param what in kebab-case, such as `customers-denied`
   * @default - CloudFormation makes them up
   */
  readonly alarmName?: (what: string) => string;

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
    const { check } = props;

    const alarm = (what: string, alarmId: string, alarmProps: cloudwatch.AlarmProps): cloudwatch.Alarm => {
      const created = new cloudwatch.Alarm(this, alarmId, {
        ...given({ alarmName: props.alarmName?.(what) }),
        comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        ...alarmProps,
      });
      created.addAlarmAction(props.action);
      created.addOkAction(props.action);
      return created;
    };

    this.customersDenied = alarm('customers-denied', 'CustomersDenied', {
      alarmDescription:
        'Onboarded customers cannot be delivered to. The saved query "who is denied and why" names them; each change of ' +
        'a status was told of by itself.',
      metric: faultsOfOnboarded(check, props.deniedPeriod ?? Duration.hours(1)),
      threshold: props.deniedThreshold ?? 1,
      evaluationPeriods: 1,
      // Nobody was checked, which says nothing new about anybody. That the health check runs is another alarm's concern.
      treatMissingData: cloudwatch.TreatMissingData.IGNORE,
    });

    this.checkErrors = alarm('check-errors', 'CheckErrors', {
      alarmDescription:
        'The check itself failed: it ran out of time or memory, its environment is wrong, or somebody sent it an event ' +
        'that is invalid. Its log says which.',
      metric: check.function.metricErrors({ period: Duration.minutes(5), statistic: cloudwatch.Stats.SUM }),
      threshold: 1,
      evaluationPeriods: 1,
      treatMissingData: nothingHappened,
    });

    this.checkThrottled = alarm('check-throttled', 'CheckThrottled', {
      alarmDescription:
        'Lambda refuses to run the check, for longer than a retry waits: the concurrency of the function or of the ' +
        'account is used up.',
      metric: check.function.metricThrottles({ period: Duration.minutes(5), statistic: cloudwatch.Stats.SUM }),
      threshold: 1,
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      treatMissingData: nothingHappened,
    });

    if (props.notifications !== undefined) {
      this.notificationsFailed = alarm('notifications-failed', 'NotificationsFailed', {
        alarmDescription:
          "EventBridge gave up on telling the topic of a change of a customer's status: the topic's policy or the policy " +
          'of its key was changed. The status itself is recorded.',
        // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
        metric: new cloudwatch.Metric({
          namespace: 'AWS/Events',
          metricName: 'FailedInvocations',
          dimensionsMap: { RuleName: props.notifications.rule.ruleName },
          statistic: cloudwatch.Stats.SUM,
          period: Duration.minutes(5),
        }),
        threshold: 1,
        evaluationPeriods: 1,
        treatMissingData: nothingHappened,
      });
    }
  }

  /** All of them, in the order of a dashboard. */
  get all(): readonly cloudwatch.Alarm[] {
    const { customersDenied, checkErrors, checkThrottled, notificationsFailed } = this;
    return [customersDenied, checkErrors, checkThrottled, ...(notificationsFailed ? [notificationsFailed] : [])];
  }
}

/** AWS counts nothing where nothing is invoked, and then nothing has gone wrong. */
const nothingHappened = cloudwatch.TreatMissingData.NOT_BREACHING;

/** Whoever is denied while being onboarded is not counted: that is what the check is there to find. */
function faultsOfOnboarded(check: ConfigurationCheck, period: Duration): cloudwatch.MathExpression {
  const registered: Origin = 'registry';
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
