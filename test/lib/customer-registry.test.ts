import { Match } from 'aws-cdk-lib/assertions';
import { registryKeyOf } from '../../core/object-keys.ts';
import { actionsOf, identityStatements, idOf, synthesized } from './synthesized.ts';

const template = synthesized();
const bucketArn = { 'Fn::GetAtt': [idOf(template, 'AWS::S3::Bucket', 'CustomerRegistry'), 'Arn'] };
const ofRegistry = {
  BucketName: { 'Fn::Join': ['', ['secure-inbox-registry-', { Ref: 'AWS::AccountId' }, '-', { Ref: 'AWS::Region' }]] },
};

describe('the registry', () => {
  it('is closed to the public and to ACLs', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      ...ofRegistry,
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
  });

  it('is encrypted with no key whose policy could stop the health check', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      ...ofRegistry,
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
    });
  });

  it('keeps earlier versions for a year, and current ones forever', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      ...ofRegistry,
      VersioningConfiguration: { Status: 'Enabled' },
      LifecycleConfiguration: {
        Rules: [
          {
            NoncurrentVersionExpiration: { NoncurrentDays: 365 },
            ExpirationInDays: Match.absent(),
            Status: 'Enabled',
          },
        ],
      },
    });
  });

  it('is kept when the stack is deleted', () => {
    template.hasResource('AWS::S3::Bucket', {
      Properties: ofRegistry,
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    });
  });

  it('notifies EventBridge of changes, without a function that sets this up', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      ...ofRegistry,
      NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
    });
    template.resourceCountIs('AWS::Lambda::Function', 1);
  });

  it('denies plain HTTP', () => {
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      Bucket: { Ref: idOf(template, 'AWS::S3::Bucket', 'CustomerRegistry') },
      PolicyDocument: {
        Statement: [
          {
            Sid: 'DenyInsecureTransport',
            Effect: 'Deny',
            Principal: { AWS: '*' },
            Action: 's3:*',
            Resource: [bucketArn, { 'Fn::Join': ['', [bucketArn, '/*']] }],
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
        ],
      },
    });
  });

  it('nothing in this stack writes to it, and only the check reads its objects', () => {
    const onRegistrations = identityStatements(template).filter(({ Resource }) =>
      JSON.stringify(Resource).includes(JSON.stringify([bucketArn, '/customers/*'])),
    );
    expect(onRegistrations.map((statement) => [statement.Sid, actionsOf(statement)])).toEqual([
      ['ReadRegistrations', ['s3:GetObject']],
    ]);
  });
});

it('has one object per customer, which the check may read', () => {
  expect(registryKeyOf('acme')).toBe('customers/acme.json');
});
