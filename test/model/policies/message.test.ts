import { authorize } from '../../../model/policies/authorize.ts';
import type { Question } from '../../../model/policies/decision.ts';
import { denialMessage } from '../../../model/policies/message.ts';
import {
  a,
  allow,
  b,
  deny,
  generateDataKey,
  type Parts,
  put,
  sessionArn,
  toAccount,
  toRole,
  worldOf,
} from './two-accounts.ts';

function message(parts: Parts, question: Question): string {
  const world = worldOf(parts);
  return denialMessage(world, question, authorize(world, question));
}

const who = `User: ${sessionArn} is not authorized to perform:`;
const ownObject = '"arn:aws:s3:::bucket-111111111111/reports/x.json"';
const theirObject = '"arn:aws:s3:::bucket-222222222222/reports/x.json"';
const lumped =
  'because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access';

describe('S3', () => {
  test.each<[string, Parts, string]>([
    [
      'identity policy silent',
      {},
      `${who} s3:PutObject on resource: ${ownObject} because no identity-based policy allows the s3:PutObject action`,
    ],
    [
      'identity policy denies',
      { identity: deny('s3:*') },
      `${who} s3:PutObject on resource: ${ownObject} with an explicit deny in an identity-based policy`,
    ],
    [
      'boundary silent',
      { identity: allow('s3:*'), boundary: allow('kms:*') },
      `${who} s3:PutObject on resource: ${ownObject} because no permissions boundary allows the s3:PutObject action`,
    ],
    [
      'SCP denies: its ARN is told',
      { identity: allow('s3:*'), scp: deny('s3:*') },
      `${who} s3:PutObject on resource: ${ownObject} with an explicit deny in a service control policy: arn:aws:organizations::999999999999:policy/o-x/service_control_policy/p-guard`,
    ],
    [
      'bucket policy denies',
      { identity: allow('s3:*'), resource: deny('s3:*', toRole) },
      `${who} s3:PutObject on resource: ${ownObject} with an explicit deny in a resource-based policy`,
    ],
    [
      'VPC endpoint policy silent',
      { identity: allow('s3:*'), vpce: allow('s3:Get*', { Principal: '*' }) },
      `${who} s3:PutObject on resource: ${ownObject} because no VPC endpoint policy allows the s3:PutObject action`,
    ],
  ])('in one account it gives the reason: %s', (_, parts, expected) => {
    expect(message(parts, put(a, parts))).toBe(expected);
  });

  test('to another account of the organization it gives the reason', () => {
    const parts: Parts = { identity: allow('s3:*'), organizations: ['o-one', 'o-one'] };
    expect(message(parts, put(b, parts))).toBe(
      `${who} s3:PutObject on resource: ${theirObject} because no resource-based policy allows the s3:PutObject action`,
    );
  });

  test.each<[string, Parts]>([
    ['another organization', { identity: allow('s3:*'), organizations: ['o-one', 'o-two'] }],
    ['no organization at all', { identity: allow('s3:*') }],
    ['our own identity policy', { resource: allow('s3:*', toRole), organizations: ['o-one', 'o-two'] }],
    [
      'a VPC endpoint policy within the organization',
      {
        identity: allow('s3:*'),
        resource: allow('s3:*', toRole),
        vpce: deny('s3:*', { Principal: '*' }),
        organizations: ['o-one', 'o-one'],
      },
    ],
  ])('across accounts it says only Access Denied: %s', (_, parts) => {
    expect(message(parts, put(b, parts))).toBe('Access Denied');
  });
});

describe('KMS', () => {
  test("gives reasons for keys in the caller's account", () => {
    const parts: Parts = { resource: allow('kms:*', toAccount) };
    expect(message(parts, generateDataKey(a, parts))).toBe(
      `${who} kms:GenerateDataKey on resource: arn:aws:kms:us-east-1:111111111111:key/111111111111 because no identity-based policy allows the kms:GenerateDataKey action`,
    );
  });

  test.each<[string, Parts]>([
    ['silent', { identity: allow('kms:*') }],
    ['denying', { identity: allow('kms:*'), resource: deny('kms:*', toRole) }],
    ['in order, but trusting the account whose identity policy is silent', { resource: allow('kms:*', toAccount) }],
  ])("combines the possible reasons for another account's key policy: %s", (_, parts) => {
    expect(message(parts, generateDataKey(b, parts))).toBe(`${who} kms:GenerateDataKey on this resource ${lumped}`);
  });

  test('names our own layer even for a foreign key', () => {
    const parts: Parts = { identity: allow('kms:*'), session: allow('s3:*'), resource: allow('kms:*', toRole) };
    expect(message(parts, generateDataKey(b, parts))).toBe(
      `${who} kms:GenerateDataKey on this resource because no session policy allows the kms:GenerateDataKey action`,
    );
  });

  test.each([
    [
      'tells the ARN of a resource control policy within the organization',
      ['o-one', 'o-one'],
      ': arn:aws:organizations::',
    ],
    ['does not tell it to another organization', ['o-one', 'o-two'], 'in a resource control policy'],
  ] as const)('%s', (_, organizations, ending) => {
    const parts: Parts = {
      identity: allow('kms:*'),
      rcp: deny('kms:*', { Principal: '*' }),
      resource: allow('kms:*', toRole),
      organizations,
    };
    const text = message(parts, generateDataKey(b, parts));
    expect(text.slice(text.indexOf('in a resource control policy'))).toContain(ending);
    expect(text.includes('arn:aws:organizations')).toBe(organizations[0] === organizations[1]);
  });

  test('identifies a foreign key by the ciphertext in Decrypt', () => {
    const parts: Parts = { identity: allow('kms:*') };
    expect(message(parts, generateDataKey(b, parts, { action: 'kms:Decrypt' }))).toBe(
      `${who} kms:Decrypt on the resource associated with this ciphertext ${lumped}`,
    );
  });
});

test('AssumeRole never says which policy denied', () => {
  const parts: Parts = { identity: allow('sts:*') };
  const question: Question = {
    ...put(a, parts),
    action: 'sts:AssumeRole',
    resource: 'arn:aws:iam::111111111111:role/other',
    resourcePolicy: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS: '222222222222' }, Action: 'sts:AssumeRole' }],
    },
  };
  expect(message(parts, question)).toBe(`${who} sts:AssumeRole on resource: arn:aws:iam::111111111111:role/other`);
});
