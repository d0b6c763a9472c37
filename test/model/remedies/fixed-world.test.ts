import { fixedWorld } from '../../../model/remedies/fixed-world.ts';
import type { StatementRemedy } from '../../../model/remedies/remedy.ts';
import { statementsOf } from '../../../model/world/policy-parts.ts';
import type { PolicyDocument, World } from '../../../model/world/world.ts';
import { worldWith } from './broken-worlds.ts';

let world: World;
beforeAll(async () => {
  ({ world } = await worldWith({ customer: { inbox: { bucketPolicy: null } } }));
});

const statement = {
  Sid: 'Added',
  Effect: 'Allow',
  Principal: { AWS: 'arn:aws:iam::111111111111:role/secure-inbox-delivery' },
  Action: 's3:PutObject',
  Resource: 'arn:aws:s3:::secure-inbox-222222222222-us-east-1/*',
};
const { Principal: _, ...ofACaller } = statement;
const { Resource: __, ...ofATrustPolicy } = { ...statement, Action: 'sts:AssumeRole' };

function remedy(document: StatementRemedy['document'], target: string, added: object = statement): StatementRemedy {
  return { side: 'customer', instruction: '', document, target, statement: added as StatementRemedy['statement'] };
}

const sids = (document: PolicyDocument | undefined) => document && statementsOf(document).map(({ Sid }) => Sid);

test('a statement is added to the existing ones, only in the document of its target', () => {
  const { deliveryRoleArn: role, inboxKeyArn: key, internalBucket } = world;
  const { world: fixed, refused } = fixedWorld(world, [
    remedy('identity-policy', role, ofACaller),
    remedy('role-trust-policy', role, ofATrustPolicy),
    remedy('bucket-policy', internalBucket),
    remedy('key-policy', key, { ...statement, Action: 'kms:Decrypt', Resource: '*' }),
  ]);
  expect(refused).toEqual([]);
  const documents = ({ roles, buckets, keys }: World) => [
    roles.get(role)?.policies[0]?.document,
    roles.get(role)?.trustPolicy,
    buckets.get(internalBucket)?.policy,
    keys.get(key)?.policy,
  ];
  const before = documents(world).map(sids);
  expect(documents(fixed).map(sids)).toEqual(before.map((some = []) => [...some, 'Added']));
  expect(before.flat()).not.toContain('Added');
  expect([...fixed.roles].filter(([arn]) => arn !== role)).toEqual([...world.roles].filter(([arn]) => arn !== role));
});

test('a missing document is created', () => {
  const { deliveryRoleArn, inboxBucket } = world;
  const delivery = world.roles.get(deliveryRoleArn);
  if (!delivery) throw new Error('no delivery role');
  const managed = {
    name: 'ReadOnlyAccess',
    arn: 'arn:aws:iam::aws:policy/ReadOnlyAccess',
    document: delivery.trustPolicy,
  };
  const without = { ...world, roles: new Map([[deliveryRoleArn, { ...delivery, policies: [managed] }]]) };
  const { world: fixed } = fixedWorld(without, [
    remedy('bucket-policy', inboxBucket),
    remedy('identity-policy', deliveryRoleArn, ofACaller),
  ]);
  expect(world.buckets.get(inboxBucket)).not.toHaveProperty('policy');
  expect(fixed.buckets.get(inboxBucket)?.policy).toEqual({ Version: '2012-10-17', Statement: [statement] });
  // Other roles may use a managed policy too.
  const [added, kept] = fixed.roles.get(deliveryRoleArn)?.policies ?? [];
  expect(added?.document.Statement).toEqual([ofACaller]);
  expect(kept).toBe(managed);
});

test.each([
  { what: 'a role', of: remedy('role-trust-policy', 'arn:aws:iam::111111111111:role/gone'), why: /no role .*gone/ },
  { what: 'a role', of: remedy('identity-policy', 'arn:aws:iam::111111111111:role/gone'), why: /no role .*gone/ },
  { what: 'a bucket', of: remedy('bucket-policy', 'gone'), why: /no bucket gone/ },
  { what: 'a key', of: remedy('key-policy', 'arn:aws:kms:us-east-1:222222222222:key/gone'), why: /no key .*gone/ },
])('nothing can be added to $what that does not exist ($of.document)', ({ of, why }) => {
  expect(fixedWorld(world, [of]).refused).toEqual([{ remedy: of, why: expect.stringMatching(why) }]);
});

test('a policy that IAM would not save is not applied', () => {
  const { deliveryRoleArn: role, inboxBucket } = world;
  const twice = remedy('bucket-policy', inboxBucket, { ...statement, Action: 's3:PutObjectAcl' });
  const invalid = remedy('identity-policy', role, { ...statement, Sid: 'NamesAPrincipal' });
  const { world: fixed, refused } = fixedWorld(world, [remedy('bucket-policy', inboxBucket), twice, invalid]);
  expect(refused.map((one) => one.remedy)).toEqual([invalid]);
  expect(refused[0]?.why).toMatch('Principal');
  // S3 accepts repeated Sids, as existing buckets show.
  expect(sids(fixed.buckets.get(inboxBucket)?.policy)).toEqual(['Added', 'Added']);
});

test('the fixed world starts afresh', () => {
  const session = { ...[...world.callers.values()][0], expiresAt: new Date() } as never;
  const used: World = {
    ...world,
    callers: new Map([...world.callers, ['session', session]]),
    trail: [{} as never],
  };
  used.buckets.get(world.inboxBucket)?.objects.set('left', {} as never);
  const { world: fresh } = fixedWorld(used, []);
  expect([...fresh.callers.keys()]).toEqual([...world.callers.keys()]);
  expect(fresh.trail).toEqual([]);
  expect(fresh.buckets.get(world.inboxBucket)?.objects.size).toBe(0);
  used.buckets.get(world.inboxBucket)?.objects.clear();
});
