import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { main } from '../../../cli/main.ts';
import { defaultScenario, loadScenario } from '../../../sandbox/scenario-files.ts';
import { masked } from '../../masked.ts';
import { testSurroundings } from '../surroundings.ts';
import { rootOf, servedAccounts } from './served-accounts.ts';

const accounts = servedAccounts();
const folder = mkdtempSync(join(tmpdir(), 'collect-'));
const inFolder = (name: string) => join(folder, name);
const environment = { ...process.env };

beforeAll(async () => {
  const { world } = await defaultScenario(accounts.accountA);
  accounts.serve(world);
  const profiles = { service: world.serviceAccountId, customer: world.customerAccountId };
  const sections = Object.entries(profiles).map(([name, accountId]) => {
    const { accessKeyId, secretAccessKey } = rootOf(world, accountId);
    return `[${name}]\naws_access_key_id=${accessKeyId}\naws_secret_access_key=${secretAccessKey}\n`;
  });
  writeFileSync(
    inFolder('credentials'),
    `${sections.join('')}[wrong]\naws_access_key_id=AKIANOBODY\naws_secret_access_key=x\n`,
  );
  writeFileSync(inFolder('event.json'), JSON.stringify(world.defaultEvent));
  // The SDK reads its own environment.
  process.env = {
    ...environment,
    AWS_SHARED_CREDENTIALS_FILE: inFolder('credentials'),
    AWS_CONFIG_FILE: inFolder('no-config'),
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL: accounts.url,
  };
});
afterAll(() => {
  process.env = environment;
  rmSync(folder, { recursive: true });
});

async function collect(args: readonly string[], rest: Parameters<typeof testSurroundings>[0] = {}) {
  const surroundings = testSurroundings({ env: { AWS_ENDPOINT_URL: accounts.url }, ...rest });
  const status = await main(['collect', ...args], surroundings);
  return { status, ...surroundings.written };
}

const event = ['--event', inFolder('event.json')];
const both = [...event, '--service-profile', 'service', '--customer-profile', 'customer'];

