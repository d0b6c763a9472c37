import { Match } from 'aws-cdk-lib/assertions';
import { StateMachine } from 'aws-local-stepfunctions';
import { type MachineDefinition, synthesizedDefinition } from '../fleet-health-check/synthesized-definition.ts';
import { actionsOf, identityStatements, idOf, synthesized } from '../synthesized.ts';
import { deadLetterQueueArn, denialsTemplate, healthCheckArn, statusTableArn } from './stack.ts';

const template = denialsTemplate();
const definition = synthesizedDefinition(template);
const machine = Object.keys(template.findResources('AWS::StepFunctions::StateMachine'))[0];

describe('the rules', () => {
  test.each(['KMS denied a key to a real delivery', 'STS denied the delivery role to a caller'])(
    '“%s” gets events of read-only calls, and keeps events that it cannot deliver',
    (Description) => {
      template.hasResourceProperties('AWS::Events::Rule', {
        Description,
        State: 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS',
        EventPattern: { 'detail-type': ['AWS API Call via CloudTrail'] },
        Targets: [
          {
            Arn: { Ref: machine },
            DeadLetterConfig: { Arn: deadLetterQueueArn },
            RetryPolicy: { MaximumEventAgeInSeconds: 3600 },
            // The whole event.
            InputTransformer: Match.absent(),
          },
        ],
      });
    },
  );
});

describe('the state machine', () => {
  test('is valid in the Amazon States Language, and an Express workflow of at most five minutes', () => {
    expect(() => new StateMachine(definition as never)).not.toThrow();
    expect(definition.TimeoutSeconds).toBe(300);
    template.hasResourceProperties('AWS::StepFunctions::StateMachine', {
      StateMachineType: 'EXPRESS',
      LoggingConfiguration: { Level: 'ERROR', IncludeExecutionData: false },
    });
  });

  /** The action that each of Step Functions' integrations needs. */
  const actionFor: Readonly<Record<string, string>> = {
    'aws-sdk:dynamodb:query': 'dynamodb:Query',
    'states:startExecution': 'states:StartExecution',
    'aws-sdk:cloudwatch:putMetricData': 'cloudwatch:PutMetricData',
  };
  const ofItsRole = identityStatements(template).filter(({ Sid }) => Sid !== undefined);

  test('may do what its states do, and nothing else', () => {
    const needed = resourcesOf(definition).map((resource) => actionFor[resource.replace('arn:aws:states:::', '')]);
    expect(new Set(ofItsRole.flatMap(actionsOf))).toEqual(new Set(needed));
  });

  test('may read two indexes, start one state machine and count in one namespace', () => {
    expect(ofItsRole.map(({ Sid, Resource, Condition }) => [Sid, Resource, Condition])).toEqual([
      ['FindCustomers', [`${statusTableArn}/index/by-inbox-bucket`, `${statusTableArn}/index/by-inbox-key`], undefined],
      ['CheckThem', healthCheckArn, undefined],
      ['CountInOneNamespace', '*', { StringEquals: { 'cloudwatch:namespace': 'SecureInbox/ConfigurationCheck' } }],
    ]);
  });

  test('may be started by the rules, which may do nothing else', () => {
    const ofEventBridge = identityStatements(template).filter((statement) =>
      actionsOf(statement).includes('states:StartExecution'),
    );
    expect(ofEventBridge.map(({ Resource }) => Resource)).toEqual([healthCheckArn, { Ref: machine }]);
  });
});

describe('the alarms', () => {
  test.each([
    ['DeliveryDenials', { ComparisonOperator: 'GreaterThanThreshold', Threshold: 20, Period: 300 }],
    ['DeliveryRoleDenials', { ComparisonOperator: 'GreaterThanOrEqualToThreshold', Threshold: 1 }],
  ])('one goes off because of %s', (MetricName, properties) => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName,
      Statistic: 'Sum',
      TreatMissingData: 'notBreaching',
      ...properties,
    });
  });

  test('one goes off if no check followed, for any of three reasons', () => {
    const metric = (MetricName: string) => Match.objectLike({ MetricStat: { Metric: { MetricName } } });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Metrics: Match.arrayWith([
        metric('DeliveryDenialsOfUnknown'),
        metric('ExecutionsFailed'),
        metric('ExecutionsTimedOut'),
      ]),
    });
  });

  test.each([1.5, -1, Number.NaN])('%j is not a valid number of usual denials', (usualDenials) => {
    expect(() => denialsTemplate({ usualDenials })).toThrow(/^usualDenials is .*\. Allowed: a whole number from 0\./);
  });

  test('the usual number of denials can be changed', () => {
    denialsTemplate({ usualDenials: 0 }).hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'DeliveryDenials',
      Threshold: 0,
    });
  });
});

describe('in the stack', () => {
  const stack = synthesized({ usualDenials: 7, deploymentName: 'staging' });

  test('it follows up the denials of that deployment’s role, in the namespace of its metrics', () => {
    const deliveryRole = { 'Fn::GetAtt': [idOf(stack, 'AWS::IAM::Role', 'DeliveryRole'), 'Arn'] };
    stack.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { detail: { userIdentity: { sessionContext: { sessionIssuer: { arn: [deliveryRole] } } } } },
    });
    stack.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'secure-inbox-delivery-denials-unusual-staging',
      Namespace: 'SecureInbox/ConfigurationCheck/staging',
      Threshold: 7,
      AlarmActions: [{ Ref: idOf(stack, 'AWS::SNS::Topic', 'StatusNotifications') }],
    });
    stack.hasResourceProperties('AWS::StepFunctions::StateMachine', {
      StateMachineName: 'secure-inbox-delivery-denials-staging',
    });
  });

  test('the dashboard shows them', () => {
    const [dashboard] = Object.values(stack.findResources('AWS::CloudWatch::Dashboard'));
    const body = JSON.stringify(dashboard?.['Properties'].DashboardBody);
    for (const metric of ['DeliveryDenials', 'DeliveryDenialsOfUnknown', 'DeliveryRoleDenials']) {
      expect(body).toContain(`\\\\\\"${metric}\\\\\\"`.replaceAll('\\\\\\', '\\'));
    }
  });
});

/** The resources of all Tasks, including those in Maps. */
function resourcesOf({ States }: MachineDefinition): readonly string[] {
  return Object.values(States).flatMap((state) => [
    ...(state.Type === 'Task' ? [String(state['Resource'])] : []),
    ...(state['ItemProcessor'] ? resourcesOf(state['ItemProcessor'] as MachineDefinition) : []),
  ]);
}
