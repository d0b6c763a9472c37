import { Match } from 'aws-cdk-lib/assertions';
import { actionsOf, identityStatements, type Statement, synthesized } from './synthesized.ts';

const template = synthesized();
const deliveryRoleArn = { 'Fn::GetAtt': [roleId('secure-inbox-delivery'), 'Arn'] };

describe('the function', () => {
  it('is Node.js 24 on arm64, logs JSON, and runs as the role of its own name', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'customer_configuration_check',
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'handler.handler',
      MemorySize: 256,
      LoggingConfig: { LogFormat: 'JSON', LogGroup: { Ref: only('AWS::Logs::LogGroup') } },
      Role: { 'Fn::GetAtt': [roleId('customer_configuration_check'), 'Arn'] },
    });
  });

  it("knows the service's side of a delivery", () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: {
          INTERNAL_BUCKET: { Ref: only('AWS::S3::Bucket') },
          DELIVERY_ROLE_ARN: deliveryRoleArn,
          SERVICE_KMS_KEY_ARN: { 'Fn::GetAtt': [only('AWS::KMS::Key'), 'Arn'] },
        },
      },
    });
  });

  it('keeps its logs for a limited time', () => {
    template.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: '/aws/lambda/customer_configuration_check',
      RetentionInDays: Match.anyValue(),
    });
  });
});

describe("the check's own role", () => {
  it('takes on the delivery role, asks about its policies and about keys, writes its own logs, and does nothing else', () => {
    const checkRoleArn = { 'Fn::GetAtt': [expect.stringMatching(/^CheckRole/), 'Arn'] };
    const anyKey = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':kms:*:*:key/*']] };
    const logGroupArn = { 'Fn::GetAtt': [only('AWS::Logs::LogGroup'), 'Arn'] };
    expect(checkStatements().map(({ Sid, ...statement }) => statement)).toEqual([
      { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: deliveryRoleArn },
      { Effect: 'Allow', Action: 'iam:SimulatePrincipalPolicy', Resource: [checkRoleArn, deliveryRoleArn] },
      { Effect: 'Allow', Action: 'iam:GetRole', Resource: deliveryRoleArn },
      { Effect: 'Allow', Action: 'kms:DescribeKey', Resource: anyKey },
      { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: logGroupArn },
    ]);
  });

  it('has no managed policy', () => {
    template.hasResourceProperties('AWS::IAM::Role', {
      RoleName: 'customer_configuration_check',
      ManagedPolicyArns: Match.absent(),
    });
  });

  it('can be taken on by Lambda alone', () => {
    template.hasResourceProperties('AWS::IAM::Role', {
      RoleName: 'customer_configuration_check',
      AssumeRolePolicyDocument: {
        Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
      },
    });
  });
});

describe('all identity policies', () => {
  it.each(identityStatements(template).map((statement) => [statement.Sid, statement] as const))(
    '%s has a Sid, and names neither every resource nor every action',
    (sid, statement) => {
      expect(sid).toMatch(/^[A-Z][A-Za-z0-9]+$/);
      expect([statement.Resource].flat()).not.toContain('*');
      expect(actionsOf(statement).filter((action) => action.includes('*'))).toEqual([]);
    },
  );
});

it.each(['FunctionName', 'DeliveryRoleArn', 'InternalBucketName', 'ServiceKeyArn'])('outputs %s', (output) => {
  template.hasOutput(output, { Value: Match.anyValue() });
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

function only(type: string): string {
  const [id = '', ...more] = Object.keys(template.findResources(type));
  expect(more).toEqual([]);
  return id;
}
