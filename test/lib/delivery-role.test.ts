import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { type PermissionEdge, permissionEdges, statementsOfMultipart } from '../../core/permissions.ts';
import { type DeliverySettings, deliveryPolicy } from '../../lib/delivery-permissions.ts';
import { DeliveryRole } from '../../lib/delivery-role.ts';
import { actionsOf, app, idOf, type Statement, statementAllowing, synthesized } from './synthesized.ts';

const template = synthesized();

const internalBucket = {
  bucketArn: 'arn:aws:s3:::internal',
  bucketName: 'internal',
  arnForObjects: (pattern: string) => `arn:aws:s3:::internal/${pattern}`,
};

function statements(settings: DeliverySettings = {}): readonly Statement[] {
  const document = deliveryPolicy(internalBucket, permissionEdges, settings);
  return (new Stack(app()).resolve(document) as { readonly Statement: readonly Statement[] }).Statement;
}

/** The policy for a bucket with a known name, so that whole ARNs can be compared. */
function statement(sid: string, edges?: readonly PermissionEdge[]): Statement {
  const document = new Stack(app()).resolve(deliveryPolicy(internalBucket, edges)) as {
    Statement: readonly Statement[];
  };
  const found = document.Statement.find((candidate) => candidate.Sid === sid);
  if (found === undefined) throw new Error(`The delivery policy has no statement ${sid}.`);
  return found;
}

describe('the policy of the delivery role', () => {
  it('allows every action in the permission table except AssumeRole, and no other', () => {
    for (const multipartDeliveries of [false, true]) {
      const inTable = permissionEdges.filter(
        ({ on, kind }) => on !== 'delivery-role' && (multipartDeliveries || kind !== 'multipart'),
      );
      const allowed = new Set(statements({ multipartDeliveries }).flatMap(actionsOf));
      expect(allowed).toEqual(new Set(inTable.map(({ action }) => action)));
    }
  });

  it('is the same with multipart deliveries, except for their own statements', () => {
    const [without, withMultipart] = [statements(), statements({ multipartDeliveries: true })];
    const ofMultipart: readonly unknown[] = statementsOfMultipart;
    expect(withMultipart.filter(({ Sid }) => !ofMultipart.includes(Sid))).toEqual(without);
    expect(withMultipart.length - without.length).toBe(ofMultipart.length);
  });

  it('allows writes without encryption as parts of copies, and completions', () => {
    const [, ...writes] = statements({ multipartDeliveries: true }).filter(
      (one) => actionsOf(one).includes('s3:PutObject') && one.Sid !== 'StoreAndReadInternalObjects',
    );
    const otherAccount = { StringNotEquals: { 's3:ResourceAccount': { Ref: 'AWS::AccountId' } } };
    const unnamed = { 's3:x-amz-server-side-encryption': 'true' };
    expect(writes.map(({ Condition }) => Condition)).toEqual([
      {
        Bool: { 's3:ObjectCreationOperation': 'false' },
        Null: { ...unnamed, 's3:x-amz-copy-source': 'false' },
        ...otherAccount,
      },
      {
        Bool: { 's3:ObjectCreationOperation': 'true' },
        Null: { ...unnamed, 's3:x-amz-copy-source': 'true' },
        ...otherAccount,
      },
    ]);
  });

  it('confines the right to delete to test objects', () => {
    expect(statement('DeleteTestObjects')).toEqual({
      Sid: 'DeleteTestObjects',
      Effect: 'Allow',
      Action: 's3:DeleteObject',
      Resource: 'arn:aws:s3:::internal/configuration-check/*',
    });
  });

  it('reads only internal objects', () => {
    expect(statementAllowing(template, 's3:GetObject', 'StoreAndReadInternalObjects').Resource).toEqual({
      'Fn::Join': ['', [{ 'Fn::GetAtt': [internalBucketId(), 'Arn'] }, '/*']],
    });
  });

  it('delivers only with aws:kms, and only into buckets of other accounts', () => {
    expect(statement('DeliverEncrypted').Condition).toMatchObject({
      StringEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' },
      StringNotEquals: { 's3:ResourceAccount': { Ref: 'AWS::AccountId' } },
    });
  });

  it('sets no ACL except bucket-owner-full-control', () => {
    expect(statementAllowing(template, 's3:PutObjectAcl').Condition).toEqual({
      StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control' },
      StringNotEquals: { 's3:ResourceAccount': { Ref: 'AWS::AccountId' } },
    });
  });

  it('uses keys only through S3', () => {
    const { Statement } = new Stack(app()).resolve(deliveryPolicy(internalBucket)) as {
      Statement: readonly Statement[];
    };
    const onKeys = Statement.filter((each) => actionsOf(each).some((action) => action.startsWith('kms:')));
    expect(onKeys.length).toBeGreaterThan(0);
    for (const each of onKeys) {
      // The suffix differs in China.
      const throughS3 = { 'Fn::Join': ['', ['s3.*.', { Ref: 'AWS::URLSuffix' }]] };
      expect(each.Condition?.['StringLike']).toMatchObject({ 'kms:ViaService': throughS3 });
    }
  });

  it('decrypts only internal objects', () => {
    expect(statement('DecryptInternalObjectsThroughS3')).toMatchObject({
      Action: 'kms:Decrypt',
      Condition: {
        StringLike: {
          'kms:EncryptionContext:aws:s3:arn': ['arn:aws:s3:::internal', 'arn:aws:s3:::internal/*'],
        },
      },
    });
  });

  it('follows the table: a removed edge is no longer allowed', () => {
    const withoutAcl = permissionEdges.filter((edge) => edge.onlyWith !== 'acl');
    expect(() => statement('GiveTheOwnerFullControl', withoutAcl)).toThrow('no statement GiveTheOwnerFullControl');
    expect(statement('GiveTheOwnerFullControl', permissionEdges).Action).toBe('s3:PutObjectAcl');
  });

  it('rejects an edge without a statement that decides where it may be used', () => {
    const [edge] = permissionEdges;
    const elsewhere = { ...edge, on: 'quarantine-bucket' } as unknown as PermissionEdge;
    expect(() => deliveryPolicy(internalBucket, [elsewhere])).toThrow(/on quarantine-bucket, which 0 statements/);
    const reading = { ...edge, on: 'inbox-object', operation: 'HeadObject', action: 's3:GetObject' } as unknown;
    expect(() => deliveryPolicy(internalBucket, [reading as PermissionEdge])).toThrow(/on inbox-object, which 0/);
  });
});

