import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../../cli/main.ts';
import { testSurroundings } from '../cli/surroundings.ts';
import { argumentsOf, commandsWithOutput, firstMissing } from './shown.ts';

/** Commands print what their page shows. every-command.test.ts tests that all of them can be pasted. */
const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'pages-'));
afterAll(() => rmSync(folder, { recursive: true }));

const pages = [
  'README.md',
  'examples/README.md',
  'docs/simulate.md',
  'docs/preflight.md',
  'docs/faq.md',
  'docs/integrate.md',
  'docs/scenarios.md',
];
const text = (page: string) => readFileSync(join(root, page), 'utf8');

/** Commands that can't run here, because they call AWS, end with Ctrl-C, or contain a placeholder. */
const elsewhere =
  /--function|--local|--wait|FILE|EVENT|preflight -- fixed|…|npm run (secure-inbox|sandbox|collect|onboard|offboard|build|catalog|mcp)\b| \| | 2>&1/;

async function run(command: string) {
  const surroundings = testSurroundings({ input: 'An error occurred (AccessDenied): Access Denied' });
  const empty = mkdtempSync(join(folder, 'fixed-'));
  const args = argumentsOf(command).map((arg, at, all) => (all[at - 1] === '--fix' ? join(empty, arg) : arg));
  const status = await main(args, surroundings);
  return { status, ...surroundings.written };
}

const shown = pages
  .flatMap((page) => commandsWithOutput(text(page)).map((one) => ({ page, ...one })))
  .map(({ command, ...one }) => ({ ...one, command: command.replace(/^npm ci && /, '') }))
  .filter(({ command }) => !elsewhere.test(command));

test.each(shown)('$page: $command prints what the page shows', async ({ command, output }) => {
  const { status, stdout, stderr } = await run(command);
  expect(firstMissing(output, (status === 2 ? stderr : stdout).split('\n'))).toBeUndefined();
});

test('finds a line that was not printed where it is shown', () => {
  const printed = ['one', 'two  33 ms', 'three', 'four'];
  expect(firstMissing(['one', '…', 'three', '…'], printed)).toBeUndefined();
  expect(firstMissing(['one', 'two   1 ms'], printed)).toBeUndefined();
  expect(firstMissing(['one', 'three'], printed)).toBe('three');
  expect(firstMissing(['…', 'three', '…', 'one'], printed)).toBe('one');
  expect(firstMissing(['five'], printed)).toBe('five');
});
