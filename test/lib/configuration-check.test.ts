import { Duration } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { actionsOf, identityStatements, idOf, type Statement, synthesized } from './synthesized.ts';

const template = synthesized();
const deliveryRoleArn = { 'Fn::GetAtt': [roleId('secure-inbox-delivery'), 'Arn'] };
const ofCheck = { FunctionName: 'customer_configuration_check' };

describe('the function', () => {
  it('uses Node.js 24 on arm64, logs JSON, and runs as the role with its own name', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      ...ofCheck,
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'handler.handler',
      MemorySize: 256,
      LoggingConfig: { LogFormat: 'JSON', LogGroup: { Ref: ofTheCheck('AWS::Logs::LogGroup') } },
      Role: { 'Fn::GetAtt': [roleId('customer_configuration_check'), 'Arn'] },
    });
  });

  it("knows the service's side of a delivery, and where customers are registered", () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      ...ofCheck,
      Environment: {
        Variables: {
          INTERNAL_BUCKET: { Ref: idOf(template, 'AWS::S3::Bucket', 'InternalStorage') },
          DELIVERY_ROLE_ARN: deliveryRoleArn,
          SERVICE_KMS_KEY_ARN: { 'Fn::GetAtt': [idOf(template, 'AWS::KMS::Key', 'InternalStorage'), 'Arn'] },
          METRICS_NAMESPACE: 'SecureInbox/ConfigurationCheck',
          REGISTRY_BUCKET: { Ref: idOf(template, 'AWS::S3::Bucket', 'CustomerRegistry') },
        },
      },
    });
  });

  it('keeps its logs for a limited time', () => {
    template.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: '/aws/lambda/customer_configuration_check',
      RetentionInDays: 90,
    });
  });

  it('is neither traced nor limited in its concurrency by default', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      ...ofCheck,
      TracingConfig: Match.absent(),
      ReservedConcurrentExecutions: Match.absent(),
    });
    expect(identityStatements(template).flatMap(actionsOf)).not.toContain('xray:PutTraceSegments');
  });

  it("has the size, limits, tracing and log level of the stack's props", () => {
    const other = synthesized({
      memorySize: 512,
      reservedConcurrentExecutions: 20,
      tracing: true,
      logRetention: 14,
      healthCheckInterval: Duration.hours(2),
    });
    other.hasResourceProperties('AWS::Lambda::Function', {
      ...ofCheck,
      MemorySize: 512,
      ReservedConcurrentExecutions: 20,
      TracingConfig: { Mode: 'Active' },
    });
    other.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: '/aws/lambda/customer_configuration_check',
      RetentionInDays: 14,
    });
    expect(identityStatements(other).flatMap(actionsOf)).toContain('xray:PutTraceSegments');
    other.hasResourceProperties('AWS::Scheduler::Schedule', { ScheduleExpression: 'rate(2 hours)' });
  });
});

describe("the check's own role", () => {
  it('assumes the delivery role, reads about its policies and about keys, writes its own logs, and does nothing else', () => {
    const checkRoleArn = { 'Fn::GetAtt': [expect.stringMatching(/^CheckRole/), 'Arn'] };
    const anyKey = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':kms:*:*:key/*']] };
    const logGroupArn = { 'Fn::GetAtt': [ofTheCheck('AWS::Logs::LogGroup'), 'Arn'] };
    const registryArn = { 'Fn::GetAtt': [idOf(template, 'AWS::S3::Bucket', 'CustomerRegistry'), 'Arn'] };
    const registrations = { 'Fn::Join': ['', [registryArn, '/customers/*']] };
    expect(checkStatements().map(({ Sid, ...statement }) => statement)).toEqual([
      { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: deliveryRoleArn },
      { Effect: 'Allow', Action: 'iam:SimulatePrincipalPolicy', Resource: [checkRoleArn, deliveryRoleArn] },
      { Effect: 'Allow', Action: 'iam:GetRole', Resource: deliveryRoleArn },
      { Effect: 'Allow', Action: 'kms:DescribeKey', Resource: anyKey },
      { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: logGroupArn },
      { Effect: 'Allow', Action: 's3:GetObject', Resource: registrations },
    ]);
  });

  it("reads the account's CloudTrail only with the stack's prop", () => {
    expect(
      identityStatements(template)
        .flatMap(actionsOf)
        .filter((action) => /^(cloudtrail:|\*)/.test(action)),
    ).toEqual([]);
    const told = identityStatements(synthesized({ looksIntoCloudTrail: true }));
    const allowing = told.filter((statement) =>
      actionsOf(statement).some((action) => action.startsWith('cloudtrail:')),
    );
    expect(allowing).toEqual([
      { Sid: 'LookUpWhatKmsRefused', Effect: 'Allow', Action: 'cloudtrail:LookupEvents', Resource: '*' },
    ]);
  });

  it('has no managed policy', () => {
    template.hasResourceProperties('AWS::IAM::Role', {
      RoleName: 'customer_configuration_check',
      ManagedPolicyArns: Match.absent(),
    });
  });

  it('can only be assumed by Lambda', () => {
    template.hasResourceProperties('AWS::IAM::Role', {
      RoleName: 'customer_configuration_check',
      AssumeRolePolicyDocument: {
        Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
      },
    });
  });
});

