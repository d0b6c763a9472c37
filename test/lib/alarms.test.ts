import { Duration, Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import * as sns from 'aws-cdk-lib/aws-sns';
import { app, idOf, synthesized } from './synthesized.ts';

const template = synthesized({ onboardedAccounts: ['222222222222'] });
const topic = { Ref: idOf(template, 'AWS::SNS::Topic', 'StatusNotifications') };

interface Alarm {
  readonly AlarmName: string;
  readonly TreatMissingData: string;
  readonly AlarmDescription: string;
  readonly AlarmActions?: readonly unknown[];
  readonly OKActions?: readonly unknown[];
}

const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(
  (alarm) => alarm['Properties'] as Alarm,
);

it('all notify the topic when they go off and when they return to OK', () => {
  expect(alarms.map(({ AlarmName }) => AlarmName)).toEqual(
    expect.arrayContaining([
      'secure-inbox-customers-denied',
      'secure-inbox-check-errors',
      'secure-inbox-check-throttled',
      'secure-inbox-notifications-failed',
      'secure-inbox-health-check-not-finished',
    ]),
  );
  for (const { AlarmActions, OKActions } of alarms) expect([AlarmActions, OKActions]).toEqual([[topic], [topic]]);
});

it('go to another topic if the stack has one', () => {
  const onCall = 'arn:aws:sns:us-east-1:111111111111:on-call';
  const elsewhere = synthesized({ alarmTopic: sns.Topic.fromTopicArn(new Stack(app()), 'OnCall', onCall) });
  for (const alarm of Object.values(elsewhere.findResources('AWS::CloudWatch::Alarm'))) {
    expect(alarm['Properties'].AlarmActions).toEqual([onCall]);
  }
});

it('each name the address of their section of the runbook, wherever it is published', () => {
  const runbook = 'https://wiki.example.com/secure-inbox';
  const descriptions = Object.values(synthesized({ runbook }).findResources('AWS::CloudWatch::Alarm')).map((alarm) =>
    String(alarm['Properties'].AlarmDescription),
  );
  expect(descriptions.length).toBeGreaterThan(8);
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
  expect(descriptions.filter((text) => !text.includes(` ${runbook}#`) || text.length > 1_024)).toEqual([]);
});

describe('customers denied', () => {
  it('counts denied and misconfigured customers of the registry, not those who are being onboarded', () => {
    const counted = (MetricName: string) => ({
      MetricStat: Match.objectLike({
        Metric: {
          Namespace: 'SecureInbox/ConfigurationCheck',
          MetricName,
          Dimensions: [{ Name: 'Origin', Value: 'registry' }],
        },
        Stat: 'Sum',
        Period: 3600,
      }),
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'secure-inbox-customers-denied',
      Threshold: 1,
      Metrics: [
        Match.objectLike({ Expression: 'denied + misconfigured' }),
        Match.objectLike(counted('Denied')),
        Match.objectLike(counted('Misconfigured')),
      ],
    });
  });

  it('does not change while no one is checked', () => {
    expect(named('customers-denied').TreatMissingData).toBe('ignore');
  });

  it('counts over the time from one health check to the next', () => {
    const rare = synthesized({ healthCheckInterval: Duration.hours(6) });
    rare.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'secure-inbox-customers-denied',
      Metrics: Match.arrayWith([Match.objectLike({ MetricStat: Match.objectLike({ Period: 21_600 }) })]),
    });
  });
});

describe('what the check itself does wrong', () => {
  const ofTheCheck = [
    { Name: 'FunctionName', Value: { Ref: idOf(template, 'AWS::Lambda::Function', 'Configuration') } },
  ];

  it.each([
    ['check-errors', 'Errors', { EvaluationPeriods: 1, DatapointsToAlarm: Match.absent() }],
    // Retries handle a single throttled burst.
    ['check-throttled', 'Throttles', { EvaluationPeriods: 3, DatapointsToAlarm: 2 }],
  ])('is the alarm %s on %s of the function', (name, MetricName, duration) => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: `secure-inbox-${name}`,
      Namespace: 'AWS/Lambda',
      MetricName,
      Dimensions: ofTheCheck,
      Threshold: 1,
      ...duration,
    });
  });

  it('does not happen while it is not invoked', () => {
    for (const name of ['check-errors', 'check-throttled', 'notifications-failed']) {
      expect(named(name).TreatMissingData).toBe('notBreaching');
    }
  });

  it('includes a change of status that could not be announced', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'secure-inbox-notifications-failed',
      Namespace: 'AWS/Events',
      MetricName: 'FailedInvocations',
      Dimensions: [{ Name: 'RuleName', Value: { Ref: idOf(template, 'AWS::Events::Rule', 'StatusNotifications') } }],
    });
  });
});

function named(what: string): Alarm {
  const alarm = alarms.find(({ AlarmName }) => AlarmName === `secure-inbox-${what}`);
  if (alarm === undefined) throw new Error(`There is no alarm ${what}.`);
  return alarm;
}
