import { Duration } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { StateMachine } from 'aws-local-stepfunctions';
import { matches } from '../delivery-denials/event-pattern.ts';
import { eventPattern } from '../delivery-denials/stack.ts';
import { actionsOf, identityStatements, synthesized } from '../synthesized.ts';
import { functionArn, healthCheckTemplate, registryBucket } from './stack.ts';
import { type MachineDefinition, type StateDefinition, synthesizedDefinition } from './synthesized-definition.ts';

const template = healthCheckTemplate();
const definition = synthesizedDefinition(template);

/** Every state, including those in Maps. */
function statesOf({ States }: MachineDefinition): readonly (readonly [string, StateDefinition])[] {
  return Object.entries(States).flatMap(([name, state]) => {
    const processor = state['ItemProcessor'] as MachineDefinition | undefined;
    return [[name, state] as const, ...(processor ? statesOf(processor) : [])];
  });
}
const tasks = statesOf(definition).filter(([, { Type }]) => Type === 'Task');
const map = definition.States['CheckCustomers'];

describe('the definition', () => {
  test('is valid in the Amazon States Language', () => {
    expect(() => new StateMachine(definition as never)).not.toThrow();
    const broken = { ...definition, StartAt: 'Nowhere' };
    expect(() => new StateMachine(broken as never)).toThrow('invalid');
  });

  test('names no state twice', () => {
    const names = statesOf(definition).map(([name]) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  test('is a Distributed Map over the registry, in batches', () => {
    expect(map).toMatchObject({
      ItemReader: {
        Resource: 'arn:aws:states:::s3:listObjectsV2',
        Parameters: { Bucket: 'secure-inbox-registry-111111111111-us-east-1', 'Prefix.$': '$.prefix' },
      },
      ItemBatcher: { MaxItemsPerBatch: 10 },
      MaxConcurrency: 5,
      ToleratedFailurePercentage: 10,
      ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' } },
      ResultWriter: { Resource: 'arn:aws:states:::s3:putObject' },
    });
  });

  test.each(tasks)('%s is retried with growing, random pauses, but not forever', (_, task) => {
    const retries = task['Retry'] as readonly Record<string, unknown>[];
    const tried = retries.filter(({ MaxAttempts }) => MaxAttempts !== 0);
    expect(tried.length).toBeGreaterThan(0);
    for (const retrier of tried) {
      expect(retrier).toMatchObject({ BackoffRate: 2, MaxDelaySeconds: 60, JitterStrategy: 'FULL' });
    }
    expect(task['TimeoutSeconds']).toBeGreaterThan(0);
  });

  test("lets no customer's failure fail a batch silently", () => {
    const [, { ItemProcessor }] = statesOf(definition).find(([name]) => name === 'RecordEach') ?? ['', { Type: '' }];
    const ofACustomer = statesOf(ItemProcessor as MachineDefinition).filter(([, { Type }]) => Type === 'Task');
    const uncaught = ofACustomer.filter(([, { Catch }]) => Catch === undefined).map(([name]) => name);
    expect(uncaught).toEqual(['ReportNotRecorded', 'ReportChangeNotAnnounced', 'ReportInconclusiveNotAnnounced']);
    for (const [, { Catch }] of ofACustomer.filter(([name]) => !uncaught.includes(name))) {
      const caught = (Catch as readonly { readonly ErrorEquals: readonly string[] }[]).flatMap((it) => it.ErrorEquals);
      expect(caught).toEqual(expect.arrayContaining(['States.DataLimitExceeded', 'States.ALL']));
    }
  });
});

describe('the role', () => {
  /** The action that each of Step Functions' integrations needs. */
  const actionFor: Readonly<Record<string, string>> = {
    'lambda:invoke': 'lambda:InvokeFunction',
    'dynamodb:updateItem': 'dynamodb:UpdateItem',
    'dynamodb:deleteItem': 'dynamodb:DeleteItem',
    'events:putEvents': 'events:PutEvents',
    'sqs:sendMessage': 'sqs:SendMessage',
    'aws-sdk:cloudwatch:putMetricData': 'cloudwatch:PutMetricData',
    'aws-sdk:s3:listObjectsV2': 's3:ListBucket',
  };
  const statements = identityStatements(template);
  const bySid = (sid: string) => statements.find(({ Sid }) => Sid === sid);

  test('may do what the states do, and nothing else', () => {
    const needed = tasks.map(([, { Resource }]) => actionFor[String(Resource).replace('arn:aws:states:::', '')]);
    const own = statements.filter(({ Sid }) => Sid !== undefined && !/Child|Outcomes/.test(Sid));
    expect(new Set(own.flatMap(actionsOf))).toEqual(new Set(needed));
  });

  test('is limited to one of each', () => {
    expect(bySid('Check')?.Resource).toBe(functionArn);
    expect(bySid('ListTheRegistry')?.Condition).toEqual({ StringLike: { 's3:prefix': 'customers/*' } });
    expect(bySid('Announce')?.Condition).toEqual({
      StringEquals: { 'events:source': 'secure-inbox.configuration-check' },
    });
    expect(bySid('CountInOneNamespace')?.Condition).toEqual({
      StringEquals: { 'cloudwatch:namespace': 'SecureInbox/ConfigurationCheck' },
    });
    // Step Functions' permissions to deliver logs have no narrower resource.
    const everywhere = statements.filter(({ Resource }) => Resource === '*').map(({ Sid }) => Sid);
    expect(everywhere).toEqual(['CountInOneNamespace', undefined]);
  });

  test('may start child workflows of its own state machine', () => {
    expect(bySid('StartChildWorkflows')).toMatchObject({
      Action: 'states:StartExecution',
      Resource: { Ref: Object.keys(template.findResources('AWS::StepFunctions::StateMachine'))[0] },
    });
  });
});

describe('what is deployed', () => {
  test('starts every hour, and reports if it could not', () => {
    template.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'rate(1 hour)',
      State: 'ENABLED',
      Target: {
        Input: '{}',
        DeadLetterConfig: { Arn: Match.anyValue() },
        RetryPolicy: { MaximumEventAgeInSeconds: 3600 },
      },
    });
  });

  test('forgets customers that leave the registry', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.s3'],
        'detail-type': ['Object Deleted'],
        detail: { object: { key: [{ prefix: 'customers/' }] } },
      },
      Targets: [{ InputTransformer: { InputTemplate: '{"forget":<detail-object-key>}' } }],
    });
  });

  /** https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html */
  test.each([
    ['whose object is deleted', { reason: 'DeleteObject', 'deletion-type': 'Delete Marker Created' }, true],
    [
      'whose earlier version expires',
      { reason: 'Lifecycle Expiration', 'deletion-type': 'Permanently Deleted' },
      false,
    ],
    ['whose delete marker is removed', { reason: 'DeleteObject', 'deletion-type': 'Permanently Deleted' }, false],
  ])('asks whether to forget a customer %s', (_, deletion, expected) => {
    const pattern = eventPattern(template, 'Deletes the status of a customer whose registry object is deleted');
    const event = {
      source: 'aws.s3',
      'detail-type': 'Object Deleted',
      detail: {
        bucket: { name: registryBucket },
        object: { key: 'customers/acme.json', 'version-id': '1QW9g1Z99LUNbvaaYVpW9xDlOLU.qxgF' },
        ...deletion,
      },
    };
    expect(matches(pattern, event)).toBe(expected);
  });

  test('finds customers by the key and the bucket of their inbox', () => {
    template.hasResourceProperties('AWS::DynamoDB::Table', {
      KeySchema: [{ AttributeName: 'registryKey', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      GlobalSecondaryIndexes: [
        {
          IndexName: 'by-inbox-key',
          KeySchema: [
            { AttributeName: 'inboxKeyArn', KeyType: 'HASH' },
            { AttributeName: 'inboxBucket', KeyType: 'RANGE' },
          ],
        },
        { IndexName: 'by-inbox-bucket', KeySchema: [{ AttributeName: 'inboxBucket', KeyType: 'HASH' }] },
      ],
    });
    template.hasResource('AWS::DynamoDB::Table', { DeletionPolicy: 'RetainExceptOnCreate' });
  });

  test('logs errors without execution data', () => {
    template.hasResourceProperties('AWS::StepFunctions::StateMachine', {
      LoggingConfiguration: { Level: 'ERROR', IncludeExecutionData: false },
      StateMachineType: 'STANDARD',
    });
  });

  test.each([
    ['HealthCheckFinished', { ComparisonOperator: 'LessThanThreshold', TreatMissingData: 'breaching', Period: 3600 }],
    ['InconclusiveInARow', { ComparisonOperator: 'GreaterThanOrEqualToThreshold', Threshold: 1 }],
    ['ApproximateNumberOfMessagesVisible', { ComparisonOperator: 'GreaterThanOrEqualToThreshold', Threshold: 1 }],
  ])('has an alarm on %s', (MetricName, properties) => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName, ...properties });
  });

  test('has an alarm on executions that failed, took too long or were stopped', () => {
    const metric = (MetricName: string) => Match.objectLike({ MetricStat: { Metric: { MetricName } } });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Metrics: [
        // Works whichever of them is missing.
        Match.objectLike({ Expression: 'FILL(failed, 0) + FILL(timedOut, 0) + FILL(aborted, 0)' }),
        metric('ExecutionsFailed'),
        metric('ExecutionsTimedOut'),
        metric('ExecutionsAborted'),
      ],
    });
  });

  test('has no name that a second deployment would collide with', () => {
    for (const type of [
      'AWS::DynamoDB::Table',
      'AWS::S3::Bucket',
      'AWS::SQS::Queue',
      'AWS::StepFunctions::StateMachine',
    ]) {
      for (const { Properties } of Object.values(template.findResources(type))) {
        expect(
          Object.keys(Properties ?? {}).filter((name) => /^(Table|Bucket|Queue|StateMachine)Name$/.test(name)),
        ).toEqual([]);
      }
    }
  });
});

