import { readFileSync } from 'node:fs';
import type { PolicyStatement } from '../../sandbox/world/world.ts';
import { deployed, existingKeyArn, given, newKeyArn, senderKeyArn, templateFile } from './deployed.ts';

const inboxArn = 'arn:aws:s3:::secure-inbox-222222222222-us-east-1';
const internalArn = `arn:aws:s3:::${given.SenderInternalBucketName}`;
const deliveryRole = { AWS: given.DeliveryRoleArn };

describe('the bucket policy', () => {
  const statements = deployed().statements('AWS::S3::BucketPolicy');

  it('allows one thing to one role: writing', () => {
    expect(statements.filter(({ Effect }) => Effect === 'Allow')).toEqual([
      {
        Sid: 'DeliverReports',
        Effect: 'Allow',
        Principal: deliveryRole,
        Action: 's3:PutObject',
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
  ])('refuses for everybody: %s', (sid, condition) => {
    expect(bySid(statements, sid)).toMatchObject({ Effect: 'Deny', Principal: '*', Condition: condition });
  });

  it('refuses every key but the one given, where there is one', () => {
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
      Principal: { AWS: 'arn:aws:iam::222222222222:root' },
      Action: 'kms:*',
    });
    expect(delivery.map((statement) => statement['Principal'])).toEqual([deliveryRole, deliveryRole]);
  });

  it('allows the service what a delivery needs, and only through S3 in this Region', () => {
    expect(delivery.flatMap((statement) => statement['Action'])).toEqual([
      'kms:GenerateDataKey',
      'kms:GenerateDataKey',
      'kms:Decrypt',
    ]);
    for (const statement of delivery) {
      expect(statement['Condition']).toMatchObject({
        StringEquals: { 'kms:ViaService': 's3.us-east-1.amazonaws.com' },
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

  it("allows nothing in the internal bucket where reports wait under the service's key", () => {
    const without = deployed({ SenderKeyArn: senderKeyArn }).statements('AWS::KMS::Key');
    expect(without.map(({ Sid }) => Sid)).toEqual(['AdministrationByThisAccount', 'EncryptDeliveredReports']);
  });
});

describe('what the template cannot change itself', () => {
  it("is printed for an existing bucket's policy", () => {
    const made = deployed({ BucketName: 'acme-inbox', Prefix: 'reports/' });
    const stack = deployed({ BucketOrigin: 'existing', BucketName: 'acme-inbox', Prefix: 'reports/' });
    expect(JSON.parse(stack.outputs['BucketPolicyToAdd'] ?? '')).toEqual(
      bySid(made.statements('AWS::S3::BucketPolicy'), 'DeliverReports'),
    );
    expect(made.outputs).not.toHaveProperty('BucketPolicyToAdd');
  });

  it.each([
    ['with reports that wait under it', {}],
    ['without', { SenderKeyArn: senderKeyArn }],
  ])("is printed for an existing key's policy, %s", (_, parameters) => {
    const made = deployed({ ...parameters, Prefix: 'reports/' });
    const stack = deployed({ ...parameters, Prefix: 'reports/', ExistingKeyArn: existingKeyArn });
    expect(JSON.parse(stack.outputs['KeyPolicyToAdd'] ?? '')).toEqual(
      made.statements('AWS::KMS::Key').filter(({ Sid }) => Sid !== 'AdministrationByThisAccount'),
    );
    expect(made.outputs).not.toHaveProperty('KeyPolicyToAdd');
  });
});

it('explains every statement above it', () => {
  const lines = readFileSync(templateFile, 'utf8').split('\n');
  const above = lines.flatMap((line, index) => {
    const sid = /^\s+- Sid: (\w+)$/.exec(line)?.[1];
    if (sid === undefined) return [];
    const before = lines.slice(0, index).filter((each) => !/^\s+- (!If|WaitsUnderThisKey)$/.test(each));
    return [{ sid, explained: /^\s+# \S/.test(before.at(-1) ?? '') }];
  });
  expect(above).toHaveLength(7);
  expect(above.filter(({ explained }) => !explained)).toEqual([]);
});

function bySid(statements: readonly PolicyStatement[], sid: string): PolicyStatement {
  const found = statements.find((statement) => statement.Sid === sid);
  if (found === undefined) throw new Error(`No statement has the Sid ${sid}.`);
  return found;
}

function contexts(statement: PolicyStatement): readonly string[] {
  const { StringLike } = statement['Condition'] as { StringLike: Readonly<Record<string, readonly string[]>> };
  return StringLike['kms:EncryptionContext:aws:s3:arn'] ?? [];
}
