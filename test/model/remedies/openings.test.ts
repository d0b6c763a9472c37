import { fixedWorld } from '../../../model/remedies/fixed-world.ts';
import { openingsOf } from '../../../model/remedies/openings.ts';
import type { StatementRemedy } from '../../../model/remedies/remedy.ts';
import type { Scenario } from '../../../model/world/scenario.ts';
import { worldWith } from './broken-worlds.ts';

const role = 'arn:aws:iam::111111111111:role/secure-inbox-delivery';
const inbox = 'arn:aws:s3:::secure-inbox-222222222222-us-east-1';
const internal = 'arn:aws:s3:::secure-inbox-internal-111111111111-us-east-1';
const key = 'arn:aws:kms:us-east-1:222222222222:key/00000000-0000-4000-8000-000000000002';
const https = { Bool: { 'aws:SecureTransport': 'true' } };

function openedBy(
  { world, event }: Scenario,
  document: StatementRemedy['document'],
  target: string,
  statement: Record<string, unknown>,
): readonly string[] {
  const remedy = {
    side: 'customer',
    instruction: '',
    document,
    target,
    statement: { Effect: 'Allow', ...statement },
  } as const;
  const { world: after, refused } = fixedWorld(world, [remedy]);
  expect(refused).toEqual([]);
  return openingsOf(world, after, event, [remedy]).map(({ what }) => what);
}

/** Denials by other policies must not hide what a statement grants. */
const everything = { Effect: 'Allow' as const, Action: '*', Resource: '*' };

