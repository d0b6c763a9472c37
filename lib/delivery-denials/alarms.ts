import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { type AlarmSettings, alarmPeriod, alarmsIn } from '../alarm-factory.ts';
import { denialMetrics } from './definition.ts';

interface DenialAlarmsProps extends AlarmSettings {
  readonly stateMachine: StateMachine;
  readonly metric: (metricName: string) => cloudwatch.Metric;
  /** Denials in five minutes above which the alarm goes off. */
  readonly usualDenials: number;
}

/** A single customer's denial is announced as a status change; these alarms are about several customers or none. */
export function denialAlarms(scope: Construct, props: DenialAlarmsProps) {
  const { stateMachine, metric, usualDenials } = props;

  return alarmsIn(new Construct(scope, 'Alarms'), props, {
    unusual: {
      what: 'delivery-denials-unusual',
      section: 'several-are-denied-at-once',
      says:
        `KMS denied real deliveries more than ${usualDenials} times in five minutes. If many customers are affected, the ` +
        'service is probably broken; if one is, its delivery is being retried. The dashboard names the denied customers.',
      metric: metric(denialMetrics.denied),
      threshold: usualDenials,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
    },
    roleDenied: {
      what: 'delivery-denials-of-the-role',
      section: 'a-denial-that-no-check-explains',
      says:
        'STS denied the delivery role to a caller. If the caller is the application, no customer gets a report; otherwise ' +
        'someone else tries to use the role. The AssumeRole events in CloudTrail name the caller.',
      metric: metric(denialMetrics.roleDenied),
      evaluationPeriods: 1,
    },
    notChecked: {
      what: 'delivery-denials-not-followed-up',
      section: 'a-denial-that-no-check-explains',
      says:
        'A real delivery was denied and no check followed, because no customer has that key or bucket, or the state ' +
        'machine failed. The GenerateDataKey and Decrypt events in CloudTrail name the key.',
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
}
