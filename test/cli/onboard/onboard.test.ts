import { readFileSync, rmSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers/promises';
import { JSDOM } from 'jsdom';
import { AwsError } from '../../../sandbox/wire/operation.ts';
import { masked } from '../../masked.ts';
import { acme, registryBucket, type ServedAccounts, servedAccounts } from './served-accounts.ts';

const pauses: number[] = [];
beforeAll(() => {
  vi.spyOn(timers, 'setTimeout').mockImplementation(async (milliseconds) => {
    pauses.push(Number(milliseconds));
    return undefined as never;
  });
  syncBuiltinESMExports();
});
afterAll(() => {
  vi.mocked(timers.setTimeout).mockRestore();
  syncBuiltinESMExports();
});

const accounts: ServedAccounts = servedAccounts();

const event = () => JSON.parse(accounts.outputs()['TestEvent'] ?? '');
const listed = (outputs = accounts.outputs()) =>
  Object.entries(outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue, Description: 'words' }));
function onboard(...args: readonly string[]) {
  return accounts.run(['onboard', ...acme, ...args]);
}

/** Only registers, because most failures happen before the check. */
function register(outputs: unknown, ...args: readonly string[]) {
  return onboard('--outputs', accounts.file('outputs.json', outputs), '--no-check', ...args);
}

describe('a customer whose stack exists', () => {
  test('is registered and checked by the deployed function, and gets the result', async () => {
    const { status, stdout } = await onboard('--from-stack', 'secure-inbox', '--customer-profile', 'customer');
    expect(accounts.registered()).toEqual(event());
    expect(masked(stdout)).toMatchSnapshot();
    expect(stdout.trimEnd().split('\n').at(-1)).toBe(
      'Tell acme: It works: a test object has just arrived in secure-inbox-222222222222-us-east-1 below reports/. You have nothing left to do.',
    );
    expect(status).toBe(0);
    expect(accounts.sandbox.calls.map(({ service, operation }) => `${service} ${operation}`)).toEqual(
      expect.arrayContaining(['cloudformation DescribeStacks', 's3 PutObject', 'lambda Invoke', 's3 CopyObject']),
    );
  });

  test('gets the change to make if the delivery is denied, and stays registered', async () => {
    await accounts.serve({ customer: { inbox: { bucketPolicy: null } } });
    const page = accounts.file('for-acme.html', '');
    rmSync(page);
    const { status, stdout } = await onboard(
      '--outputs',
      accounts.file('outputs.json', accounts.outputs()),
      '--html',
      page,
    );
    const message = stdout.slice(stdout.indexOf('Tell acme:'));
    const statement = message.slice(message.indexOf('\n{\n'));
    expect(message.slice(0, -statement.length)).toMatchSnapshot();
    expect(JSON.parse(statement)).toMatchObject({ Effect: 'Allow', Action: 's3:PutObject' });
    const { document } = new JSDOM(readFileSync(page, 'utf8')).window;
    const pasted = document.querySelector('.copyable code')?.textContent ?? '';
    expect(JSON.parse(pasted)).toEqual(JSON.parse(statement));
    expect(accounts.registered()).toEqual(event());
    expect(status).toBe(1);
  });

  test("--html contains the customer's deployment instructions, with the command to copy", async () => {
    const page = accounts.file('invitation.html', '');
    rmSync(page);
    const { status, stdout } = await onboard('--html', page);
    const { document } = new JSDOM(readFileSync(page, 'utf8')).window;
    const [deploy = ''] = [...document.querySelectorAll('.copyable code')].map(({ textContent }) => textContent ?? '');
    expect(status).toBe(0);
    expect(deploy).toMatch(/^aws cloudformation deploy \\\n/);
    expect(stdout.replace(/\s+/g, ' ')).toContain(deploy.replace(/\s+/g, ' '));
  });

  test.each([['--no-check'], ['--dry-run']])(
    '--html with %s is rejected, because there is no message for the customer',
    async (idle) => {
      const outputs = accounts.file('outputs.json', event());
      const { status, stderr } = await onboard('--outputs', outputs, '--html', 'unwritten.html', idle);
      expect(status).toBe(2);
      expect(stderr).toContain(idle);
      expect(accounts.registered()).toBeUndefined();
    },
  );

  test('--json contains all of it', async () => {
    const { status, stdout } = await onboard(
      '--from-stack',
      'secure-inbox',
      '--customer-profile',
      'customer',
      '--json',
    );
    expect(JSON.parse(stdout)).toMatchObject({
      customer: 'acme',
      bucket: registryBucket,
      key: 'customers/acme.json',
      outcome: 'created',
      notes: [],
      event: event(),
      report: { verdict: 'passed' },
      tellCustomer: expect.stringMatching(/^It works: /),
    });
    expect(status).toBe(0);
  });

  test('is inconclusive if the function does not exist', async () => {
    const { status, stderr, stdout } = await onboard(
      ...['--from-stack', 'secure-inbox', '--customer-profile', 'customer', '--function', 'other'],
    );
    expect(masked(stderr)).toMatchSnapshot();
    expect(masked(stdout)).toMatchSnapshot();
    expect(accounts.registered()).toEqual(event());
    expect(status).toBe(3);
  });

  test('can be rehearsed in a sandbox, whatever it is called', async () => {
    const { status, stdout } = await accounts.run([
      ...['onboard', '--customer', 'globex', '--account', '333333333333', '--region', 'eu-west-1', '--sandbox'],
      ...['--from-stack', 'Inbox', '--prefix', 'in/', '--json'],
    ]);
    expect(JSON.parse(stdout)).toMatchObject({
      event: { customer: 'globex', inbox: { accountId: '333333333333', region: 'eu-west-1', prefix: 'in/' } },
      report: { verdict: 'passed' },
    });
    expect(status).toBe(0);
    expect(accounts.sandbox.calls).toEqual([]);
  });
});