/** Services whose permissions for these actions don't support resources. */
const withoutResources = [
  'cloudtrail:LookupEvents',
  'cloudwatch:PutMetricData',
  ...['CreateLogDelivery', 'GetLogDelivery', 'UpdateLogDelivery', 'DeleteLogDelivery', 'ListLogDeliveries'].map(
    (action) => `logs:${action}`,
  ),
  ...['PutResourcePolicy', 'DescribeResourcePolicies', 'DescribeLogGroups'].map((action) => `logs:${action}`),
];

describe('all identity policies', () => {
  it.each(identityStatements(template).map((statement) => [actionsOf(statement).join(), statement] as const))(
    '%s is on named resources, and no pattern of actions',
    (_, statement) => {
      const onEverything = [statement.Resource].flat().includes('*');
      expect(onEverything ? actionsOf(statement).filter((action) => !withoutResources.includes(action)) : []).toEqual(
        [],
      );
      expect(actionsOf(statement).filter((action) => action.includes('*'))).toEqual([]);
    },
  );

  it('gives the purpose of each statement of the check and of the delivery role', () => {
    const ours = [...checkStatements(), ...identityStatements(template).filter(({ Sid }) => Sid !== undefined)];
    expect(checkStatements().filter(({ Sid }) => Sid === undefined)).toEqual([]);
    for (const { Sid } of ours) expect(Sid).toMatch(/^[A-Z][A-Za-z0-9]+$/);
  });
});

it.each([
  'FunctionName',
  'DeliveryRoleArn',
  'InternalBucketName',
  'ServiceKeyArn',
  'RegistryBucketName',
  'StatusTopicArn',
  'StateMachineArn',
  'DashboardName',
])('outputs %s', (output) => {
  template.hasOutput(output, { Value: Match.anyValue() });
});

it.each([
  [{ reservedConcurrentExecutions: 0 }, 'reservedConcurrentExecutions is 0.'],
  [{ reservedConcurrentExecutions: 1.5 }, 'reservedConcurrentExecutions is 1.5.'],
  [{ reportsKept: Duration.hours(36) }, 'reportsKept is 1 day 12 hours.'],
  [{ reportsKept: Duration.days(0) }, 'reportsKept is 0'],
  [{ runbook: 'https://wiki.example.com/inbox#alarms' }, 'runbook is "https://wiki.example.com/inbox#alarms".'],
  [{ runbook: '' }, 'runbook is "".'],
])('rejects %j, which AWS would accept, or reject without a reason', (props, message) => {
  const error = { name: 'DeploymentError', message: expect.stringContaining(message) };
  expect(() => synthesized(props)).toThrow(expect.objectContaining(error));
});

function checkStatements(): readonly Statement[] {
  const [policy] = Object.values(
    template.findResources('AWS::IAM::Policy', {
      Properties: { Roles: [{ Ref: roleId('customer_configuration_check') }] },
    }),
  );
  return policy?.['Properties'].PolicyDocument.Statement as readonly Statement[];
}

function roleId(name: string): string {
  return Object.keys(template.findResources('AWS::IAM::Role', { Properties: { RoleName: name } }))[0] ?? '';
}

function ofTheCheck(type: string): string {
  return idOf(template, type, 'ConfigurationCheck');
}
