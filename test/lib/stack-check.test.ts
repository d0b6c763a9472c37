import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { buildLambdaBundle, stackCheckHandler } from '../../bin/build/lambda-bundle.ts';
import { readStackCheckConfiguration } from '../../lambda/stack_check/configuration.ts';
import { DeploymentError } from '../../lib/deployment-error.ts';
import { SecureInboxConfigurationCheck } from '../../lib/secure-inbox-configuration-check.ts';
import { mostOnboardedAccounts } from '../../lib/stack-check/limits.ts';
import { StackCheck } from '../../lib/stack-check.ts';
import { loadStack } from '../../sandbox/scenario-files.ts';
import { section } from '../cloudformation/deployed.ts';
import { app, identityStatements, idOf, synthesized } from './synthesized.ts';

const onboardedAccounts = ['222222222222', '333333333333'];
const template = synthesized({ onboardedAccounts });
const functionNames = ['secure_inbox_stack_check', 'secure_inbox_stack_check_last_resort'];

describe('the topics', () => {
  it.each(onboardedAccounts)('that of %s accepts messages only from that account, over TLS', (accountId) => {
    const topic = { Ref: idOf(template, 'AWS::SNS::Topic', `StackCheckTopic${accountId}`) };
    template.hasResourceProperties('AWS::SNS::Topic', { TopicName: `secure-inbox-check-${accountId}` });
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      Topics: [topic],
      PolicyDocument: {
        Statement: [
          {
            Sid: 'AllowPublishThroughSSLOnly',
            Effect: 'Deny',
            Principal: '*',
            Action: 'sns:Publish',
            Resource: topic,
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
          {
            Sid: 'PublishByTheCustomer',
            Effect: 'Allow',
            Principal: { AWS: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:iam::${accountId}:root`]] } },
            Action: 'sns:Publish',
            Resource: topic,
          },
        ],
      },
    });
    template.hasResourceProperties('AWS::SNS::Subscription', {
      TopicArn: topic,
      Protocol: 'lambda',
      Endpoint: { 'Fn::GetAtt': [idOf(template, 'AWS::Lambda::Function', 'StackCheckFunction'), 'Arn'] },
      FilterPolicy: Match.absent(),
    });
  });

  it('invoke the function with one permission, which matches no topic of another deployment', () => {
    const permissions = Object.values(template.findResources('AWS::Lambda::Permission')).map(
      (one) => one['Properties'],
    );
    const ofTopics = permissions.filter(({ Principal }) => Principal === 'sns.amazonaws.com');
    expect(ofTopics).toHaveLength(1);
    const pattern = String(ofTopics[0].SourceArn['Fn::Join'][1].at(-1));
    const isLike = (name: string) => new RegExp(`^${pattern.replaceAll('?', '.')}$`).test(`:${name}`);
    expect(isLike('secure-inbox-check-222222222222')).toBe(true);
    expect(isLike('secure-inbox-check-staging-222222222222')).toBe(false);
    expect(isLike('secure-inbox-check-222222222222-other')).toBe(false);
  });
});

describe('the functions', () => {
  it.each(functionNames)('%s is tried twice and then handed to a function that answers', (FunctionName) => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName,
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      LoggingConfig: { LogFormat: 'JSON' },
    });
    const [id] = Object.keys(template.findResources('AWS::Lambda::Function', { Properties: { FunctionName } }));
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      FunctionName: { Ref: id },
      MaximumRetryAttempts: 1,
      DestinationConfig: { OnFailure: { Destination: Match.anyValue() } },
    });
  });

  it('give up before CloudFormation does, whatever fails', () => {
    const [check, lastResort] = functionNames.map(
      (FunctionName) =>
        Object.values(template.findResources('AWS::Lambda::Function', { Properties: { FunctionName } }))[0]?.[
          'Properties'
        ].Timeout as number,
    );
    const queuedSeconds = 300;
    const retryPauseSeconds = 60;
    const longest = 2 * (check ?? NaN) + 2 * (lastResort ?? NaN) + queuedSeconds + 2 * retryPauseSeconds;
    const { Properties } = section('Resources')['DeliveryCheck'] ?? {};
    expect(Properties).toMatchObject({ ServiceTimeout: 1_800 });
    expect(longest).toBeLessThanOrEqual(1_800);
    template.allResourcesProperties('AWS::Lambda::EventInvokeConfig', { MaximumEventAgeInSeconds: queuedSeconds });
  });

  it('have the environment variables that they read, in every partition', () => {
    const folder = mkdtempSync(join(tmpdir(), 'stack-check-'));
    const file = join(folder, 'template.json');
    writeFileSync(file, JSON.stringify(template.toJSON()));
    const own = (region: string) =>
      loadStack({ file, accountId: '111111111111', region, stackName: 'service' }).functions.find(
        ({ name }) => name === 'secure_inbox_stack_check',
      );
    expect(readStackCheckConfiguration({ AWS_REGION: 'us-east-1', ...own('us-east-1')?.environment })).toEqual({
      region: 'us-east-1',
      topicArnPrefix: 'arn:aws:sns:us-east-1:111111111111:secure-inbox-check-',
      urlSuffix: 'amazonaws.com',
      checkFunctionArn: 'arn:aws:lambda:us-east-1:111111111111:function:customer_configuration_check',
      internalBucket: 'secure-inbox-internal-111111111111-us-east-1',
      requestsBucket: expect.stringContaining('requests'),
      registryBucket: 'secure-inbox-registry-111111111111-us-east-1',
      checksPerHour: 20,
      customEndpoint: false,
      serviceKmsKeyArn: expect.stringMatching(/^arn:aws:kms:us-east-1:111111111111:key\//),
      patienceMs: 180_000,
    });
    expect(readStackCheckConfiguration({ AWS_REGION: 'cn-north-1', ...own('cn-north-1')?.environment })).toMatchObject({
      topicArnPrefix: 'arn:aws-cn:sns:cn-north-1:111111111111:secure-inbox-check-',
      urlSuffix: 'amazonaws.com.cn',
    });
    rmSync(folder, { recursive: true });
  });

  it('report what is wrong with their environment', () => {
    expect(() => readStackCheckConfiguration({ AWS_REGION: 'us-east-1', PATIENCE_SECONDS: 'long' })).toThrow(
      /TOPIC_ARN_PREFIX is not set\. Set it to the ARN of a topic.*PATIENCE_SECONDS is "long"\. Set it to a whole number/s,
    );
  });

  it('may write their logs, pass a failure on, and one of them invoke the check', () => {
    const arnOf = (type: string, construct: string) => ({ 'Fn::GetAtt': [idOf(template, type, construct), 'Arn'] });
    const allowed = Object.values(template.findResources('AWS::IAM::Policy'))
      .filter(({ Properties }) => String(Properties.Roles[0].Ref).startsWith('StackCheck'))
      .map(({ Properties }) =>
        Properties.PolicyDocument.Statement.map(({ Action, Resource }: never) => [Action, Resource]),
      );
    const logs = ['logs:CreateLogStream', 'logs:PutLogEvents'];
    expect(allowed).toEqual([
      [
        [logs, arnOf('AWS::Logs::LogGroup', 'StackCheckLastResort')],
        ['sqs:SendMessage', arnOf('AWS::SQS::Queue', 'StackCheck')],
      ],
      [
        [logs, arnOf('AWS::Logs::LogGroup', 'StackCheckFunction')],
        ['lambda:InvokeFunction', arnOf('AWS::Lambda::Function', 'StackCheckLastResort')],
        ['lambda:InvokeFunction', arnOf('AWS::Lambda::Function', 'ConfigurationCheck')],
        [['s3:GetObject', 's3:PutObject'], { 'Fn::Join': ['', [arnOf('AWS::S3::Bucket', 'StackCheck'), '/*.json']] }],
        ['s3:ListBucket', arnOf('AWS::S3::Bucket', 'StackCheck')],
        ['s3:GetObject', { 'Fn::Join': ['', [arnOf('AWS::S3::Bucket', 'CustomerRegistry'), '/customers/*']] }],
        ['s3:ListBucket', arnOf('AWS::S3::Bucket', 'CustomerRegistry')],
      ],
    ]);
    template.allResourcesProperties('AWS::IAM::Role', { ManagedPolicyArns: Match.absent() });
    expect(JSON.stringify(identityStatements(template).map(({ Action }) => Action))).not.toContain('sns:');
  });
});

describe('customers cannot use more of Lambda than is reserved for all of them', () => {
  const concurrency = (of: Template) =>
    functionNames.map(
      (FunctionName) =>
        Object.values(of.findResources('AWS::Lambda::Function', { Properties: { FunctionName } }))[0]?.['Properties']
          .ReservedConcurrentExecutions,
    );

  it('unless an account has nothing to reserve', () => {
    const settings = (executions: number | 'unreserved') => ({
      reservedConcurrentExecutions: executions,
      lastResortConcurrentExecutions: executions,
    });
    const others = [3, 'unreserved' as const].map((one) =>
      synthesized({ onboardedAccounts, stackCheck: settings(one) }),
    );
    expect([template, ...others].map(concurrency)).toEqual([
      [10, 2],
      [3, 3],
      [undefined, undefined],
    ]);
  });

  it.each([
    { checksPerHour: 0 },
    { checksPerHour: 1.5 },
    { reservedConcurrentExecutions: 0 },
    { lastResortConcurrentExecutions: -1 },
  ])('rejects a limit that would prevent any answer: %j', (stackCheck) => {
    const [name = ''] = Object.keys(stackCheck);
    const attempt = () => synthesized({ onboardedAccounts, stackCheck });
    expect(attempt).toThrow(
      expect.objectContaining({ name: 'DeploymentError', message: expect.stringContaining(name) }),
    );
  });
});

describe('the alarms', () => {
  it('go off for a stack that got no answer', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'secure-inbox-stack-not-answered',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Threshold: 1,
      AlarmActions: [Match.anyValue()],
    });
  });

  it.each([
    ['stack-not-trusted', '{ $.trusted IS FALSE }'],
    ['stack-response-refused', '{ $.responseRefused IS TRUE }'],
    ['stack-checks-limited', '{ $.limited = "too-many" }'],
  ])("%s goes off because of the function's log: %s", (name, FilterPattern) => {
    const [filter] = Object.values(
      template.findResources('AWS::Logs::MetricFilter', { Properties: { FilterPattern } }),
    );
    const [{ MetricName, MetricNamespace }] = filter?.['Properties'].MetricTransformations ?? [];
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: `secure-inbox-${name}`,
      MetricName,
      Namespace: MetricNamespace,
    });
  });
});

describe('a deployment', () => {
  it('without onboarded accounts has none of this', () => {
    const without = synthesized();
    without.resourceCountIs('AWS::Lambda::Function', 1);
    without.resourcePropertiesCountIs('AWS::SNS::Topic', { TopicName: Match.stringLikeRegexp('check') }, 0);
  });

  it('with another name has other names', () => {
    const staging = synthesized({ onboardedAccounts, deploymentName: 'staging' });
    staging.hasResourceProperties('AWS::SNS::Topic', { TopicName: 'secure-inbox-check-staging-222222222222' });
    staging.hasResourceProperties('AWS::IAM::Role', { RoleName: 'secure_inbox_stack_check-staging' });
    for (const name of functionNames) {
      staging.resourcePropertiesCountIs('AWS::Lambda::Function', { FunctionName: name }, 0);
    }
  });

  it('prints what to give to a customer', () => {
    for (const account of onboardedAccounts) {
      const topic = idOf(template, 'AWS::SNS::Topic', `StackCheckTopic${account}`);
      template.hasOutput(`CheckTopicArnOf${account}`, { Value: { Ref: topic } });
    }
  });

  it('of the construct alone needs no name except that of the topics', () => {
    const account = new SecureInboxConfigurationCheck(app(), 'Account');
    const own = new Stack(account.node.root as never, 'Own');
    new StackCheck(own, 'StackCheck', {
      check: account.check.function,
      internalBucket: account.storage.bucket,
      serviceKey: account.storage.key,
      onboardedAccounts: ['444444444444'],
      patience: Duration.seconds(30),
    });
    const synthesizedOwn = Template.fromStack(own);
    synthesizedOwn.allResourcesProperties('AWS::Lambda::Function', {
      FunctionName: Match.absent(),
      Environment: { Variables: Match.objectLike({ PATIENCE_SECONDS: '30' }) },
    });
    synthesizedOwn.hasResourceProperties('AWS::SNS::Topic', { TopicName: 'secure-inbox-check-444444444444' });
  });
});

it('rejects a time after which CloudFormation would have given up', () => {
  const account = new SecureInboxConfigurationCheck(app(), 'Account');
  const attempt = (id: string, patience: Duration) =>
    new StackCheck(account, id, {
      check: account.check.function,
      internalBucket: account.storage.bucket,
      serviceKey: account.storage.key,
      onboardedAccounts: [],
      patience,
    });
  expect(() => attempt('Longest', Duration.seconds(270))).not.toThrow();
  const tooLong = /^patience is 4 minutes 31 seconds and .* Allowed: together at most 570 seconds, .* 30 minutes/;
  expect(() => attempt('TooLong', Duration.seconds(271))).toThrow(expect.objectContaining({ name: 'DeploymentError' }));
  expect(() => attempt('StillTooLong', Duration.seconds(271))).toThrow(tooLong);
});

describe('invalid onboarded accounts', () => {
  it.each<[string, readonly string[], RegExp]>([
    ['no account', ['acme'], /onboardedAccounts has "acme"\. Allowed: the 12 digits/],
    ['lost zeros', ['12345678901'], /in quotes so that leading zeros survive/],
    ['the same one twice', ['222222222222', '222222222222'], /has 222222222222 more than once/],
    [
      'more than a stack has room for',
      Array.from({ length: mostOnboardedAccounts + 1 }, (_, nth) => String(nth).padStart(12, '1')),
      /has 121 accounts\. Allowed: at most 120, .* StackCheck in another stack\./,
    ],
  ])('are refused, and why: %s', (_, accounts, message) => {
    const attempt = () => synthesized({ onboardedAccounts: accounts });
    expect(attempt).toThrow(DeploymentError);
    expect(attempt).toThrow(message);
  });
});

describe('the bundle', () => {
  let folder: string;
  let inputs: readonly string[];
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'stack-check-'));
    inputs = Object.keys(buildLambdaBundle(folder, stackCheckHandler, 'stack-check').inputs);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('has both functions and, from the check, only the code that reads events', () => {
    expect(inputs).toContain('lambda/stack_check/handler.ts');
    const ofCheck = inputs.filter((input) => /^(core|lambda\/customer_configuration_check)\//.test(input));
    expect(ofCheck.sort()).toEqual([
      'core/arn.ts',
      'core/environment.ts',
      'core/event-problems.ts',
      'core/event-rules.ts',
      'core/event.ts',
      'core/json.ts',
      'core/object-keys.ts',
      'core/printable.ts',
      'core/time.ts',
      'core/values.ts',
      'core/vocabulary.ts',
    ]);
  });

  it('has only the clients of Lambda and S3, and nothing that is not deployed', () => {
    const clients = inputs.flatMap((input) => /node_modules\/@aws-sdk\/(client-[^/]+)\//.exec(input)?.[1] ?? []);
    expect([...new Set(clients)]).toEqual(['client-lambda', 'client-s3']);
    expect(inputs.filter((input) => /^(sandbox|model|policy|cli|bin|bench|test|lib)\/|aws-cdk/.test(input))).toEqual(
      [],
    );
  });
});