describe('a bucket policy', () => {
  let scenario: Scenario;
  beforeAll(async () => {
    scenario = await worldWith({
      service: { deliveryRole: { policies: { with: [everything] } } },
      customer: { inbox: { bucketPolicy: null, blockPublicAccess: { RestrictPublicBuckets: false } } },
    });
  });
  const encrypted = {
    's3:x-amz-server-side-encryption': 'aws:kms',
    's3:x-amz-server-side-encryption-aws-kms-key-id': key,
  };
  const tight = {
    Principal: { AWS: role },
    Action: 's3:PutObject',
    Resource: `${inbox}/reports/*`,
    Condition: { StringEquals: encrypted, ...https },
  };
  const opened = (change: object) =>
    openedBy(scenario, 'bucket-policy', 'secure-inbox-222222222222-us-east-1', { ...tight, ...change });

  test('that is as tight as it can be opens nothing else', () => {
    expect(opened({})).toEqual([]);
  });

  test.each([
    {
      sloppy: 'the account instead of the role',
      change: { Principal: { AWS: 'arn:aws:iam::111111111111:root' } },
      opens: [/^s3:PutObject on .* by another role of Account A$/],
    },
    {
      sloppy: 'everybody',
      change: { Principal: '*' },
      opens: [/by another role of Account A$/, /by a role of another account$/],
    },
    { sloppy: 'the whole bucket', change: { Resource: `${inbox}/*` }, opens: [/outside of the prefix$/] },
    {
      sloppy: 'any encryption',
      change: { Condition: https },
      opens: [/with another KMS key$/, /no KMS key$/, /no KMS key$/, /no KMS key$/],
    },
    {
      sloppy: 'any KMS key',
      change: { Condition: { StringEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' }, ...https } },
      opens: [/with another KMS key$/, /no KMS key$/],
    },
    // S3 requires TLS for everything that KMS encrypts, whatever the policies say.
    { sloppy: 'any transport', change: { Condition: { StringEquals: encrypted } }, opens: [] },
    {
      sloppy: 'every action',
      change: { Action: 's3:*', Condition: https },
      opens: expect.arrayContaining([
        expect.stringMatching(/^s3:GetObject .* with another action$/),
        expect.stringMatching(/^s3:DeleteObject .* with another action$/),
      ]),
    },
  ])('$sloppy: opens that, and it is named', ({ change, opens }) => {
    const found = opened(change);
    expect(found).toEqual(Array.isArray(opens) ? opens.map((pattern) => expect.stringMatching(pattern)) : opens);
  });

  test('all actions but one: opens the others', () => {
    const { Action: _, ...rest } = tight;
    const statement = { ...rest, NotAction: 's3:GetObject', Condition: https };
    const found = openedBy(scenario, 'bucket-policy', 'secure-inbox-222222222222-us-east-1', statement);
    expect(found).toContainEqual(expect.stringMatching(/^s3:DeleteObject .* with another action$/));
    expect(found).not.toContainEqual(expect.stringMatching(/^s3:GetObject /));
  });
});

describe('a key policy', () => {
  let scenario: Scenario;
  beforeAll(async () => {
    scenario = await worldWith({
      service: { deliveryRole: { policies: { with: [everything] } } },
      customer: { key: { keyPolicy: { without: ['EncryptDeliveredReports', 'EncryptAndReadWaitingReports'] } } },
    });
  });
  const viaS3 = { StringEquals: { 'kms:ViaService': 's3.us-east-1.amazonaws.com' } };
  const forInternal = { StringLike: { 'kms:EncryptionContext:aws:s3:arn': [internal, `${internal}/*`] } };
  const tight = {
    Principal: { AWS: role },
    Action: 'kms:Decrypt',
    Resource: '*',
    Condition: { ...viaS3, ...forInternal },
  };
  const opened = (change: object) => openedBy(scenario, 'key-policy', key, { ...tight, ...change });

  test('that is as tight as it can be opens nothing else', () => {
    expect(opened({})).toEqual([]);
  });

  test('for any object lets delivered objects be read', () => {
    const found = opened({ Condition: viaS3 });
    expect(found).toContain(`kms:Decrypt on ${key} for objects outside of the delivery`);
    expect(found.filter((what) => !what.endsWith('outside of the delivery'))).toEqual([]);
  });

  test.each([
    { sloppy: 'without kms:ViaService', change: { Condition: forInternal }, opens: [/without S3$/, /another Region$/] },
    {
      sloppy: 'for S3 of any Region',
      change: { Condition: { StringLike: { ...forInternal.StringLike, 'kms:ViaService': 's3.*.amazonaws.com' } } },
      opens: [/through S3 of another Region$/],
    },
    {
      sloppy: 'for a whole account',
      change: { Principal: { AWS: 'arn:aws:iam::111111111111:root' } },
      opens: [/by another role of Account A$/],
    },
  ])('$sloppy: opens that, and it is named', ({ change, opens }) => {
    expect(opened(change)).toEqual(opens.map((pattern) => expect.stringMatching(pattern)));
  });
});

describe('an identity policy', () => {
  let scenario: Scenario;
  beforeAll(async () => {
    scenario = await worldWith({
      service: {
        deliveryRole: { policies: { without: ['DeliverEncrypted', 'EncryptThroughS3', 'DeleteTestObjects'] } },
      },
    });
  });
  const opened = (statement: Record<string, unknown>) => openedBy(scenario, 'identity-policy', role, statement);

  test('for every bucket grants those of other customers', () => {
    const found = opened({ Action: 's3:PutObject', Resource: '*', Condition: https });
    expect(found).toContainEqual(expect.stringMatching(/reports\/.* in someone else's bucket$/));
    expect(found.filter((what) => !what.endsWith("in someone else's bucket"))).toEqual([]);
  });

  test('for every key grants those of other customers', () => {
    const Condition = { StringEquals: { 'kms:ViaService': 's3.us-east-1.amazonaws.com' } };
    const found = opened({ Action: 'kms:GenerateDataKey', Resource: '*', Condition });
    expect(new Set(found.map((what) => what.split(' ').slice(3).join(' ')))).toEqual(
      new Set(["with someone else's key"]),
    );
  });

  test('for more deletions than test objects grants staged reports', () => {
    expect(opened({ Action: 's3:DeleteObject', Resource: `${internal}/*`, Condition: https })).toEqual([
      expect.stringMatching(/not-in-configuration-check\/report\.pdf to another object, outside of the prefix$/),
    ]);
  });
});

describe('a trust policy', () => {
  const trusted = async (Principal: unknown, Action = 'sts:AssumeRole') => {
    const scenario = await worldWith({
      service: { deliveryRole: { trustPolicy: { Version: '2012-10-17', Statement: [] } } },
    });
    return openedBy(scenario, 'role-trust-policy', role, { Principal, Action });
  };

  test('for only the check grants nothing else', async () => {
    expect(await trusted({ AWS: 'arn:aws:iam::111111111111:role/customer_configuration_check' })).toEqual([]);
  });

  test('for the account grants the role to everyone with full access in it', async () => {
    expect(await trusted({ AWS: 'arn:aws:iam::111111111111:root' })).toEqual([
      `sts:AssumeRole on ${role} by another role of Account A`,
    ]);
  });
});

test('access that existed before is not newly granted', async () => {
  const scenario = await worldWith({});
  const found = openedBy(scenario, 'identity-policy', role, {
    Action: 's3:PutObject',
    Resource: `${internal}/*`,
    Condition: https,
  });
  expect(found).toEqual([]);
});
