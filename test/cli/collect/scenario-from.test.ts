import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CollectedScenario, scenarioText } from '../../../cli/collect/scenario-from.ts';
import { scenarioFilesIn } from '../../../cli/input/scenario-files.ts';
import type { TestEvent } from '../../../core/event.ts';
import { type Fault, faultsOf } from '../../../model/analysis/faults.ts';
import type { Scenario } from '../../../model/world/scenario.ts';
import type { World } from '../../../model/world/world.ts';
import { defaultScenario, loadScenario, scenarioOf } from '../../../sandbox/scenario-files.ts';
import { rootOf, servedAccounts } from './served-accounts.ts';

const accounts = servedAccounts();

let world: World;
beforeEach(async () => {
  ({ world } = await defaultScenario(accounts.accountA));
});

test('with everything readable, everything is known and has the scenario’s names', async () => {
  const { scenario, unknown } = await accounts.collect(world);
  expect(unknown).toEqual([]);
  expect(scenario).not.toHaveProperty('unknown');
  expect(scenario.expect).toEqual({ verdict: 'passed' });
  expect(scenario.service?.deliveryRole?.trustPolicy).toMatchObject({
    Statement: [{ Principal: { AWS: '${checkRoleArn}' } }],
  });
  const text = JSON.stringify({ ...scenario, name: '' });
  expect(text).not.toMatch(/arn:aws:(?:iam::\d+:role|s3:::secure-inbox-(?:internal|\d))/);
});

test('contains no credentials', async () => {
  const text = JSON.stringify(await accounts.collect(world));
  for (const { secretAccessKey, accessKeyId, sessionToken } of world.callers.values()) {
    expect(text).not.toContain(secretAccessKey);
    expect(text).not.toContain(accessKeyId);
    if (sessionToken) expect(text).not.toContain(sessionToken);
  }
});

test('without credentials for the customer, its account is unknown and the verdict is open', async () => {
  const { scenario, unknown } = await accounts.collect(world, { customer: { accountId: world.customerAccountId } });
  expect(scenario.unknown).toContainEqual({ part: 'customer.key.keyPolicy', needs: 'kms:GetKeyPolicy' });
  expect(scenario.unknown?.filter(({ part }) => part.startsWith('service.'))).toEqual([]);
  expect(scenario.expect).toEqual({ verdict: 'inconclusive' });
  expect(scenario.customer).not.toHaveProperty('inbox.bucketPolicy');
  expect(unknown[0]?.reason).toBe('no credentials of account 222222222222 were given');
});

test('a certain fault decides, even if other parts are unknown', async () => {
  const broken = await scenarioOf(
    { name: 'a', why: 'b', customer: { inbox: { bucketPolicy: null } }, expect: { verdict: 'denied' } },
    accounts.accountA,
  );
  const { scenario } = await accounts.collect(broken.world, {
    service: { accountId: world.serviceAccountId },
    environment: world.functionEnvironment,
  });
  expect(scenario.expect).toEqual({
    verdict: 'denied',
    deniedStep: 'copy-to-inbox',
    denials: [
      { step: 'copy-to-inbox', action: 's3:PutObject', layer: 'bucket-policy', effect: 'implicit', side: 'customer' },
    ],
  });
});

