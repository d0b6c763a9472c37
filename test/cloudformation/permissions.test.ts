import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { edgesFor, type ResourceRole } from '../../core/permissions.ts';
import type { DeliveryKind } from '../../core/vocabulary.ts';
import type { PolicyStatement } from '../../model/world/world.ts';
import { here } from '../here.ts';
import {
  deployed,
  existingBucket,
  existingKeyArn,
  furtherRoleArn,
  given,
  newKeyArn,
  readerArn,
  senderKeyArn,
  templateFile,
} from './deployed.ts';

const inboxArn = here('arn:aws:s3:::secure-inbox-222222222222-us-east-1');
const internalArn = here(`arn:aws:s3:::${given.SenderInternalBucketName}`);
const deliveryRole = { AWS: given.DeliveryRoleArn };

describe('the bucket policy', () => {
  const statements = deployed().statements('AWS::S3::BucketPolicy');

  it('allows one role one thing: writing', () => {
    expect(statements.filter(({ Effect }) => Effect === 'Allow').map(withActions)).toEqual([
      {
        Sid: 'DeliverReports',
        Effect: 'Allow',
        Principal: deliveryRole,
        Action: actionsOn('inbox-object'),
        Resource: `${inboxArn}/*`,
      },
    ]);
  });

  it('allows it below the prefix only', () => {
    const [allow] = deployed({ Prefix: 'reports/2026/' }).statements('AWS::S3::BucketPolicy');
    expect(allow?.['Resource']).toBe(`${inboxArn}/reports/2026/*`);
  });

  it.each([
    ['DenyInsecureTransport', { Bool: { 'aws:SecureTransport': 'false' } }],
    ['DenyOtherEncryption', { StringNotEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' } }],
    ['DenyOtherKeys', { StringNotEquals: { 's3:x-amz-server-side-encryption-aws-kms-key-id': newKeyArn } }],
  ])('refuses for everyone: %s', (sid, condition) => {
    expect(bySid(statements, sid)).toMatchObject({ Effect: 'Deny', Principal: '*', Condition: condition });
  });

  it('denies every key except the given one, if there is one', () => {
    const withKey = deployed({ ExistingKeyArn: existingKeyArn }).statements('AWS::S3::BucketPolicy');
    expect(bySid(withKey, 'DenyOtherKeys')['Condition']).toEqual({
      StringNotEquals: { 's3:x-amz-server-side-encryption-aws-kms-key-id': existingKeyArn },
    });
  });
});

describe('the key policy', () => {
  const statements = deployed().statements('AWS::KMS::Key');
  const delivery = statements.filter(({ Sid }) => Sid !== 'AdministrationByThisAccount');

  it("lets the customer's own account administer the key, and no other", () => {
    expect(bySid(statements, 'AdministrationByThisAccount')).toMatchObject({
      Principal: { AWS: here('arn:aws:iam::222222222222:root') },
      Action: 'kms:*',
    });
    expect(delivery.map((statement) => statement['Principal'])).toEqual([deliveryRole, deliveryRole]);
  });

  it('allows the service what a delivery needs, and only through S3 in this Region', () => {
    expect(delivery.map((statement) => withActions(statement)['Action'])).toEqual([
      actionsOn('inbox-key'),
      actionsOn('internal-key'),
    ]);
    for (const statement of delivery) {
      expect(statement['Condition']).toMatchObject({
        StringEquals: { 'kms:ViaService': here('s3.us-east-1.amazonaws.com') },
      });
    }
  });

  it('allows encryption in the inbox below the prefix, with or without a Bucket Key', () => {
    const inReports = deployed({ Prefix: 'reports/' }).statements('AWS::KMS::Key');
    expect(contexts(bySid(inReports, 'EncryptDeliveredReports'))).toEqual([inboxArn, `${inboxArn}/reports/*`]);
  });

  it("allows decryption in the service's internal bucket and nowhere else", () => {
    const decrypting = delivery.filter((statement) => [statement['Action']].flat().includes('kms:Decrypt'));
    expect(decrypting.flatMap(contexts)).toEqual([internalArn, `${internalArn}/*`]);
  });

  it("allows nothing in the internal bucket if reports are staged with the service's key", () => {
    const without = deployed({ SenderKeyArn: senderKeyArn }).statements('AWS::KMS::Key');
    expect(without.map(({ Sid }) => Sid)).toEqual(['AdministrationByThisAccount', 'EncryptDeliveredReports']);
  });
});

describe('reports in parts', () => {
  const stack = deployed({ MultipartDeliveries: 'yes' });
  const header = 's3:x-amz-server-side-encryption';

  it('need the permissions for parts, and denials that only test what is present', () => {
    const bucket = stack.statements('AWS::S3::BucketPolicy');
    expect(withActions(bySid(bucket, 'DeliverReports'))['Action']).toEqual(actionsOn('inbox-object', 'multipart'));
    expect(bySid(bucket, 'DenyOtherEncryption')['Condition']).toEqual({
      StringNotEquals: { [header]: 'aws:kms' },
      Null: { [header]: 'false' },
    });
    expect(bySid(bucket, 'DenyOtherKeys')['Condition']).toEqual({
      StringNotEquals: { [`${header}-aws-kms-key-id`]: newKeyArn },
      Null: { [`${header}-aws-kms-key-id`]: 'false' },
    });
    const key = stack.statements('AWS::KMS::Key');
    expect(withActions(bySid(key, 'EncryptDeliveredReports'))['Action']).toEqual(actionsOn('inbox-key', 'multipart'));
  });

  it('change nothing else', () => {
    const others = (one: typeof stack, type: 'AWS::KMS::Key' | 'AWS::S3::BucketPolicy') =>
      one.statements(type).filter(({ Sid }) => !/^(?:DeliverReports|DenyOther|EncryptDelivered)/.test(String(Sid)));
    for (const type of ['AWS::KMS::Key', 'AWS::S3::BucketPolicy'] as const) {
      expect(others(stack, type)).toEqual(others(deployed(), type));
    }
  });

  it('are what the test event then asks for', () => {
    expect(JSON.parse(stack.outputs['TestEvent'] ?? '')).toMatchObject({ delivery: 'multipart' });
    expect(JSON.parse(deployed().outputs['TestEvent'] ?? '')).not.toHaveProperty('delivery');
  });
});

describe('several senders', () => {
  const all = { AWS: [given.DeliveryRoleArn, furtherRoleArn] };
  const stack = deployed({ MoreDeliveryRoleArns: furtherRoleArn });

  it('may each do what a single one may, and nothing else', () => {
    const of = (type: 'AWS::KMS::Key' | 'AWS::S3::BucketPolicy') =>
      [deployed(), stack].map((each) => each.statements(type).filter(({ Principal }) => !isOwnAccount(Principal)));
    for (const [one, several] of [of('AWS::S3::BucketPolicy'), of('AWS::KMS::Key')]) {
      const granted = one?.map((each) => (each.Effect === 'Allow' ? { ...each, Principal: all } : each));
      expect(several).toEqual(granted);
    }
  });

  it('are one item each, whatever is between the commas', () => {
    const spaced = deployed({ MoreDeliveryRoleArns: `${furtherRoleArn} ,  ${furtherRoleArn}-2` });
    expect(bySid(spaced.statements('AWS::S3::BucketPolicy'), 'DeliverReports')['Principal']).toEqual({
      AWS: [given.DeliveryRoleArn, furtherRoleArn, `${furtherRoleArn}-2`],
    });
  });

  it('may have a first role with a comma in its name', () => {
    const DeliveryRoleArn = here('arn:aws:iam::111111111111:role/deliver,reports');
    const named = deployed({ DeliveryRoleArn, MoreDeliveryRoleArns: furtherRoleArn });
    expect(bySid(named.statements('AWS::S3::BucketPolicy'), 'DeliverReports')['Principal']).toEqual({
      AWS: [DeliveryRoleArn, furtherRoleArn],
    });
  });
});

describe("the readers' role", () => {
  const role = (parameters = {}) => deployed({ ReaderArns: readerArn, ...parameters }).properties('AWS::IAM::Role');

  it('trusts the named principals, if they are in this account', () => {
    expect(
      role({ ReaderArns: here(`${readerArn},arn:aws:iam::222222222222:root`) })['AssumeRolePolicyDocument'],
    ).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'AssumedByReadersOfThisAccount',
          Effect: 'Allow',
          Principal: { AWS: [readerArn, here('arn:aws:iam::222222222222:root')] },
          Action: 'sts:AssumeRole',
          Condition: { StringEquals: { 'aws:PrincipalAccount': '222222222222' } },
        },
      ],
    });
  });

  it.each([
    ['below the prefix', { Prefix: 'reports/' }, { StringLike: { 's3:prefix': 'reports/*' } }, `${inboxArn}/reports/*`],
    ['in the whole bucket', {}, undefined, `${inboxArn}/*`],
  ])('may list, read and decrypt %s', (_, parameters, condition, objects) => {
    const [policy] = role(parameters)['Policies'] as readonly [{ readonly PolicyDocument: unknown }];
    expect(policy.PolicyDocument).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'ListReports',
          Effect: 'Allow',
          Action: 's3:ListBucket',
          Resource: inboxArn,
          ...(condition && { Condition: condition }),
        },
        { Sid: 'ReadReports', Effect: 'Allow', Action: 's3:GetObject', Resource: objects },
        {
          Sid: 'DecryptReports',
          Effect: 'Allow',
          Action: 'kms:Decrypt',
          Resource: newKeyArn,
          Condition: {
            StringEquals: { 'kms:ViaService': here('s3.us-east-1.amazonaws.com') },
            StringLike: { 'kms:EncryptionContext:aws:s3:arn': [inboxArn, objects] },
          },
        },
      ],
    });
  });

  it('does not change what the service may do', () => {
    const shared = ['AWS::KMS::Key', 'AWS::S3::BucketPolicy'] as const;
    const withReaders = deployed({ ReaderArns: readerArn });
    for (const type of shared) expect(withReaders.statements(type)).toEqual(deployed().statements(type));
  });
});

