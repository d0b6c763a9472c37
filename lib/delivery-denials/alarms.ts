import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { type AlarmSettings, alarmPeriod, alarmsIn } from '../alarm-factory.ts';
import { denialMetrics } from './definition.ts';

export interface DenialAlarmsProps extends AlarmSettings {
  readonly stateMachine: StateMachine;
  readonly metric: (metricName: string) => cloudwatch.Metric;
  /** Denials in five minutes that are nothing unusual. */
  readonly usualDenials: number;
}

/** That one customer is denied is announced as a change of its status; these concern several customers, or nobody. */
export class DenialAlarms extends Construct {
  readonly unusual: cloudwatch.Alarm;
  readonly roleDenied: cloudwatch.Alarm;
  readonly notChecked: cloudwatch.Alarm;

  constructor(scope: Construct, id: string, props: DenialAlarmsProps) {
    super(scope, id);
    const { stateMachine, metric, usualDenials } = props;

    const { unusual, roleDenied, notChecked } = alarmsIn(this, props, {
      unusual: {
        what: 'delivery-denials-unusual',
        section: 'several-are-denied-at-once',
        says:
          `KMS refused keys to real deliveries more than ${usualDenials} times in five minutes. Many customers: something of ` +
          'the service is broken. One: the same delivery is tried again and again. The dashboard says who is denied.',
        metric: metric(denialMetrics.denied),
        threshold: usualDenials,
        comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
        evaluationPeriods: 1,
      },
      roleDenied: {
        what: 'delivery-denials-of-the-role',
        section: 'a-denial-that-no-check-explains',
        says:
          'STS refused the delivery role to a caller. If it was the application, no customer gets a report; if not, somebody ' +
          'tries to act as it. The AssumeRole events in CloudTrail say who.',
        metric: metric(denialMetrics.roleDenied),
        evaluationPeriods: 1,
      },
      notChecked: {
        what: 'delivery-denials-not-followed-up',
        section: 'a-denial-that-no-check-explains',
        says:
          'A real delivery was denied and no check followed: the customer is not known by its key or bucket, or the state ' +
          'machine failed. The GenerateDataKey and Decrypt events in CloudTrail say whose key it was.',
        metric: new cloudwatch.MathExpression({
          expression: 'FILL(unknown, 0) + FILL(failed, 0) + FILL(timedOut, 0)',
          label: 'Denials that no check followed',
          period: alarmPeriod,
          usingMetrics: {
            unknown: metric(denialMetrics.ofUnknown),
            failed: stateMachine.metricFailed(),
            timedOut: stateMachine.metricTimedOut(),
          },
        }),
        evaluationPeriods: 1,
      },
    });
    this.unusual = unusual;
    this.roleDenied = roleDenied;
    this.notChecked = notChecked;
  }
}
