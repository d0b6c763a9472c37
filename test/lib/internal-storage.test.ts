import { Duration } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import type { SecureInboxConfigurationCheckProps } from '../../lib/secure-inbox-configuration-check.ts';
import { here } from '../here.ts';
import { isAllowed } from '../least-privilege/asking.ts';
import { internal } from '../least-privilege/service-requests.ts';
import { deployment, everything, mustHave, roleNamed, sessionOf, withRole } from '../least-privilege/worlds.ts';
import { withDeployed } from './deployed-service.ts';
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

  it('belongs to no one else and is closed to the public', () => {
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

  it("encrypts with the service's own key by default, calling KMS for every object", () => {
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
        Rules: Match.arrayWith([
          { Id: 'ExpireTestObjects', Prefix: 'configuration-check/', ExpirationInDays: 1, Status: 'Enabled' },
        ]),
      },
      VersioningConfiguration: Match.absent(),
    });
  });
});

describe('a report in the bucket', () => {
  it('expires after 30 days, and parts of an unfinished upload after one', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: {
        Rules: Match.arrayWith([
          {
            Id: 'ExpireReports',
            ExpirationInDays: 30,
            AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
            Prefix: Match.absent(),
            Status: 'Enabled',
          },
        ]),
      },
    });
    synthesized({ reportsKept: Duration.days(7) }).hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: { Rules: Match.arrayWith([Match.objectLike({ ExpirationInDays: 7 })]) },
    });
  });

  const reader = here('arn:aws:iam::111111111111:role/auditor');
  const administrator = here('arn:aws:iam::111111111111:role/report-admin-1');
  const principals = { reportReaders: [reader], reportAdministrators: [administrator.replace('-1', '-*')] };

  /** All identity policies allow everything. */
  async function worldOf(props: SecureInboxConfigurationCheckProps) {
    const { world } = await deployment();
    const powerful = [reader, administrator, colleague].map((arn) => roleNamed(arn, [everything]));
    return powerful.reduce(withRole, withDeployed(world, props));
  }

  const colleague = here('arn:aws:iam::111111111111:role/colleague');
  const asks = async (props: SecureInboxConfigurationCheckProps, arn: string, action: string, headers = {}) => {
    const world = await worldOf(props);
    const role = arn === 'delivery' ? world.deliveryRoleArn : arn;
    const resource = internal(world, 'acme/report.pdf');
    return isAllowed(world, { caller: sessionOf(mustHave(world.roles, role)), action, resource, headers });
  };

  it.each<[string, SecureInboxConfigurationCheckProps, string, readonly boolean[]]>([
    ['a colleague', principals, colleague, [false, false, false]],
    ['a reader', principals, reader, [true, false, false]],
    ['an administrator', principals, administrator, [true, true, true]],
    ['who would be a reader elsewhere', {}, reader, [false, false, false]],
    ['the application', {}, 'delivery', [true, true, false]],
    ['an application that deletes', { deletesReports: true }, 'delivery', [true, true, true]],
  ])('can be read, written and deleted by %s as the props say', async (_, props, arn, allowed) => {
    const actions = ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'];
    expect(await Promise.all(actions.map((action) => asks(props, arn, action)))).toEqual(allowed);
  });

  it.each<[string, Readonly<Record<string, string>>, boolean]>([
    ["under the bucket's default", {}, true],
    ['under a key of KMS', { 'x-amz-server-side-encryption': 'aws:kms' }, true],
    ['under a key of S3', { 'x-amz-server-side-encryption': 'AES256' }, false],
    ['under a key of the caller', { 'x-amz-server-side-encryption-customer-algorithm': 'AES256' }, false],
  ])('cannot be stored but %s', async (_, headers, allowed) => {
    expect(await asks({}, 'delivery', 's3:PutObject', headers)).toBe(allowed);
  });

  it.each(['auditor', '*', 'arn:aws:iam::*:role/x', 'arn:aws:s3:::bucket'])(
    'does not become accessible through %s',
    (arn) => {
      for (const name of ['reportReaders', 'reportAdministrators']) {
        expect(() => synthesized({ [name]: [arn] })).toThrow(
          expect.objectContaining({
            name: 'DeploymentError',
            message: expect.stringContaining(`${name} has "${arn}"`),
          }),
        );
      }
    },
  );
});

describe("the service's own key", () => {
  it('rotates', () => {
    template.hasResourceProperties('AWS::KMS::Key', { EnableKeyRotation: true });
  });

  it('is only accessible to the account itself', () => {
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
])('keeps the %s when the stack is deleted', (type, DeletionPolicy) => {
  const kept = { DeletionPolicy, UpdateReplacePolicy: 'Retain' };
  expect(template.findResources(type, kept)).toHaveProperty(ofStorage(type));
});

function ofStorage(type: string): string {
  return idOf(template, type, 'InternalStorage');
}
