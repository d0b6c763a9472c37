import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type ServedAccounts, servedAccounts } from '../cli/onboard/served-accounts.ts';
import { argumentsOf, commandsAlone, commandsWithOutput, firstMissing } from './shown.ts';

/** Commands pasted from docs/onboarding.md work against the sandbox, and print what the page shows. */
const accounts: ServedAccounts = servedAccounts();
const page = readFileSync(join(import.meta.dirname, '../../docs/onboarding.md'), 'utf8');
const shown = commandsWithOutput(page).filter(({ command }) => command.startsWith('npm run '));
const of = (words: RegExp) => shown.filter(({ command }) => words.test(command));

/** The answer of describe-stacks, which step 2 writes to a file. */
function outputs(change = (value: string) => value) {
  const listed = Object.entries(accounts.outputs()).map(([OutputKey, OutputValue]) => ({
    OutputKey,
    OutputValue: OutputKey === 'TestEvent' ? change(OutputValue) : OutputValue,
  }));
  return accounts.file('acme-outputs.json', {
    Stacks: [{ StackName: 'secure-inbox', StackStatus: 'CREATE_COMPLETE', Outputs: listed }],
  });
}

async function run(command: string, file = '') {
  const args = argumentsOf(command).map((arg) => (arg === 'acme-outputs.json' ? file : arg));
  const stdin = Object.assign(Readable.from([Buffer.from('acme\n')]), { isTTY: true });
  const { stdout, stderr, status } = await accounts.run(args, {
    stdin,
    env: { AWS_ENDPOINT_URL: accounts.sandbox.url, npm_command: 'run-script' },
  });
  const terminal = `${stderr.replace(/^[A-Z].*…\n/gm, '')}${stdout}`.replace(
    /(version +|--version-id )\S{20,}/g,
    '$1VERSION',
  );
  const typed = terminal.replace(/(to confirm: )/, '$1acme\n').replaceAll(/\\\n\s*/g, '');
  return { status, lines: typed.split('\n') };
}

test('the page has the commands of each step', () => {
  expect(
    [of(/ onboard .*--prefix reports\/$|--template-url/), of(/--wait/), of(/ offboard /)].map((all) => all.length),
  ).toEqual([2, 1, 1]);
  expect(shown).toHaveLength(5);
});

test.each(of(/ onboard .*--prefix reports\/$|--template-url/))('$command', async ({ command, output }) => {
  const { lines, status } = await run(command);
  expect(firstMissing(output, lines)).toBeUndefined();
  expect(status).toBe(0);
});

test.each(of(/--wait/))('$command', async ({ command, output }) => {
  const { lines, status } = await run(command, outputs());
  expect(firstMissing(output, lines)).toBeUndefined();
  expect(status).toBe(0);
});

test.each(of(/--outputs acme-outputs.json$/))('$command', async ({ command, output }) => {
  accounts.put('acme', accounts.outputs()['TestEvent'] ?? '');
  const changed = outputs((event) => event.replace('"secure-inbox-222222222222-us-east-1"', '"acme-reports"'));
  const { lines } = await run(command, changed);
  expect(firstMissing(output, lines)).toBeUndefined();
});

test.each(of(/ offboard /))('$command', async ({ command, output }) => {
  accounts.put('acme', accounts.outputs()['TestEvent'] ?? '');
  const { lines, status } = await run(command);
  expect(firstMissing(output, lines)).toBeUndefined();
  expect(status).toBe(0);
});

test('a denial prints what the page shows', async () => {
  const [, block = ''] = /^## If the check is denied\n[\s\S]*?^```\n([\s\S]*?)^```$/m.exec(page) ?? [];
  await accounts.serve({ customer: { inbox: { bucketPolicy: null } } });
  accounts.put('acme', accounts.outputs()['TestEvent'] ?? '');
  const { lines, status } = await run(of(/--wait/)[0]?.command.replace(' --wait', '') ?? '', outputs());
  expect(firstMissing(block.trimEnd().split('\n'), lines)).toBeUndefined();
  expect(status).toBe(1);
});

const rehearsals = commandsAlone(page).filter((command) => command.endsWith('--sandbox'));
test.each(rehearsals)('%s can be pasted', async (command) => {
  expect((await run(command)).status).toBe(0);
});
