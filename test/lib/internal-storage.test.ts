import { Match } from 'aws-cdk-lib/assertions';
import { idOf, synthesized } from './synthesized.ts';

const template = synthesized();

describe('the internal bucket', () => {
  it('has the name that customers write into their key policies', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      BucketName: {
        'Fn::Join': ['', ['secure-inbox-internal-', { Ref: 'AWS::AccountId' }, '-', { Ref: 'AWS::Region' }]],
      },
    });
  });

  it('belongs to nobody else and is closed to the public', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
  });

  it("encrypts with the service's own key by default, asking KMS for every object", () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          {
            BucketKeyEnabled: false,
            ServerSideEncryptionByDefault: {
              SSEAlgorithm: 'aws:kms',
              KMSMasterKeyID: { 'Fn::GetAtt': [ofStorage('AWS::KMS::Key'), 'Arn'] },
            },
          },
        ],
      },
    });
  });

  it('refuses plain HTTP', () => {
    const bucketArn = { 'Fn::GetAtt': [ofStorage('AWS::S3::Bucket'), 'Arn'] };
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Sid: 'DenyInsecureTransport',
            Effect: 'Deny',
            Principal: { AWS: '*' },
            Action: 's3:*',
            Resource: [bucketArn, { 'Fn::Join': ['', [bucketArn, '/*']] }],
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          }),
        ]),
      },
    });
  });

  it('keeps no test object longer than a day, and no version of a report at all', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: {
        Rules: [{ Id: 'ExpireTestObjects', Prefix: 'configuration-check/', ExpirationInDays: 1, Status: 'Enabled' }],
      },
      VersioningConfiguration: Match.absent(),
    });
  });
});

describe("the service's own key", () => {
  it('rotates', () => {
    template.hasResourceProperties('AWS::KMS::Key', { EnableKeyRotation: true });
  });

  it('is opened to nobody but the account itself', () => {
    template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: [
          {
            Sid: 'AdministrationByThisAccount',
            Effect: 'Allow',
            Principal: {
              AWS: {
                'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::', { Ref: 'AWS::AccountId' }, ':root']],
              },
            },
            Action: 'kms:*',
            Resource: '*',
          },
        ],
      },
    });
  });
});

it.each([
  ['AWS::S3::Bucket', 'RetainExceptOnCreate'],
  ['AWS::KMS::Key', 'Retain'],
])('keeps the %s when the stack goes', (type, DeletionPolicy) => {
  const kept = { DeletionPolicy, UpdateReplacePolicy: 'Retain' };
  expect(template.findResources(type, kept)).toHaveProperty(ofStorage(type));
});

function ofStorage(type: string): string {
  return idOf(template, type, 'InternalStorage');
}
