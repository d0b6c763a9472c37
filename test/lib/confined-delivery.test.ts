import * as iam from 'aws-cdk-lib/aws-iam';
import { deliveredAs, headersOf } from '../../core/s3-headers.ts';
import type { SecureInboxConfigurationCheckProps } from '../../lib/secure-inbox-configuration-check.ts';
import { faultsOf } from '../../model/analysis/faults.ts';
import type { World } from '../../model/world/world.ts';
import { here } from '../here.ts';
import { isAllowed } from '../least-privilege/asking.ts';
import { careless, internal, open, put, useKey } from '../least-privilege/service-requests.ts';
import { deployment, mustHave, roleNamed, sessionOf, withRole } from '../least-privilege/worlds.ts';
import { withDeployed } from './deployed-service.ts';
import { synthesized } from './synthesized.ts';

/**
 * Attacks with an unrestricted session of the delivery role, as someone has who took over the application.
 */

const customer = '222222222222';
const attacker = '666666666666';
const theirBucket = 'loot';
const theirKey = here(`arn:aws:kms:us-east-1:${attacker}:key/00000000-0000-4000-8000-000000000666`);

/** A world with the delivery role of a deployment, and an account that expects reports. */
async function worldOf(props: SecureInboxConfigurationCheckProps, base = careless()): Promise<World> {
  const world = await base;
  const inbox = mustHave(world.buckets, world.inboxBucket);
  const key = mustHave(world.keys, world.inboxKeyArn);
  const deployed = withDeployed(world, props);
  return {
    ...deployed,
    buckets: new Map([
      ...deployed.buckets,
      [theirBucket, { ...inbox, name: theirBucket, accountId: attacker, policy: open }],
    ]),
    keys: new Map([...deployed.keys, [theirKey, { ...key, arn: theirKey, accountId: attacker, policy: open }]]),
  };
}

const steals = (world: World) =>
  isAllowed(world, {
    ...put(world),
    resource: here(`arn:aws:s3:::${theirBucket}/report.pdf`),
    resourceAccountId: attacker,
    headers: headersOf(deliveredAs({ kmsKeyArn: theirKey })),
  });
const encryptsForThem = (world: World) =>
  isAllowed(world, {
    ...useKey(world, 'kms:GenerateDataKey', here(`arn:aws:s3:::${theirBucket}/report.pdf`)),
    resource: theirKey,
    resourceAccountId: attacker,
  });

const confined: readonly SecureInboxConfigurationCheckProps[] = [
  { customerAccounts: [customer] },
  { customerAccounts: ['333333333333'], onboardedAccounts: [customer] },
  { customerAccounts: [customer, '333333333333'], customerOrganizations: ['o-a1b2c3d4e5'] },
];

it('without customers, the role alone reaches any bucket that allows it', async () => {
  const world = await worldOf({});
  expect(await Promise.all([steals(world), encryptsForThem(world)])).toEqual([true, true]);
});

it.each(confined)('deployed with %j, the role reaches no one else', async (props) => {
  const world = await worldOf(props);
  expect(await Promise.all([steals(world), encryptsForThem(world)])).toEqual([false, false]);
});

it.each(confined)('deployed with %j, it delivers to the customer and stores reports', async (props) => {
  const { world, event } = await deployment();
  const deployed = await worldOf(props, Promise.resolve(world));
  expect(faultsOf(deployed, event)).toEqual([]);
  expect(isAllowed(deployed, put(deployed, { resource: internal(deployed, 'acme/report.pdf') }))).toBe(true);
});

it('an organization includes all of its accounts, and no others', async () => {
  const organizationId = 'o-a1b2c3d4e5';
  const { world, event } = await deployment();
  const deployed = await worldOf({ customerOrganizations: [organizationId] }, Promise.resolve(world));
  const inIt = (accountId: string): World => ({
    ...deployed,
    accounts: new Map(
      [...deployed.accounts].map(([id, account]) => [id, id === accountId ? { ...account, organizationId } : account]),
    ),
  });
  expect(faultsOf(inIt(customer), event)).toEqual([]);
  expect(faultsOf(inIt('111111111111'), event)).not.toEqual([]);
  expect(steals(inIt(customer))).toBe(false);
});

describe('what the role is called in a session', () => {
  const application = here('arn:aws:iam::111111111111:role/reports');
  const assumes = (world: World, caller: ReturnType<typeof sessionOf>, session: string) =>
    isAllowed(world, {
      caller,
      action: 'sts:AssumeRole',
      resource: world.deliveryRoleArn,
      context: { 'sts:RoleSessionName': session },
    });

  it('distinguishes the check from the application, for the follow-up of denials', async () => {
    const world = await worldOf({ deliverers: [new iam.ArnPrincipal(application)] });
    const [check, reports] = [mustHave(world.roles, world.checkRoleArn), roleNamed(application)].map(sessionOf);
    if (check === undefined || reports === undefined) throw new Error('There are two.');
    const everybody = withRole(world, roleNamed(application));
    const asked = await Promise.all([
      assumes(everybody, check, 'check-acme'),
      assumes(everybody, check, 'nightly'),
      assumes(everybody, reports, 'nightly'),
      assumes(everybody, reports, 'check-acme'),
      assumes(everybody, reports, 'check-'),
    ]);
    expect(asked).toEqual([true, false, true, false, false]);
  });
});

it.each<[SecureInboxConfigurationCheckProps, RegExp]>([
  [{ customerAccounts: ['acme'] }, /^customerAccounts has "acme"\. Allowed: the 12 digits/],
  [{ customerAccounts: ['2222'] }, /leading zeros/],
  [{ customerOrganizations: ['ou-a1b2-c3d4e5f6'] }, /^customerOrganizations has "ou-a1b2-c3d4e5f6"\./],
  [
    { customerAccounts: Array.from({ length: 501 }, (_, nth) => String(100_000_000_000 + nth)) },
    /^customerAccounts has 501 accounts\. Allowed: at most 500/,
  ],
])('invalid customers are rejected', (props, message) => {
  expect(() => synthesized(props)).toThrow(expect.objectContaining({ name: 'DeploymentError' }));
  expect(() => synthesized(props)).toThrow(message);
});

it('the policies of the role have room for the maximum number of accounts', () => {
  const customerAccounts = Array.from({ length: 500 }, (_, nth) => String(100_000_000_000 + nth));
  const [role] = Object.values(
    synthesized({ customerAccounts }).findResources('AWS::IAM::Role', {
      Properties: { RoleName: 'secure-inbox-delivery' },
    }),
  );
  const documents = (role?.['Properties'].Policies ?? []).map(({ PolicyDocument }: never) => PolicyDocument);
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
  expect(JSON.stringify(documents).length).toBeLessThan(10_240);
});