describe("the customer's outputs", () => {
  test('may come from standard input', async () => {
    const input = JSON.stringify(listed());
    const { status } = await accounts.run(['onboard', ...acme, '--outputs', '-', '--no-check'], { input });
    expect({ status, registered: accounts.registered() }).toEqual({ status: 0, registered: event() });
  });

  test.each<[string, () => unknown, RegExp]>([
    ['no JSON', () => '{"Stacks": [', /outputs\.json:1:13: the text ends where a value or \] is expected/],
    ['of another customer', () => ({ ...event(), customer: 'globex' }), /customer: is "globex"\. Allowed: "acme"/],
    ['of a later template', () => ({ ...accounts.outputs(), TemplateVersion: '99' }), /TemplateVersion: is "99"/],
  ])('are rejected: %s, and nothing is written', async (_, outputs, says) => {
    const { status, stdout, stderr } = await register(outputs());
    expect(stderr).toMatch(says);
    expect({ status, stdout, registered: accounts.registered() }).toEqual({ status: 2, stdout: '' });
  });

  test('may be from an earlier template, with what to do about it', async () => {
    const { status, stdout } = await register({ ...accounts.outputs(), TemplateVersion: '1' });
    expect(masked(stdout)).toMatchSnapshot();
    expect({ status, registered: accounts.registered() }).toEqual({ status: 0, registered: event() });
  });
});

describe('a stack of the customer', () => {
  test.each([
    [
      ['secure-inbox'],
      /the credentials are of account 111111111111 .*Allowed: account 222222222222, as --account says/,
    ],
    [['Inbox', '--customer-profile', 'customer'], /--from-stack: account 222222222222 has no stack Inbox in us-east-1/],
    [['secure-inbox', '--customer-profile', 'nobody'], /The credentials of the profile nobody cannot be had/],
  ])('that cannot be read: %j', async (args, says) => {
    const { status, stderr } = await onboard('--from-stack', ...args);
    expect(stderr).toMatch(says);
    expect({ status, registered: accounts.registered() }).toEqual({ status: 2 });
  });
});