test('a function in a VPC may go through an endpoint, whose policy no one reads', async () => {
  const everything = { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' } as const;
  const vpcEndpoint = { id: 'vpce-1', vpcId: 'vpc-1', policy: { Version: '2012-10-17', Statement: [everything] } };
  const { scenario } = await accounts.collect({ ...world, network: { secureTransport: true, vpcEndpoint } });
  expect(scenario.unknown).toEqual([{ part: 'service.vpcEndpointPolicy', needs: 'ec2:DescribeVpcEndpoints' }]);
  expect(scenario.expect.verdict).toBe('inconclusive');
});

test('Block Public Access of the account applies to its buckets', async () => {
  const off = {
    BlockPublicAcls: false,
    IgnorePublicAcls: false,
    BlockPublicPolicy: false,
    RestrictPublicBuckets: false,
  };
  const bucket = world.buckets.get(world.inboxBucket);
  const account = world.accounts.get(world.customerAccountId);
  if (!bucket || !account) throw new Error('the default world has both');
  world.buckets.set(bucket.name, { ...bucket, publicAccessBlock: off });
  const open = await accounts.collect(world);
  expect(open.scenario.customer?.inbox?.blockPublicAccess).toEqual(off);

  const publicAccessBlock = { ...off, RestrictPublicBuckets: true };
  const closed = new Map([...world.accounts, [account.id, { ...account, publicAccessBlock }]]);
  const { scenario } = await accounts.collect({ ...world, accounts: closed });
  expect(scenario.customer?.inbox?.blockPublicAccess).toEqual(publicAccessBlock);
});

test('settings that the bucket does not have are absent, not unknown', async () => {
  const bucket = world.buckets.get(world.inboxBucket);
  if (!bucket) throw new Error('the default world has an inbox');
  const { policy: _policy, publicAccessBlock: _block, ...bare } = bucket;
  world.buckets.set(bucket.name, bare);
  const { scenario, unknown } = await accounts.collect(world);
  expect(scenario.customer?.inbox).toMatchObject({ bucketPolicy: null, blockPublicAccess: { BlockPublicAcls: false } });
  expect(unknown).toEqual([]);
});

test('a role of another name and path is the delivery role of the scenario', async () => {
  const named = 'arn:aws:iam::111111111111:role/reports/deliverer';
  const renamed = (value: unknown) => JSON.parse(JSON.stringify(value).replaceAll(world.deliveryRoleArn, named));
  const roles = [...world.roles.values()].map((role) => {
    const moved = renamed(role);
    return role.arn === world.deliveryRoleArn ? { ...moved, name: 'deliverer' } : moved;
  });
  const [buckets, keys] = [world.buckets, world.keys].map((map) => new Map<string, never>(renamed([...map])));
  const other: World = {
    ...world,
    roles: new Map(roles.map((role) => [role.arn, role])),
    buckets: buckets as unknown as World['buckets'],
    keys: keys as unknown as World['keys'],
    deliveryRoleArn: named,
    functionEnvironment: renamed(world.functionEnvironment),
  };
  const { scenario, unknown } = await accounts.collect(other);
  expect(unknown).toEqual([]);
  expect(scenario.expect).toEqual({ verdict: 'passed' });
  expect(JSON.stringify(scenario)).not.toContain('deliverer');
});

test('a policy that a scenario cannot express is unknown, with the reason', async () => {
  const key = world.keys.get(world.inboxKeyArn);
  if (!key) throw new Error('the default world has a key');
  const Statement = [key.policy.Statement].flat().map((statement) => ({
    ...statement,
    Condition: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': 'alias/reports' } },
  }));
  world.keys.set(key.arn, {
    ...key,
    policy: { ...key.policy, Statement } as typeof key.policy,
    aliases: ['alias/reports'],
  });
  const { unknown } = await accounts.collect(world);
  expect(unknown).toEqual([
    {
      part: 'customer.key.keyPolicy',
      needs: 'kms:GetKeyPolicy',
      reason: 'it looks at the aliases of keys, which a scenario does not hold',
    },
  ]);
});

describe('a document that is not a policy', () => {
  const asXml = (operation: string, inner: string) => ({
    status: 200,
    headers: { 'content-type': 'text/xml' },
    body: `<${operation}Response xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><${operation}Result>${inner}</${operation}Result></${operation}Response>`,
  });
  const json = (value: unknown) => ({
    status: 200,
    headers: { 'content-type': 'application/x-amz-json-1.1' },
    body: JSON.stringify(value),
  });

  test.each([
    ['GetBucketPolicy', { status: 200, headers: {}, body: '{"Statement": [' }, 'customer.inbox.bucketPolicy'],
    ['GetBucketPolicy', { status: 200, headers: {}, body: '[]' }, 'customer.inbox.bucketPolicy'],
    ['GetKeyPolicy', json({ Policy: 'Version: 2012-10-17' }), 'customer.key.keyPolicy'],
    [
      'GetRolePolicy',
      asXml('GetRolePolicy', '<RoleName>r</RoleName><PolicyName>p</PolicyName><PolicyDocument>%7B%22</PolicyDocument>'),
      'service.deliveryRole.policies',
    ],
    [
      'GetRole',
      asXml(
        'GetRole',
        '<Role><Path>/</Path><RoleName>r</RoleName><RoleId>AROA1</RoleId><Arn>arn:aws:iam::111111111111:role/r</Arn><AssumeRolePolicyDocument>%E0%A4</AssumeRolePolicyDocument></Role>',
      ),
      'service.deliveryRole.trustPolicy',
    ],
  ] as const)('%s: that part is unknown, and the rest is collected', async (operation, response, part) => {
    const { world } = await defaultScenario(accounts.accountA);
    accounts.answer(operation, response);
    const { unknown } = await accounts.collect(world);
    expect(unknown).toContainEqual(expect.objectContaining({ part }));
    expect(new Set(unknown.map(({ reason }) => reason)).size).toBe(1);
  });
});

test('with a role that may read little, each unknown part names its permission', async () => {
  const check = [...world.callers.values()].find(({ roleArn }) => roleArn === world.checkRoleArn);
  if (!check) throw new Error('the check has credentials');
  expect(rootOf(world, world.serviceAccountId).arn).not.toBe(check.arn);
  const { AccountClients } = await import('../../../cli/collect/account-clients.ts');
  const clients = new AccountClients({ endpoint: accounts.url, pathStyle: true, credentials: check });
  const { scenario } = await accounts.collect(world, {
    service: { accountId: world.serviceAccountId, clients },
    environment: world.functionEnvironment,
  });
  clients.destroy();
  expect(scenario.unknown).toEqual(
    expect.arrayContaining([
      { part: 'service.deliveryRole.policies', needs: 'iam:ListRolePolicies' },
      { part: 'service.serviceControlPolicies', needs: 'organizations:ListParents' },
      { part: 'service.vpcEndpointPolicy', needs: 'lambda:GetFunctionConfiguration' },
    ]),
  );
  // The check has permission to read the trust policy.
  expect(scenario.service?.deliveryRole?.trustPolicy).toBeDefined();
});

describe('both accounts, after collecting and reloading,', () => {
  const catalog = join(import.meta.dirname, '../../../scenarios');

  /**
   * One world for each case that collect reads differently. EVERY_SCENARIO=1 reads the whole catalog, for some minutes.
   */
  const some = [
    'bucket-missing/mistyped',
    'bucket-owner/account-mistyped',
    'bucket-owner/somebody-elses',
    'customer-template/policies-of-their-own',
    'internal/key-policy-without-decrypt',
    'key-grant/constraint-with-wildcard',
    'partitions/china-endpoint-without-cn',
    'partitions/govcloud',
    'permissions-boundary/kms-forgotten',
    'region/key-elsewhere',
    'resource-control-policy/s3-identity-perimeter',
    'role-trust-policy/role-that-does-not-exist',
  ];

  /**
   * Worlds in which policies keep even an account's root user from reading something. Collect must not guess it, and
   * the faults that are then still certain must be real.
   */
  const keepReadersOut = [
    'bucket-policy/secure-transport-the-wrong-way-round',
    'bucket-policy/source-ip-denied',
    'bucket-policy/vpc-endpoint-demanded',
    'internal/key-policy-expects-a-bucket-key',
    'internal/key-policy-unused',
    'internal/key-policy-without-decrypt',
    'internal/key-policy-without-the-account',
    'internal/rcp-network-perimeter',
    'internal/secure-transport-the-wrong-way-round',
    'internal/vpc-endpoint-demanded',
    'not-broken/customers-scp-denies-s3-and-kms',
    'not-broken/customers-scp-for-another-region',
    'not-broken/key-policy-without-root',
    'service-control-policy/network-perimeter',
    'service-control-policy/region-forbids-everything',
    'service-control-policy/region-of-the-service-not-approved',
    'service-control-policy/root-user-denied',
  ];

  const everything = Boolean(process.env['EVERY_SCENARIO']);
  const folder = mkdtempSync(join(tmpdir(), 'collected-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('have the same faults as before', async () => {
    const files = everything ? await scenarioFilesIn(catalog) : some.map((name) => join(catalog, `${name}.yaml`));
    expect(files.length).toBeGreaterThanOrEqual(some.length);
    for (const file of files) {
      const name = file.slice(catalog.length + 1, -'.yaml'.length);
      const scenario = await loadScenario(file, accounts.accountA);
      const event = collectable(scenario);
      const environment = scenario.world.functionEnvironment;
      const collected = await accounts.collect(withoutNetwork(scenario.world), { event, environment });
      const again = await reloaded(collected);
      expect({ name, keepsReadersOut: isKeptOut(collected) }).toEqual({
        name,
        keepsReadersOut: keepReadersOut.includes(name),
      });

      const world = withWhatCannotBeCollected(again.world, scenario.world);
      const truth = faultsOf(scenario.world, scenario.event).map(named);
      const found = faultsOf(world, event === scenario.event ? again.event : scenario.event).map(named);
      if (keepReadersOut.includes(name))
        expect(truth).toEqual(expect.arrayContaining((again.expect.denials ?? []).map(named)));
      else expect({ name, found }).toEqual({ name, found: truth });
    }
  }, 600_000);

  /** Credentials are for the account that the event names, so a mistyped account ID must be corrected. */
  function collectable({ file = '', event, world }: Scenario): TestEvent {
    return /bucket-owner\/account-mistyped/.test(file) ? world.defaultEvent : event;
  }

  /** The reader reaches AWS over another network than the function. */
  function withoutNetwork(world: World): World {
    return { ...world, network: { secureTransport: true, sourceIp: '203.0.113.10' } };
  }

  /** Adds what collect can't read: the network, and a scenario's session policy that replaces the requested one. */
  function withWhatCannotBeCollected(world: World, { network, sessionPolicyOverride }: World): World {
    return { ...world, network, ...(sessionPolicyOverride && { sessionPolicyOverride }) };
  }

  function isKeptOut({ unknown }: CollectedScenario): boolean {
    return unknown.some(({ reason }) => reason.includes('not authorized'));
  }

  /** Reloads the scenario from a file, as a user would. */
  async function reloaded({ scenario, unknown }: CollectedScenario): Promise<Scenario> {
    const file = join(folder, 'collected.yaml');
    writeFileSync(file, scenarioText(scenario, unknown));
    return loadScenario(file, accounts.accountA);
  }

  type Named = Pick<Fault, 'step' | 'action' | 'layer' | 'effect' | 'side'>;

  function named({
    step,
    action,
    layer,
    effect,
    side,
  }: { readonly [K in keyof Named]?: Named[K] | undefined }): string {
    return [step, action, layer, effect, side].join(' ');
  }
});
