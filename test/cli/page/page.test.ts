import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JSDOM } from 'jsdom';
import { main } from '../../../cli/main.ts';
import type { PageSettings } from '../../../page/contract.ts';
import { testSurroundings } from '../surroundings.ts';

const folder = mkdtempSync(join(tmpdir(), 'page-command-'));
afterAll(() => rmSync(folder, { recursive: true }));

const role = 'arn:aws:iam::123456789012:role/delivers';
const output = join(folder, 'page.html');
const event = join(import.meta.dirname, '../../../examples/acme/event.json');

async function run(...args: readonly string[]) {
  const surroundings = testSurroundings();
  const status = await main(args, surroundings);
  return { status, ...surroundings.written };
}

async function settingsOf(...args: readonly string[]): Promise<PageSettings> {
  const { status, stdout, stderr } = await run(...args);
  expect({ status, stderr }).toMatchObject({ status: 0 });
  expect(stdout).toContain(output);
  return settingsIn(output);
}

function settingsIn(file: string): PageSettings {
  const { document } = new JSDOM(readFileSync(file, 'utf8')).window;
  return JSON.parse(document.getElementById('settings')?.textContent ?? '') as PageSettings;
}

it('fills in the values of the service and of the customer', async () => {
  const settings = await settingsOf(
    ...['page', '--customer', 'acme', '--account', '222222222222', '--region', 'eu-central-1', '--prefix', 'in/'],
    ...['--delivery-role-arn', role, '--internal-bucket', 'waiting', '--output', output],
  );
  expect(settings).toMatchObject({
    everything: false,
    known: { customer: 'acme', accountId: '222222222222', region: 'eu-central-1', prefix: 'in/' },
    service: { deliveryRoleArn: role, accountId: '123456789012', internalBucket: 'waiting' },
  });
  expect(settings).not.toHaveProperty('event');
  const shown = settings.serviceDocuments?.find(({ as }) => as === 'service.deliveryRole.policies')?.text ?? '';
  expect(shown).toContain('arn:aws:s3:::waiting');
});

it('fills in a test event, with what it leaves to the service', async () => {
  const settings = await settingsOf('page', '--event', event, '--output', output);
  expect(settings.event).toMatchObject(JSON.parse(readFileSync(event, 'utf8')));
  expect(settings).not.toHaveProperty('documents');
});

it('reveals only resources of the service that deliveries use', async () => {
  const { templates } = await settingsOf('page', '--output', output);
  const { Resources } = JSON.parse(templates?.service.text ?? '') as {
    readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties?: unknown }>>;
  };
  const described = Object.values(Resources).filter(({ Properties }) => Properties !== undefined);
  const services = new Set(described.map(({ Type }) => Type.split('::')[1]));
  expect([...services].sort()).toEqual(['IAM', 'KMS', 'Lambda', 'S3']);
});

it('begins a playground with the documents of both accounts', async () => {
  const { documents, everything } = await settingsOf('page', '--everything', '--output', output);
  expect(everything).toBe(true);
  expect(documents?.map(({ as }) => as)).toEqual(['customer.inbox.bucketPolicy', 'customer.key.keyPolicy']);
});

it.each([
  ['an account that is none', ['--account', '12', '--output', output], /--account.*"12".*12 digits/],
  ['a role that is none', ['--delivery-role-arn', 'me', '--output', output], /--delivery-role-arn.*"me"/],
  [
    'two sources of the same',
    ['--event', event, '--account', '222222222222', '--output', output],
    /--event.*--account/,
  ],
  ['no file to write', [], /--output/],
  ['a folder that is not there', ['--output', join(folder, 'no/page.html')], /no such folder/],
  ['an event that is wrong', ['--event', join(folder, 'wrong.json'), '--output', output], /inbox\.accountId/],
  ['a file of another kind', ['--output', join(folder, 'wrong.json')], /wrong\.json/],
])('refuses %s, and says what is allowed', async (_, args, message) => {
  writeFileSync(join(folder, 'wrong.json'), JSON.stringify({ customer: 'acme', inbox: { accountId: '1' } }));
  const { status, stdout, stderr } = await run('page', ...args);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(message);
});

it('is written beside what a customer has to deploy', async () => {
  const { status } = await run(
    ...['onboard', '--customer', 'acme', '--account', '222222222222', '--region', 'us-east-1', '--prefix', 'in/'],
    ...['--delivery-role-arn', role, '--internal-bucket', 'waiting', '--page', output],
  );
  expect(status).toBe(0);
  expect(settingsIn(output)).toMatchObject({
    known: { customer: 'acme', accountId: '222222222222', region: 'us-east-1', prefix: 'in/' },
    service: { deliveryRoleArn: role, internalBucket: 'waiting' },
  });
});