describe('a customer who is registered already', () => {
  const other = () => ({ ...event(), inbox: { ...event().inbox, bucket: 'another-inbox', prefix: undefined } });

  test('is not changed if only the formatting differs', async () => {
    accounts.put('acme', JSON.stringify(event()));
    expect(await register(event())).toMatchObject({ status: 0, stdout: expect.stringContaining('with these values') });
    expect(accounts.sandbox.calls.filter(({ operation }) => operation === 'PutObject')).toEqual([]);
  });

  test('is not replaced without --replace, and the differences are shown', async () => {
    accounts.put('acme', JSON.stringify(other()));
    const { status, stdout, stderr } = await onboard('--outputs', accounts.file('outputs.json', event()));
    expect(masked(stderr)).toMatchSnapshot();
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(accounts.registered()).toEqual(JSON.parse(JSON.stringify(other())));
    expect(accounts.sandbox.calls.filter(({ operation }) => operation === 'Invoke')).toEqual([]);
  });

  test('is replaced with --replace', async () => {
    accounts.put('acme', JSON.stringify(other()));
    const { status, stdout } = await register(event(), '--replace');
    expect(masked(stdout)).toMatchSnapshot();
    expect({ status, registered: accounts.registered() }).toEqual({ status: 0, registered: event() });
  });

  test.each([
    [
      'by hand with an unknown field',
      '{"customer":"acme","inbxo":1}',
      /inbxo\n +registered +1\n +given +no such field/,
    ],
    ['as something that is no JSON', 'acme!', /the whole entry, which is not a JSON object\n +registered +acme!/],
  ])('%s: that is named', async (_, text, says) => {
    accounts.put('acme', text);
    const { status, stderr } = await register(event());
    expect(stderr).toMatch(says);
    expect(status).toBe(2);
  });

  test('--dry-run writes nothing, new or not', async () => {
    const created = await register(event(), '--dry-run');
    expect(masked(created.stdout)).toMatchSnapshot();
    expect({ status: created.status, registered: accounts.registered() }).toEqual({ status: 0 });
    accounts.put('acme', JSON.stringify(other()));
    const replaced = await register(event(), '--dry-run');
    expect(masked(replaced.stdout)).toMatchSnapshot();
    expect(accounts.registered()).toEqual(JSON.parse(JSON.stringify(other())));
  });
});

describe('a policy that is not in effect yet', () => {
  /** Denies the copies of the first checks. */
  function deniedFor(checks: number): void {
    let run = 0;
    accounts.intercept = ({ operation }) => {
      if (operation === 'Invoke') run++;
      const isRefused = operation === 'CopyObject' && run <= checks;
      return isRefused ? { kind: 'error', error: new AwsError('AccessDenied', 403, 'Access Denied') } : undefined;
    };
  }

  const waited = (...args: readonly string[]) =>
    onboard('--outputs', accounts.file('outputs.json', accounts.outputs()), ...args);

  beforeEach(() => {
    pauses.length = 0;
  });

  test('is retried with growing pauses, which stderr reports', async () => {
    deniedFor(2);
    const { status, stdout, stderr } = await waited('--wait', '1m', '--json');
    expect(pauses).toEqual([2_000, 4_000]);
    expect(masked(stderr)).toMatchSnapshot();
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'created', report: { verdict: 'passed' } });
    expect(status).toBe(0);
  });

  test('is denied without --wait', async () => {
    deniedFor(1);
    const { status, stdout } = await waited('--json');
    expect(pauses).toEqual([]);
    expect(JSON.parse(stdout)).toMatchObject({ report: { verdict: 'denied', deniedStep: 'copy-to-inbox' } });
    expect(status).toBe(1);
  });
});

describe('two operators at once', () => {
  const theirs = { customer: 'acme', note: 'of the other operator' };

  /** Simulates another operator who writes between this one's read and write. */
  function otherWritesFirst(): void {
    accounts.intercept = ({ service, operation }) => {
      if (service === 's3' && operation === 'PutObject') accounts.put('acme', JSON.stringify(theirs));
      return undefined;
    };
  }

  test.each([
    ['a new customer', undefined, []],
    ['a registered one', { customer: 'acme' }, ['--replace']],
  ])('%s: the second one overwrites nothing', async (_, before, args) => {
    if (before) accounts.put('acme', JSON.stringify(before));
    otherWritesFirst();
    const { status, stderr } = await register(event(), ...args);
    expect(masked(stderr)).toMatchSnapshot();
    expect({ status, registered: accounts.registered() }).toEqual({ status: 2, registered: theirs });
  });
});

test('a registry without write permission: the message names the permissions', async () => {
  accounts.intercept = ({ operation }) =>
    operation === 'PutObject'
      ? { kind: 'error', error: new AwsError('AccessDenied', 403, 'Access Denied') }
      : undefined;
  const { status, stderr } = await register(event());
  expect(masked(stderr)).toMatchSnapshot();
  expect(status).toBe(2);
});

test('a registry without the feature is not reported as missing permissions', async () => {
  accounts.intercept = ({ operation }) =>
    operation === 'PutObject' ? { kind: 'error', error: new AwsError('NotImplemented', 501, 'Not here') } : undefined;
  const { status, stderr } = await register(event());
  expect(masked(stderr)).toMatchSnapshot();
  expect(status).toBe(2);
});

test("another account's bucket is not the registry", async () => {
  const { status, stderr } = await register(event(), '--registry', 'secure-inbox-222222222222-us-east-1');
  expect(masked(stderr)).toMatchSnapshot();
  expect(status).toBe(2);
});