test.each([
  ['interval', { interval: Duration.minutes(1) }, 'from 5 minutes to 12 hours'],
  ['batchSize', { batchSize: 11 }, 'from 1 to 10'],
  ['maxConcurrency', { maxConcurrency: 0 }, 'from 1 to 10000'],
  ['toleratedFailurePercentage', { toleratedFailurePercentage: 101 }, 'from 0 to 100'],
  ['checkTimeout', { checkTimeout: Duration.minutes(16) }, 'from 1 second to 15 minutes'],
  ['checkTimeout', { childExecutions: 'EXPRESS' as const }, 'at most 1 minute if childExecutions is EXPRESS'],
])('an invalid %s is rejected with what is allowed', (prop, props, allowed) => {
  expect(() => healthCheckTemplate(props)).toThrow(new RegExp(`^${prop} is .*Allowed: .*${allowed}`));
});

test("an invalid setting has the caller's name for it", () => {
  const propNames = { batchSize: 'healthCheckBatchSize', maxConcurrency: 'healthCheckConcurrency' };
  expect(() => healthCheckTemplate({ batchSize: 11, propNames })).toThrow(
    'healthCheckBatchSize is 11. Allowed: a whole number from 1 to 10, whose reports fit into the 256 KiB of a state. ' +
      'Raise healthCheckConcurrency to check faster.',
  );
});

