import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { statementsOf } from '../../../model/world/policy-parts.ts';
import { type Scenario, ScenarioError } from '../../../model/world/scenario.ts';
import { type Assembly, assembly } from '../../../sandbox/assembly.ts';
import { loadScenario } from '../../../sandbox/scenario-files.ts';

let folder: string;
let accountA: Assembly;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'scenario-'));
  accountA = await assembly();
});
afterAll(() => rm(folder, { recursive: true }));

const head = 'name: A sentence\nwhy: https://docs.aws.amazon.com/\n';
const passes = 'expect: { verdict: passed }\n';

async function load(yaml: string): Promise<Scenario> {
  const file = path.join(folder, 'scenario.yaml');
  await writeFile(file, yaml);
  return loadScenario(file, accountA);
}

/** A policy in YAML's flow style, as the value of a field. */
function policy(statement: Record<string, unknown>): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 's3:PutObject', Resource: '*', ...statement }],
  });
}

describe('what a scenario leaves out', () => {
  test('is what the two shipped templates create', async () => {
    const { world, event, expect: expected } = await load(head + passes);
    expect(world.deliveryRoleArn).toBe('arn:aws:iam::111111111111:role/secure-inbox-delivery');
    expect(world.checkRoleArn).toBe('arn:aws:iam::111111111111:role/customer_configuration_check');
    expect(world.internalBucket).toBe('secure-inbox-internal-111111111111-us-east-1');
    expect(world.serviceKeyArn).toBe('arn:aws:kms:us-east-1:111111111111:key/00000000-0000-4000-8000-000000000001');
    expect(event).toEqual({
      customer: 'acme',
      inbox: {
        accountId: '222222222222',
        region: 'us-east-1',
        bucket: 'secure-inbox-222222222222-us-east-1',
        kmsKeyArn: 'arn:aws:kms:us-east-1:222222222222:key/00000000-0000-4000-8000-000000000002',
        prefix: 'reports/',
      },
    });
    expect(expected).toEqual({ verdict: 'passed', denials: [] });
  });

  test('follows other account ids and Regions', async () => {
    const { world } = await load(
      `${head}service: { accountId: "444444444444", region: eu-west-1 }\ncustomer: { accountId: "555555555555", region: eu-west-1 }\n${passes}`,
    );
    expect(world.internalBucket).toBe('secure-inbox-internal-444444444444-eu-west-1');
    expect(world.inboxKeyArn).toMatch(/^arn:aws:kms:eu-west-1:555555555555:key\//);
    expect(JSON.stringify(world.keys.get(world.inboxKeyArn)?.policy)).toContain(
      'arn:aws:iam::444444444444:role/secure-inbox-delivery',
    );
  });

  test('two scenarios do not share stored objects', async () => {
    const [one, other] = [await load(head + passes), await load(head + passes)];
    const objectsOf = ({ world }: Scenario) => world.buckets.get(world.internalBucket)?.objects;
    expect(objectsOf(one)).toBeDefined();
    expect(objectsOf(one)).not.toBe(objectsOf(other));
  });
});

describe('policies', () => {
  test('placeholders stand for the values of the world; other variables stay', async () => {
    const { world } = await load(
      `${head}customer:\n  inbox:\n    bucketPolicy: ${policy({ Principal: { AWS: '${deliveryRoleArn}' }, Resource: '${inboxBucketArn}/${aws:PrincipalAccount}/*' })}\n${passes}`,
    );
    expect(statementsOf(world.buckets.get(world.inboxBucket)?.policy ?? { Statement: [] })).toEqual([
      expect.objectContaining({
        Principal: { AWS: 'arn:aws:iam::111111111111:role/secure-inbox-delivery' },
        Resource: 'arn:aws:s3:::secure-inbox-222222222222-us-east-1/${aws:PrincipalAccount}/*',
      }),
    ]);
  });

  test('an edit removes and adds statements', async () => {
    const whole = await load(head + passes);
    const sids = ({ world }: Scenario) =>
      statementsOf(world.keys.get(world.inboxKeyArn)?.policy ?? { Statement: [] }).map(({ Sid }) => Sid);
    const [first, ...others] = sids(whole);
    const edited = await load(
      `${head}customer: { key: { keyPolicy: { without: [${first}], with: [{ Sid: New, Effect: Deny, Principal: "*", Action: "kms:Decrypt", Resource: "*" }] } } }\n${passes}`,
    );
    expect(sids(edited)).toEqual([...others, 'New']);
  });

  test('null removes a bucket policy', async () => {
    const { world } = await load(`${head}customer: { inbox: { bucketPolicy: null } }\n${passes}`);
    expect(world.buckets.get(world.inboxBucket)?.policy).toBeUndefined();
  });

  test('an organization policy has an ARN in its organization', async () => {
    const { world } = await load(
      `${head}service: { organizationId: o-mine, serviceControlPolicies: [${policy({ Effect: 'Deny' })}] }\n${passes}`,
    );
    expect(world.accounts.get('111111111111')?.serviceControlPolicies[0]?.arn).toBe(
      'arn:aws:organizations::999999999999:policy/o-mine/service_control_policy/p-00000001',
    );
  });
});

test('the event is merged over the default one; null removes a field', async () => {
  const { event } = await load(
    `${head}event: { inbox: { prefix: null, acl: bucket-owner-full-control }, internal: { kmsKeyArn: "\${serviceKeyArn}" } }\n${passes}`,
  );
  expect(event.inbox).not.toHaveProperty('prefix');
  expect(event.inbox).toMatchObject({ accountId: '222222222222', acl: 'bucket-owner-full-control' });
  expect(event.internal).toEqual({
    kmsKeyArn: 'arn:aws:kms:us-east-1:111111111111:key/00000000-0000-4000-8000-000000000001',
  });
});

test("a key's own Region moves the key, but does not change the event", async () => {
  const { world, event } = await load(`${head}customer: { key: { region: eu-west-1 } }\n${passes}`);
  expect(world.keys.has(event.inbox.kmsKeyArn)).toBe(false);
  expect(world.inboxKeyArn).toBe('arn:aws:kms:eu-west-1:222222222222:key/00000000-0000-4000-8000-000000000002');
});

describe('what cannot be loaded is reported with its place', () => {
  test.each([
    [
      'an unknown field',
      `${head}customer:\n  inbox:\n    exist: false\n${passes}`,
      { path: 'customer.inbox.exist', line: 5, reason: 'there is no such field' },
    ],
    ['a wrong verdict', `${head}expect: { verdict: fine }\n`, { path: 'expect.verdict', line: 3, reason: /passed/ }],
    ['a missing source', `name: A sentence\n${passes}`, { path: 'why' }],
    [
      'an account id that is a number',
      `${head}service: { accountId: 111111111111 }\n${passes}`,
      { path: 'service.accountId', line: 3 },
    ],
    [
      'a Sid that is not there',
      `${head}customer:\n  key:\n    keyPolicy: { without: [Nobody] }\n${passes}`,
      { path: 'customer.key.keyPolicy.without', line: 5, reason: /Nobody.*there are \w+/ },
    ],
    [
      'a grant of an action in place of an operation',
      `${head}customer:\n  key:\n    grants: [{ granteePrincipal: x, operations: ['kms:Decrypt'] }]\n${passes}`,
      { path: 'customer.key.grants.0.operations.0', reason: /without kms:/ },
    ],
    [
      'a policy that IAM would refuse',
      `${head}customer:\n  inbox:\n    bucketPolicy: ${policy({ Principal: '*', Conditon: {} })}\n${passes}`,
      { path: 'customer.inbox.bucketPolicy', line: 5, reason: /Conditon/ },
    ],
    [
      'an edit of nothing',
      `${head}service: { vpcEndpointPolicy: { with: [] } }\n${passes}`,
      { path: /service\.vpcEndpointPolicy/ },
    ],
    [
      'an event that the check would refuse',
      `${head}event: { inbox: { kmsKeyArn: alias/inbox } }\n${passes}`,
      { path: 'event.inbox.kmsKeyArn', line: 3 },
    ],
    [
      'a template that is not there',
      `${head}customer: { template: nowhere.yaml }\n${passes}`,
      { path: 'customer.template', reason: /nowhere\.yaml/ },
    ],
    [
      'a parameter that the template does not have',
      `${head}customer: { parameters: { Nonsense: x } }\n${passes}`,
      { path: 'customer.template', reason: /Nonsense/ },
    ],
  ])('%s', async (_, yaml, where) => {
    const error: unknown = await load(yaml).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ScenarioError);
    for (const [field, expected] of Object.entries(where)) {
      const said = (error as unknown as Record<string, unknown>)[field];
      if (expected instanceof RegExp) expect(said).toMatch(expected);
      else expect(said).toBe(expected);
    }
    expect((error as Error).message).toContain('scenario.yaml');
  });

  test.each([
    ['not YAML', `${head}customer: [\n`, 4],
    ['an alias without an anchor', `${head}customer: *nobody\n`, 3],
  ])('%s', async (_, yaml, line) => {
    const error: unknown = await load(yaml).catch((thrown: unknown) => thrown);
    const file = expect.stringMatching(/scenario\.yaml$/);
    expect(error).toMatchObject({ name: 'InputError', problems: [{ file, line }] });
  });

  test('a missing file', async () => {
    await expect(loadScenario(path.join(folder, 'none.yaml'), accountA)).rejects.toThrow(
      /none\.yaml.*there is no such file/,
    );
  });
});
