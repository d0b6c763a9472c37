import { Readable } from 'node:stream';
import { masked } from '../../masked.ts';
import { type ServedAccounts, servedAccounts } from './served-accounts.ts';

const accounts: ServedAccounts = servedAccounts();
const event = () => JSON.parse(accounts.outputs()['TestEvent'] ?? '');

beforeEach(() => accounts.put('acme', JSON.stringify(event())));

const offboard = (customer: string, ...args: readonly string[]) =>
  accounts.run(['offboard', '--customer', customer, ...args]);

/** A user at a terminal who types a line. */
function typed(line: string) {
  const stdin = Object.assign(Readable.from([Buffer.from(`${line}\n`)]), { isTTY: true });
  return accounts.run(['offboard', '--customer', 'acme'], { stdin });
}

test('removes a registration, and says how to restore it and what the customer does next', async () => {
  const { status, stdout } = await offboard('acme', '--yes');
  expect({ status, registered: accounts.registered() }).toEqual({ status: 0 });
  expect(masked(stdout)).toMatchSnapshot();
});

test('--json prints what was removed', async () => {
  const { stdout } = await offboard('acme', '--yes', '--json');
  expect(JSON.parse(stdout)).toMatchObject({
    customer: 'acme',
    key: 'customers/acme.json',
    deleteMarker: expect.any(String),
    text: JSON.stringify(event()),
  });
});

test('at a terminal, the name has to be typed', async () => {
  const wrong = await typed('acmee');
  expect(wrong).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('Nothing was removed') });
  expect(accounts.registered()).toEqual(event());
  const right = await typed('acme');
  expect(masked(right.stderr)).toMatchSnapshot();
  expect({ status: right.status, registered: accounts.registered() }).toEqual({ status: 0 });
});

test('without a terminal, --yes is required', async () => {
  expect(await offboard('acme')).toMatchObject({ status: 2, stderr: expect.stringMatching(/^--yes is missing/) });
  expect(accounts.registered()).toEqual(event());
});

test.each([
  ['amce', /amce is not registered in .*\. Registered are acme\. Allowed: /],
  ['acme-europe', /Registered are acme-eu, acme\. Allowed: /],
  ['initech', /No customer with a similar name was found there\. Allowed: /],
])('%s is unknown: similar names are suggested', async (customer, says) => {
  accounts.put('acme-eu', '{}');
  const { status, stderr } = await offboard(customer, '--yes');
  expect(stderr).toMatch(says);
  expect(status).toBe(2);
});

test('a registration that changes at the same time is not removed', async () => {
  accounts.intercept = ({ operation }) => {
    if (operation === 'DeleteObject') accounts.put('acme', '{"customer":"acme","new":true}');
    return undefined;
  };
  const { status, stderr } = await offboard('acme', '--yes');
  expect(masked(stderr)).toMatchSnapshot();
  expect({ status, registered: accounts.registered() }).toEqual({
    status: 2,
    registered: { customer: 'acme', new: true },
  });
});

test('a registration that is not JSON can be removed too', async () => {
  accounts.put('acme', 'acme!\nreally');
  const { status, stdout } = await offboard('acme', '--yes');
  expect(masked(stdout)).toMatchSnapshot();
  expect({ status, registered: accounts.registered() }).toEqual({ status: 0 });
});