test('Express child workflows require a check that takes at most a minute', () => {
  const express = healthCheckTemplate({ childExecutions: 'EXPRESS', checkTimeout: Duration.minutes(1) });
  expect(synthesizedDefinition(express).States['CheckCustomers']).toMatchObject({
    ItemProcessor: { ProcessorConfig: { ExecutionType: 'EXPRESS' } },
  });
});

describe('in the stack', () => {
  const express = { healthCheckChildExecutions: 'EXPRESS', checkTimeout: Duration.minutes(1) } as const;

  test("the check's time limit is that of the function, and Express child workflows are possible", () => {
    const stack = synthesized(express);
    stack.hasResourceProperties('AWS::Lambda::Function', { FunctionName: 'customer_configuration_check', Timeout: 60 });
    const definitions = JSON.stringify(stack.findResources('AWS::StepFunctions::StateMachine'));
    expect(definitions).toContain(String.raw`\"ExecutionType\":\"EXPRESS\"`);
    expect(definitions).toContain(String.raw`\"TimeoutSeconds\":70,`);
  });

  test.each([
    ['healthCheckInterval', { healthCheckInterval: Duration.minutes(1) }, 'from 5 minutes to 12 hours'],
    ['checkTimeout', { checkTimeout: Duration.minutes(16) }, 'from 1 second to 15 minutes'],
    ['healthCheckBatchSize', { healthCheckBatchSize: 11 }, 'from 1 to 10.*Raise healthCheckConcurrency'],
    ['healthCheckConcurrency', { healthCheckConcurrency: 0 }, 'from 1 to 10000'],
    ['checkTimeout', { healthCheckChildExecutions: 'EXPRESS' as const }, 'if healthCheckChildExecutions is EXPRESS'],
    ['usualDenials', { usualDenials: -1 }, 'a whole number from 0'],
  ])('an invalid %s is reported by that name', (prop, props, allowed) => {
    expect(() => synthesized(props)).toThrow(new RegExp(`^${prop} is .*Allowed: .*${allowed}`));
  });
});
