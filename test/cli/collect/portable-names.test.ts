import { Portable, type RealNames } from '../../../cli/collect/portable-names.ts';
import { fillPlaceholders } from '../../../model/world/policy-parts.ts';

const real: RealNames = {
  customer: 'acme',
  serviceAccountId: '444455556666',
  customerAccountId: '777788889999',
  deliveryRoleArn: 'arn:aws:iam::444455556666:role/reports/deliverer',
  checkRoleArn: 'arn:aws:iam::444455556666:role/deliverer-check',
  internalBucket: 'reports',
  serviceKeyArn: 'arn:aws:kms:eu-west-1:444455556666:key/11111111-2222-4333-8444-555555555555',
  inboxBucket: 'acme-inbox',
  inboxKeyArn: 'arn:aws:kms:eu-west-1:777788889999:key/99999999-2222-4333-8444-555555555555',
};
const model = {
  serviceAccountId: '444455556666',
  customerAccountId: '777788889999',
  deliveryRoleArn: 'arn:aws:iam::444455556666:role/secure-inbox-delivery',
  checkRoleArn: 'arn:aws:iam::444455556666:role/customer_configuration_check',
  internalBucket: 'secure-inbox-internal-444455556666-eu-west-1',
  serviceKeyArn: 'arn:aws:kms:eu-west-1:444455556666:key/00000000-0000-4000-8000-000000000001',
  inboxBucket: 'acme-inbox',
  inboxKeyArn: 'arn:aws:kms:eu-west-1:777788889999:key/00000000-0000-4000-8000-000000000002',
};
const portable = new Portable(real, model);

test.each([
  [real.deliveryRoleArn, '${deliveryRoleArn}'],
  ['arn:aws:iam::444455556666:role/deliverer-check', '${checkRoleArn}'],
  ['arn:aws:iam::444455556666:root', 'arn:aws:iam::${serviceAccountId}:root'],
  ['777788889999', '${customerAccountId}'],
  ['arn:aws:s3:::reports/*', '${internalBucketArn}/*'],
  ['arn:aws:s3:::acme-inbox', '${inboxBucketArn}'],
  [real.inboxKeyArn, '${inboxKeyArn}'],
  ['99999999-2222-4333-8444-555555555555', '00000000-0000-4000-8000-000000000002'],
  [
    'arn:aws:sts::444455556666:assumed-role/deliverer/check-acme',
    'arn:aws:sts::${serviceAccountId}:assumed-role/secure-inbox-delivery/check-acme',
  ],
  // Unrelated names with the same beginning or end.
  ['arn:aws:s3:::acme-inbox-archive/*', 'arn:aws:s3:::acme-inbox-archive/*'],
  ['arn:aws:s3:::acme-reports', 'arn:aws:s3:::acme-reports'],
  ['reports/*', 'reports/*'],
  ['arn:aws:iam::999999999999:role/reports/deliverer', 'arn:aws:iam::999999999999:role/reports/deliverer'],
  ['${aws:PrincipalAccount}', '${aws:PrincipalAccount}'],
])('%s becomes %s', (text, expected) => {
  expect(portable.of({ Resource: [text] })).toEqual({ Resource: [expected] });
});

test('a plain bucket name is replaced only as the source of a copy', () => {
  const condition = { StringLike: { 's3:x-amz-copy-source': 'reports/*', 's3:prefix': 'reports/*' } };
  expect(portable.of(condition)).toEqual({
    StringLike: { 's3:x-amz-copy-source': `${model.internalBucket}/*`, 's3:prefix': 'reports/*' },
  });
});

test("placeholders are filled with the scenario's names", () => {
  const filled = fillPlaceholders(portable.of({ [`arn:aws:s3:::reports`]: real.inboxKeyArn }), {
    ...model,
    internalBucketArn: `arn:aws:s3:::${model.internalBucket}`,
    inboxBucketArn: `arn:aws:s3:::${model.inboxBucket}`,
  });
  expect(filled).toEqual({ [`arn:aws:s3:::${model.internalBucket}`]: model.inboxKeyArn });
});

describe('a policy that means something else in the simulation', () => {
  const resources = (Resource: string) => ({ Statement: [{ Effect: 'Allow', Action: '*', Resource }] });

  test.each([
    'arn:aws:s3:::rep*',
    'arn:aws:iam::444455556666:role/reports/*',
    'arn:aws:sts::444455556666:assumed-role/del*/check-acme',
    // A variable matches anything.
    'arn:aws:s3:::${aws:PrincipalAccount}-*',
    // The delivery role's name in the simulation.
    model.deliveryRoleArn,
  ])('is recognized by %s', (text) => {
    expect(portable.lostMeaning(resources(text))).toBe(text);
  });

  test.each([
    '*',
    'arn:aws:s3:::*/*',
    'arn:aws:s3:::acme-*',
    'arn:aws:s3:::reports*',
    'arn:aws:kms:*:*:key/*',
    'arn:aws:iam::444455556666:role/*',
    'arn:aws:s3:::other-*',
  ])('is not one with %s', (text) => {
    expect(portable.lostMeaning(resources(text))).toBeUndefined();
  });

  test('is not one for its Sids and actions', () => {
    expect(
      portable.lostMeaning({ Statement: [{ Sid: 'reports', Effect: 'Allow', Action: 's3:rep*', Resource: '*' }] }),
    ).toBeUndefined();
  });
});