test('writes a scenario that can be loaded, and says what was read', async () => {
  const file = inFolder('acme.yaml');
  const { status, stdout } = await collect([...both, '--output', file]);
  expect(masked(stdout)).toMatchSnapshot();
  expect(status).toBe(0);
  // The file contains both accounts' policies.
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(await loadScenario(file, accounts.accountA)).toMatchObject({ expect: { verdict: 'passed' }, unknown: [] });

  writeFileSync(file, 'mine');
  const again = await collect([...both, '--output', file]);
  expect(again.stderr).toBe(
    `${file}: already exists. Choose another file with --output, or replace it with --force.\n`,
  );
  expect({ status: again.status, text: readFileSync(file, 'utf8') }).toEqual({ status: 2, text: 'mine' });
  expect((await collect([...both, '--output', file, '--force'])).status).toBe(0);
  expect(readFileSync(file, 'utf8')).toContain('deliveryRole:');
  chmodSync(file, 0o644);
  await collect([...both, '--output', file, '--force']);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('--json prints what was read, what is unknown and why', async () => {
  const args = [...event, '--service-profile', 'service', '--output', inFolder('half.yaml'), '--json'];
  const { status, stdout } = await collect(args);
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    file: inFolder('half.yaml'),
    accounts: {
      service: { accountId: '111111111111', as: 'arn:aws:iam::111111111111:root' },
      customer: { accountId: '222222222222', as: null },
    },
    read: expect.arrayContaining(['service.deliveryRole.policies']),
    unknown: expect.arrayContaining([
      {
        part: 'customer.inbox.bucketPolicy',
        needs: 's3:GetBucketPolicy',
        reason: 'no credentials of account 222222222222 were given',
      },
    ]),
    expect: { verdict: 'inconclusive' },
  });
  expect(JSON.parse(stdout).read).not.toContain('customer.inbox.bucketPolicy');
  expect(readFileSync(inFolder('half.yaml'), 'utf8')).toMatch(/^# customer\.inbox\.bucketPolicy: no credentials/m);
});

test('--output - prints the scenario alone on stdout', async () => {
  const { stdout, stderr } = await collect([...event, '--customer-profile', 'customer', '--output', '-'], {
    env: {
      AWS_ENDPOINT_URL: accounts.url,
      DELIVERY_ROLE_ARN: 'arn:aws:iam::111111111111:role/secure-inbox-delivery',
      INTERNAL_BUCKET: 'secure-inbox-internal-111111111111-us-east-1',
    },
  });
  expect(parse(stdout)).toMatchObject({ event: { customer: 'acme' }, expect: { verdict: 'inconclusive' } });
  expect(masked(stderr)).toMatchSnapshot();
});

test.each([
  ['no credentials', event, /^There are no AWS credentials\. .*--service-profile/m],
  ['a profile that is not there', [...event, '--service-profile', 'nobody'], /the profile nobody cannot be had/],
  [
    'keys that do not work',
    [...event, '--service-profile', 'wrong'],
    /the profile wrong do not work: .*InvalidClientTokenId/,
  ],
  [
    'the wrong account',
    [...event, '--customer-profile', 'service'],
    /^--customer-profile: its credentials are of account 111111111111 .* inbox\.accountId is 222222222222/m,
  ],
  [
    'nobody who says which role delivers',
    [...event, '--customer-profile', 'customer'],
    /Which role delivers\?.*DELIVERY_ROLE_ARN/,
  ],
  ['two answers on stdout', [...both, '--output', '-', '--json'], /^--output -: stdout cannot hold both/m],
])('%s is reported in a sentence, and nothing is written', async (_, args, message) => {
  const file = inFolder('never.yaml');
  const { status, stdout, stderr } = await collect(args.includes('--output') ? args : [...args, '--output', file]);
  expect(stderr).toMatch(message);
  expect({ status, stdout, written: existsSync(file) }).toEqual({ status: 2, stdout: '', written: false });
});

test('an unreachable AWS is not mistaken for wrong credentials', async () => {
  const { AWS_ENDPOINT_URL } = process.env;
  // Nothing listens at the discard port.
  process.env['AWS_ENDPOINT_URL'] = 'http://127.0.0.1:9';
  try {
    const { status, stderr } = await collect([...event, '--service-profile', 'service']);
    expect(masked(stderr)).toMatchSnapshot();
    expect(status).toBe(2);
  } finally {
    process.env['AWS_ENDPOINT_URL'] = AWS_ENDPOINT_URL;
  }
});

test('an invalid event is rejected with its line, before any AWS call', async () => {
  const input = '{\n  "customer": "acme",\n  "inbox": { "accountId": "1" }\n}';
  const { status, stderr } = await collect(['--event', '-'], { input });
  expect(masked(stderr)).toMatchSnapshot();
  expect(status).toBe(2);
});

test("reports a role of the event in another account than the profile's", async () => {
  const file = inFolder('role.json');
  const deliveryRoleArn = 'arn:aws:iam::444444444444:role/theirs';
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(inFolder('event.json'), 'utf8')), deliveryRoleArn }));
  const { stderr } = await collect(['--event', file, '--service-profile', 'service', '--output', inFolder('r.yaml')]);
  expect(masked(stderr)).toMatchSnapshot();
});

test('names that differ from the defaults must be stated', async () => {
  const { status, stderr } = await collect(
    [...event, '--customer-profile', 'customer', '--output', inFolder('n.yaml')],
    {
      env: {
        AWS_ENDPOINT_URL: accounts.url,
        DELIVERY_ROLE_ARN: 'arn:aws:iam::111111111111:role/secure-inbox-delivery',
      },
    },
  );
  expect(masked(stderr)).toMatchSnapshot();
  expect(status).toBe(2);
});

test('a missing folder is reported before any AWS call', async () => {
  const { status, stderr } = await collect([...both, '--output', inFolder('missing/acme.yaml')]);
  expect(status).toBe(2);
  expect(stderr).toContain(inFolder('missing'));
  expect(stderr).not.toContain('Reading');
  const inAFile = await collect([...both, '--output', inFolder('event.json/acme.yaml')]);
  expect(inAFile.status).toBe(2);
  expect(masked(inAFile.stderr)).toMatchSnapshot();
});
