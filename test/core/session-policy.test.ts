import { type Delivery, deliveryOf, resourceArn } from '../../core/delivery/delivery.ts';
import { patterns } from '../../core/event-rules.ts';
import { edgesFor } from '../../core/permissions.ts';
import { type SessionStatement, sessionPolicyFor } from '../../core/session-policy.ts';
import { customerKey, deliveryRole, inbox, internalBucket, serviceKey } from '../lambda/invocation.ts';

const defaults = {
  region: 'us-east-1',
  accountId: '111111111111',
  internalBucket,
  deliveryRoleArn: deliveryRole,
  serviceKmsKeyArn: serviceKey,
};

function deliveryTo(
  changes: Partial<typeof inbox> & { acl?: 'bucket-owner-full-control' } = {},
  internal = {},
  delivery: 'copy' | 'multipart' = 'copy',
): Delivery {
  return deliveryOf({ customer: 'acme', inbox: { ...inbox, ...changes }, internal, delivery }, defaults);
}

function statementFor(delivery: Delivery, resource: string): SessionStatement | undefined {
  return sessionPolicyFor(delivery).Statement.find(({ Resource }) => Resource.includes(resource));
}

function resources(delivery: Delivery): string[] {
  return sessionPolicyFor(delivery).Statement.flatMap(({ Resource }) => Resource);
}

test("names this customer's two objects and the keys, and nothing else", () => {
  expect(resources(deliveryTo()).sort()).toEqual(
    [
      serviceKey,
      customerKey,
      `arn:aws:s3:::${inbox.bucket}/reports/configuration-check/test-object.json`,
      `arn:aws:s3:::${internalBucket}/configuration-check/acme/*.json`,
    ].sort(),
  );
});

test.each(['copy', 'multipart'] as const)('allows every permission edge of a %s on its resource', (kind) => {
  const delivery = deliveryTo({ acl: 'bucket-owner-full-control' }, {}, kind);
  for (const { action, on } of edgesFor(kind, 'any').filter((edge) => edge.on !== 'delivery-role')) {
    const resource = resourceArn(delivery, on, '*') ?? '';
    expect([action, statementFor(delivery, resource)?.Action]).toEqual([action, expect.arrayContaining([action])]);
  }
});

test.each(['copy', 'multipart'] as const)(
  'allows nothing that is not an edge of a %s: no read, list or delete',
  (kind) => {
    const delivery = deliveryTo({}, { kmsKeyArn: serviceKey }, kind);
    for (const role of ['inbox-object', 'inbox-key'] as const) {
      const edges = edgesFor(kind, undefined).filter(({ on }) => on === role);
      const allowed = statementFor(delivery, resourceArn(delivery, role, '*') ?? '')?.Action;
      expect(allowed).toEqual([...new Set(edges.map(({ action }) => action))]);
      expect(allowed?.filter((action) => /:(?:Get|List|Delete)Object|:List/.test(action))).toEqual([]);
    }
  },
);

test('allows an ACL only for an event with an ACL', () => {
  const actions = (delivery: Delivery) => sessionPolicyFor(delivery).Statement.flatMap(({ Action }) => Action);
  expect(actions(deliveryTo())).not.toContain('s3:PutObjectAcl');
  expect(actions(deliveryTo({ acl: 'bucket-owner-full-control' }))).toContain('s3:PutObjectAcl');
});

test('lets keys be used only through S3, in the Regions of the two buckets', () => {
  const key = customerKey.replace('us-east-1', 'eu-west-1');
  const delivery = deliveryTo({ region: 'eu-west-1', kmsKeyArn: key }, { kmsKeyArn: serviceKey });
  for (const arn of [serviceKey, key]) {
    expect(statementFor(delivery, arn)?.Condition).toEqual({
      StringEquals: { 'kms:ViaService': ['s3.us-east-1.amazonaws.com', 's3.eu-west-1.amazonaws.com'] },
    });
  }
  expect(statementFor(deliveryTo(), customerKey)?.Condition).toEqual({
    StringEquals: { 'kms:ViaService': ['s3.us-east-1.amazonaws.com'] },
  });
});

test('contains no wildcard except for the name of the run, and can be narrowed to one run', () => {
  expect(JSON.stringify(sessionPolicyFor(deliveryTo())).match(/\*/g)).toHaveLength(1);
  expect(JSON.stringify(sessionPolicyFor(deliveryTo(), 'run-1'))).not.toContain('*');
});

test('is the same for every check of a customer, and different for another customer', () => {
  expect(sessionPolicyFor(deliveryTo())).toEqual(sessionPolicyFor(deliveryTo()));
  const other = { ...deliveryTo(), customer: 'other' };
  expect(sessionPolicyFor(other)).not.toEqual(sessionPolicyFor(deliveryTo()));
});

test("stays within STS's limit for the longest names that an event may have", () => {
  const key = (region: string) => `arn:aws-us-gov:kms:${region}:222222222222:key/mrk-${'0'.repeat(32)}`;
  const longest = {
    customer: 'c'.repeat(58),
    inbox: {
      accountId: '222222222222',
      region: 'us-gov-west-1',
      bucket: 'b'.repeat(63),
      kmsKeyArn: key('us-gov-west-1'),
      prefix: `${'p'.repeat(799)}/`,
      acl: 'bucket-owner-full-control' as const,
    },
    internal: { bucket: 'i'.repeat(63), kmsKeyArn: key('us-gov-east-1') },
  };
  expect(longest.customer).toMatch(patterns.customer);
  expect(longest.inbox.prefix).toMatch(patterns.prefix);
  expect(`${longest.inbox.prefix}p/`).not.toMatch(patterns.prefix);
  const delivery = deliveryOf(longest, {
    ...defaults,
    region: 'us-gov-east-1',
    serviceKmsKeyArn: key('us-gov-east-9'),
  });
  // https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
  expect(JSON.stringify(sessionPolicyFor(delivery)).length).toBeLessThanOrEqual(2_048);
});