describe('what the template cannot change itself', () => {
  const senders: [string, Readonly<Record<string, string>>][] = [
    ['for one sender', {}],
    ['for several', { MoreDeliveryRoleArns: furtherRoleArn }],
  ];

  it.each(senders)("is printed for an existing bucket's policy, %s", (_, parameters) => {
    const made = deployed({ ...parameters, BucketName: 'acme-inbox', Prefix: 'reports/' });
    const stack = deployed({ ...parameters, ...existingBucket, Prefix: 'reports/' });
    expect(JSON.parse(stack.outputs['BucketPolicyToAdd'] ?? '')).toEqual(
      bySid(made.statements('AWS::S3::BucketPolicy'), 'DeliverReports'),
    );
    expect(made.outputs).not.toHaveProperty('BucketPolicyToAdd');
  });

  it.each([
    ['below the prefix', { Prefix: 'reports/' }, here('arn:aws:s3:::acme-inbox/reports/*')],
    ['in the whole bucket', {}, here('arn:aws:s3:::acme-inbox/*')],
  ])("is printed for an existing bucket's policy: what a new one denies, %s", (_, parameters, Resource) => {
    const made = deployed({ ...parameters, BucketName: 'acme-inbox' });
    const stack = deployed({ ...parameters, ...existingBucket });
    const denials = made.statements('AWS::S3::BucketPolicy').filter(({ Effect }) => Effect === 'Deny');
    expect(JSON.parse(stack.outputs['BucketPolicyDenialsToAdd'] ?? '')).toEqual(
      denials.map((each) => ({ ...each, Resource })),
    );
    expect(made.outputs).not.toHaveProperty('BucketPolicyDenialsToAdd');
  });

  it.each([...senders, ['with reports that wait elsewhere', { SenderKeyArn: senderKeyArn }]])(
    "is printed for an existing key's policy, %s",
    (_, parameters) => {
      const made = deployed({ ...parameters, Prefix: 'reports/' });
      const stack = deployed({ ...parameters, Prefix: 'reports/', ExistingKeyArn: existingKeyArn });
      expect(JSON.parse(stack.outputs['KeyPolicyToAdd'] ?? '')).toEqual(
        made.statements('AWS::KMS::Key').filter(({ Sid }) => Sid !== 'AdministrationByThisAccount'),
      );
      expect(made.outputs).not.toHaveProperty('KeyPolicyToAdd');
    },
  );

  it("is printed for an existing key's policy with the readers' role, whose own policy says the same", () => {
    const stack = deployed({ ReaderArns: readerArn, Prefix: 'reports/', ExistingKeyArn: existingKeyArn });
    const printed = JSON.parse(stack.outputs['KeyPolicyToAdd'] ?? '') as readonly PolicyStatement[];
    const [policy] = stack.properties('AWS::IAM::Role')['Policies'] as readonly [
      { readonly PolicyDocument: { readonly Statement: readonly PolicyStatement[] } },
    ];
    expect(bySid(printed, 'DecryptReports')).toEqual({
      ...bySid(policy.PolicyDocument.Statement, 'DecryptReports'),
      Principal: { AWS: stack.outputs['ReportReaderRoleArn'] },
      // In a key policy, "*" is the key itself.
      Resource: '*',
    });
  });
});

