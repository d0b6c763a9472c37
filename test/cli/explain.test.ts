import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { build } from 'esbuild';
import { main } from '../../cli/main.ts';
import { type Diagnosis, reportSchema } from '../../core/report.ts';
import { killAll, root, run, start } from './entry.ts';
import { bucketPolicyDiagnosis, deniedReport } from './reports.ts';
import { testSurroundings } from './surroundings.ts';

afterEach(killAll);

const folder = mkdtempSync(join(tmpdir(), 'secure-inbox-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function inProcess(args: readonly string[], rest: Parameters<typeof testSurroundings>[0] = {}) {
  const surroundings = testSurroundings(rest);
  const status = await main(['explain', ...args], surroundings);
  return { status, ...surroundings.written };
}

async function entryFor(input: string): Promise<Diagnosis> {
  const { status, stdout, stderr } = await inProcess(['--json'], { input });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const entry: unknown = JSON.parse(stdout);
  const [diagnosis] = reportSchema.shape.diagnoses.parse([entry]);
  expect(diagnosis).toEqual(entry);
  return diagnosis as Diagnosis;
}

interface Quoted {
  readonly message: string;
  readonly denial: Readonly<Record<'action' | 'layer' | 'effect' | 'policyArn', string | null>>;
}

const quoted = readFileSync(join(root, 'test/fixtures/denial-messages.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line, index) => [index + 1, JSON.parse(line) as Quoted] as const);

/** How shells, logs, mail and SDKs wrap a message. */
const wrappings: readonly (readonly [string, (message: string) => string])[] = [
  ['as it is', (message) => message],
  ['with CRLF and a byte order mark', (message) => `\ufeff${message.replaceAll('\n', '\r\n')}\r\n`],
  ['in a line of a JSON log', (message) => JSON.stringify({ level: 'error', err: { name: 'AccessDenied', message } })],
  ['broken between words', (message) => message.replaceAll(' ', '\n    ')],
  ['in colors', (message) => `\u001b[31m╷\n│ \u001b[1mError: ${message}\u001b[0m\n╵`],
  [
    'in a long log',
    (message) => `${'INFO nothing\n'.repeat(2_000)}ERROR ${message}\n${'INFO nothing\n'.repeat(2_000)}`,
  ],
];

describe.each(wrappings)('every publicly reported message, %s', (_, wrapped) => {
  test.each(quoted)('line %i', async (__, { message, denial }) => {
    const entry = await entryFor(wrapped(message));
    expect(entry.denial.action ?? null).toBe(denial.action);
    expect(entry.denial.layer ?? null).toBe(denial.layer);
    expect(entry.denial.effect ?? null).toBe(denial.effect);
    // The period that ends the sentence is not part of the ARN.
    expect(entry.denial.policyArn ?? null).toBe(denial.policyArn?.replace(/\.$/, '') ?? null);
    if (!denial.layer) expect(entry.confidence).not.toBe('proven');
  });
});

describe('sources of the text', () => {
  const text = 'AccessDenied: Access Denied';
  const file = join(folder, 'error');
  writeFileSync(file, text);

  test.each([
    ['stdin', [], { input: text }],
    ['stdin, named', ['-'], { input: text }],
    ['a file', [file], {}],
    ['an argument', [text], {}],
    ['arguments', text.split(' '), {}],
    ['an argument that begins with dashes', ['--', `--- ${text}`], {}],
  ])('%s', async (_, args, rest) => {
    const { status, stdout, stderr } = await inProcess(args, rest);
    expect(stdout).toMatch(/^ {2}1\. /);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  test.each([
    ['a file that is not there', ['./nothing.log'], {}, './nothing.log: cannot be read: no such file.'],
    ['one word', ['eror'], {}, 'eror: is neither a file nor a message of AWS that is known here.'],
    ['nothing', [], { input: '' }, 'standard input: is empty, where a text is expected.'],
    ['bytes', [], { input: '\0\u0001\u0002' }, 'standard input: is not text'],
    ['a dash too few', ['--- Access Denied'], {}, "error: unknown option '--- Access Denied'"],
  ])('%s: status 2, and why', async (_, args, rest, says) => {
    const { status, stdout, stderr } = await inProcess(args, rest);
    expect(stderr).toContain(says);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });

  test('a terminal without a text prints the help; with one, it reads no input', async () => {
    const terminal = () => Object.assign(Readable.from([Buffer.from(text)]), { isTTY: true });
    const help = await inProcess([], { stdin: terminal() });
    expect(help).toMatchObject({ status: 2, stdout: '', stderr: expect.stringMatching(/^Usage: [\s\S]*Examples:/) });
    expect(await inProcess([text], { stdin: terminal() })).toMatchObject({ status: 0, stderr: '' });
    const pasted = await inProcess(['-'], { stdin: terminal() });
    expect(pasted).toMatchObject({ status: 0, stderr: 'Paste the text, then press Ctrl-D.\n' });
  });

  test('Ctrl-C ends it without a message', async () => {
    const interruption = new AbortController();
    const stdin = new Readable({ read: () => interruption.abort(130) });
    const ended = await inProcess([], { stdin, interrupted: interruption.signal });
    expect(ended).toEqual({ status: 130, stdout: '', stderr: '' });
  });
});

test('--json prints the first of several, and says on stderr that there are more', async () => {
  const other = { ...deniedReport, customer: 'other' };
  const { status, stdout, stderr } = await inProcess(['--json'], { input: JSON.stringify([deniedReport, other]) });
  expect(JSON.parse(stdout)).toEqual(bucketPolicyDiagnosis);
  expect(stderr).toBe('standard input: tells of 1 further denial: all are explained without --json.\n');
  expect(status).toBe(0);
});

test('prints color only on terminals', async () => {
  const args = ['Access Denied'];
  expect((await inProcess(args)).stdout).not.toContain('\u001b');
  expect((await inProcess(args, { env: { FORCE_COLOR: '1' } })).stdout).toContain('\u001b[1m');
  expect((await inProcess([...args, '--no-color'], { env: { FORCE_COLOR: '1' } })).stdout).not.toContain('\u001b');
});

describe('as a process', () => {
  test('reads a pipe and prints the entry alone', async () => {
    const input = 'fatal error: An error occurred (403) when calling the HeadObject operation: Forbidden';
    const { status, stdout, stderr } = await run(['explain', '--json'], { input });
    expect(JSON.parse(stdout)).toMatchObject({ denial: {}, confidence: 'unknown' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  test('closing the pipe causes no error message', async () => {
    const { child, ended } = start(['explain', '-'], { input: 'Access Denied' });
    child.stdout?.destroy();
    expect(await ended).toMatchObject({ status: 0, stderr: '' });
  });
});

test('rejects an invalid delivery role', async () => {
  const { status, stdout, stderr } = await inProcess(['--delivery-role', 'reporter', 'Access Denied']);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(/--delivery-role: reporter/);
});

test('loads neither the sandbox, nor the CDK, nor an SDK, so it starts immediately', async () => {
  const { metafile } = await build({
    entryPoints: [join(root, 'cli/commands/explain.ts')],
    absWorkingDir: root,
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    outdir: 'out',
  });
  // The command table lists all commands, but loads only the requested one.
  const loaded = new Set(['cli/commands/explain.ts']);
  const packages = new Set<string>();
  for (const file of loaded) {
    for (const { path, external, kind } of metafile.inputs[file]?.imports ?? []) {
      if (kind === 'dynamic-import' && file === 'cli/command-table.ts') continue;
      if (external) packages.add(path);
      else loaded.add(path);
    }
  }
  expect([...packages].filter((name) => !name.startsWith('node:'))).toEqual(['picocolors']);
  expect([...loaded].filter((path) => !/^(cli|core|lambda|model\/text|sandbox\/separator-hint)/.test(path))).toEqual(
    [],
  );
  expect([...loaded]).toContain('lambda/customer_configuration_check/diagnosis/explain.ts');
});
