import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { given } from '../given.ts';
import { denialMetrics } from './metrics.ts';

export interface DenialAlarmsProps {
  readonly stateMachine: StateMachine;
  readonly metric: (metricName: string) => cloudwatch.Metric;
  /** Denials in five minutes that are nothing unusual. */
  readonly usualDenials: number;
  /** @default - the alarms are seen in CloudWatch only */
  readonly topic?: ITopic;
  /** @default - CloudFormation makes names up */
  readonly alarmName?: (what: string) => string;
}

/** That one customer is denied is told as a change of its status; these are for what concerns more than one, or nobody. */
export class DenialAlarms extends Construct {
  readonly unusual: cloudwatch.Alarm;
  readonly roleDenied: cloudwatch.Alarm;
  readonly notChecked: cloudwatch.Alarm;

  constructor(scope: Construct, id: string, props: DenialAlarmsProps) {
    super(scope, id);
    const { stateMachine, metric, usualDenials } = props;

    this.unusual = this.alarm('Unusual', 'unusual', props, {
      alarmDescription:
        `KMS refused keys to real deliveries more than ${usualDenials} times in five minutes. Many customers: something of ` +
        'the service is broken. One: it tries the same delivery again and again. The dashboard says who is denied.',
      metric: metric(denialMetrics.denied),
      threshold: usualDenials,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
    });
    this.roleDenied = this.alarm('RoleDenied', 'of-the-role', props, {
      alarmDescription:
        'STS refused the delivery role to somebody. If it was the application, no customer gets a report; if not, somebody ' +
        'tries to act as it. The AssumeRole events in CloudTrail say who.',
      metric: metric(denialMetrics.roleDenied),
      threshold: 1,
    });
    this.notChecked = this.alarm('NotChecked', 'not-followed-up', props, {
      alarmDescription:
        'A real delivery was denied and no check followed: the customer is not known by its key or bucket, or the state ' +
        'machine failed. The GenerateDataKey and Decrypt events in CloudTrail say whose key it was.',
      metric: new cloudwatch.MathExpression({
        expression: 'FILL(unknown, 0) + FILL(failed, 0) + FILL(timedOut, 0)',
        label: 'Denials that no check followed',
        period: Duration.minutes(5),
        usingMetrics: {
          unknown: metric(denialMetrics.ofUnknown),
          failed: stateMachine.metricFailed(),
          timedOut: stateMachine.metricTimedOut(),
        },
      }),
      threshold: 1,
    });
  }

  /** All of them, in the order of a dashboard. */
  get all(): readonly cloudwatch.Alarm[] {
    return [this.unusual, this.roleDenied, this.notChecked];
  }

  private alarm(
    id: string,
    what: string,
    { topic, alarmName }: DenialAlarmsProps,
    props: Pick<cloudwatch.AlarmProps, 'alarmDescription' | 'metric' | 'threshold' | 'comparisonOperator'>,
  ): cloudwatch.Alarm {
    const alarm = new cloudwatch.Alarm(this, id, {
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 1,
      // Nothing was denied.
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
      ...props,
      ...given({ alarmName: alarmName?.(`delivery-denials-${what}`) }),
    });
    if (topic) alarm.addAlarmAction(new SnsAction(topic));
    return alarm;
  }
}