describe('who may deliver', () => {
  it('is only the check, unless deliverers are given', () => {
    template.hasResourceProperties('AWS::IAM::Role', {
      RoleName: 'secure-inbox-delivery',
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Action: 'sts:AssumeRole',
            Principal: { AWS: { 'Fn::GetAtt': [checkRoleId(), 'Arn'] } },
            Condition: { StringLike: { 'sts:RoleSessionName': 'check-*' } },
          },
        ],
      },
    });
  });

  it('is also each of the deliverers', () => {
    const reports = 'arn:aws:iam::111111111111:role/reports';
    const trust = synthesized({ deliverers: [new iam.ArnPrincipal(reports)] });
    trust.hasResourceProperties('AWS::IAM::Role', {
      RoleName: 'secure-inbox-delivery',
      AssumeRolePolicyDocument: {
        Statement: [
          Match.objectLike({ Principal: { AWS: { 'Fn::GetAtt': [checkRoleId(), 'Arn'] } } }),
          {
            Effect: 'Allow',
            Action: 'sts:AssumeRole',
            Principal: { AWS: reports },
            Condition: { StringNotLike: { 'sts:RoleSessionName': 'check-*' } },
          },
        ],
      },
    });
  });

  it('needs no fixed name in another app', () => {
    const stack = new Stack(app(), 'Own');
    new DeliveryRole(stack, 'Delivery', {
      internalBucket,
      check: new iam.ServicePrincipal('lambda.amazonaws.com'),
    });
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', { RoleName: Match.absent() });
  });
});

function internalBucketId(): string {
  return idOf(template, 'AWS::S3::Bucket', 'InternalStorage');
}

function checkRoleId(): string {
  return (
    Object.keys(
      template.findResources('AWS::IAM::Role', { Properties: { RoleName: 'customer_configuration_check' } }),
    )[0] ?? ''
  );
}

it.each([true, false])(
  'an output tells onboarding whether inboxes may be in this account: %s',
  (inboxesInThisAccount) => {
    const outputs = synthesized({ inboxesInThisAccount }).findOutputs('InboxesInThisAccount');
    expect(Object.values(outputs).map(({ Value }) => Value)).toEqual(inboxesInThisAccount ? ['true'] : []);
  },
);