it('explains every statement above it, and in the docs', () => {
  const lines = readFileSync(templateFile, 'utf8').split('\n');
  const above = lines.flatMap((line, index) => {
    const sid = /^\s+- Sid: (\w+)$/.exec(line)?.[1];
    if (sid === undefined) return [];
    const before = lines.slice(0, index).filter((each) => !/^\s+- (!If|WaitsUnderThisKey)$/.test(each));
    return [{ sid, explained: /^\s+# \S/.test(before.at(-1) ?? '') }];
  });
  expect(above).toHaveLength(11);
  expect(above.filter(({ explained }) => !explained)).toEqual([]);
  const page = readFileSync(join(import.meta.dirname, '../../docs/customer-template.md'), 'utf8');
  expect(above.filter(({ sid }) => !page.includes(`\n| \`${sid}\` |`))).toEqual([]);
});

function actionsOn(role: ResourceRole, kind: DeliveryKind = 'copy'): readonly string[] {
  const edges = edgesFor(kind, undefined).filter(({ on }) => on === role);
  return [...new Set(edges.map(({ action }) => action))].sort();
}

function withActions(statement: PolicyStatement): PolicyStatement {
  return { ...statement, Action: [statement['Action']].flat().sort() };
}

function isOwnAccount(principal: unknown): boolean {
  return JSON.stringify(principal).includes(':222222222222:');
}

function bySid(statements: readonly PolicyStatement[], sid: string): PolicyStatement {
  const found = statements.find((statement) => statement.Sid === sid);
  if (found === undefined) throw new Error(`No statement has the Sid ${sid}.`);
  return found;
}

function contexts(statement: PolicyStatement): readonly string[] {
  const { StringLike } = statement['Condition'] as { StringLike: Readonly<Record<string, readonly string[]>> };
  return StringLike['kms:EncryptionContext:aws:s3:arn'] ?? [];
}
