import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { bugReport } from '../../cli/bug-report.ts';
import { commandTable } from '../../cli/command-table.ts';
import { main } from '../../cli/main.ts';
import projectSettings from '../../package.json';
import { root } from './entry.ts';
import { testSurroundings } from './surroundings.ts';

async function run(...args: string[]) {
  const surroundings = testSurroundings();
  return { status: await main(args, surroundings), ...surroundings.written };
}

test('--help lists every command and the exit statuses', async () => {
  const { status, stdout, stderr } = await run('--help');
  for (const { name, summary } of commandTable)
    expect(stdout).toMatch(new RegExp(`  ${name}[ |].*${summary.slice(0, 20)}`));
  expect(stdout).toContain('Exit status:');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

test.each(commandTable.map(({ name }) => name))('%s --help has examples and exit statuses', async (name) => {
  const { status, stdout } = await run(name, '--help');
  expect(stdout).toContain('Examples:');
  expect(stdout).toMatch(/^Exit status:\n {2}0 /m);
  expect(status).toBe(0);
  expect(await run('help', name)).toEqual({ status: 0, stdout, stderr: '' });
});

test.each(commandTable.map(({ name }) => name))('%s --help names files that a checkout has', async (name) => {
  const { stdout } = await run(name, '--help');
  const [, examples = ''] = /^Examples:\n([\s\S]*?)\n\n/m.exec(stdout) ?? [];
  // The customer's outputs, files that an earlier example writes, and values from another account.
  const written =
    /(?:--output|--fix|>) \S+|s3:\/\/\S+|acme\.scenario\.yaml|acme-outputs\.json|\S+\.state\.json|report\.pdf/g;
  const named =
    examples.replaceAll(written, '').match(/\b[\w/-]+\.(?:json|yaml|txt|log|jsonl)\b|\bexamples\/\w+|\S+\/\*\S*/g) ??
    [];
  const missing = named.filter((path) => !existsSync(join(root, path.split('*')[0] ?? '')));
  expect(missing).toEqual([]);
});

test.each([['--version'], ['-v'], ['-V'], ['version'], ['check', '--version'], ['explain', '--version']])(
  '%s %s prints the version alone',
  async (...args) => {
    expect(await run(...args)).toEqual({ status: 0, stdout: `${projectSettings.version}\n`, stderr: '' });
  },
);

test.each([
  ['explain', '--', '--version'],
  ['--quiet', '--version', 'check'],
])('%s %s %s does not print the version', async (...args) => {
  expect((await run(...args)).stdout).not.toBe(`${projectSettings.version}\n`);
});

test.each([
  { args: ['chek'], says: "error: unknown command 'chek'\n(Did you mean check?)" },
  { args: ['check', '--jsn'], says: "error: unknown option '--jsn'\n(Did you mean --json?)" },
  { args: ['check', '--event'], says: "error: option '--event <file...>' argument missing" },
  { args: ['check', '--diagnosis', 'deep'], says: 'Allowed choices are none, service-account, full.' },
  { args: ['check', '--local', '--function', 'f'], says: 'cannot be used with option' },
  { args: ['check', '--local'], says: '--local: say what to check with --event FILE.' },
  { args: ['check', '--event', '/nowhere.json'], says: '/nowhere.json: cannot be read: no such file.' },
  {
    args: ['check', '--event', 'events\\acme.json'],
    says: 'events\\acme.json: cannot be read: no such file. Folders are separated by / here: events/acme.json',
  },
  {
    args: ['check', '--scenario', 'scenarios\\all.yaml'],
    says: 'there is no such file. Folders are separated by / here: scenarios/all.yaml',
  },
  {
    args: ['preflight', '--inbox-template', 'examples\\own.yaml'],
    says: 'Folders are separated by / here: examples/own.yaml',
  },
  { args: ['preflight', 'examples\\acme'], says: 'Folders are separated by / here: examples/acme' },
  { args: ['catalog', 'scenarios\\key-policy'], says: 'Folders are separated by / here: scenarios/key-policy' },
  { args: ['sandbox', '--port', 'http'], says: 'Allowed: a number from 0 to 65535, 0 for any free port.' },
  { args: ['sandbox', 'extra'], says: 'too many arguments' },
  { args: ['catalog', '/nowhere'], says: '/nowhere: no such folder.' },
  { args: ['catalogue', '/nowhere'], says: '/nowhere: no such folder.' },
  { args: [], says: 'Usage: secure-inbox [options] [command]' },
])('$args is a usage error: status 2, and a message on stderr only', async ({ args, says }) => {
  const { status, stdout, stderr } = await run(...args);
  expect(stderr).toContain(says);
  expect(stderr).not.toMatch(/\n {4}at /);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
});

test('a bug is reported in one line, with a stack trace only on request', () => {
  const bug = new Error('cannot happen\nreally', { cause: new Error('the cause') });
  expect(bugReport(bug, false)).toBe(
    'secure-inbox has a bug, please report it: cannot happen. SECURE_INBOX_DEBUG=1 shows where it happened.\n',
  );
  expect(bugReport(bug, true)).toMatch(/cannot happen[\s\S]*\n {4}at [\s\S]*caused by Error: the cause/);
});
