import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A small project with this project's entry and build. */
const project = join(import.meta.dirname, '../..');
const folders: string[] = [];
afterAll(() => folders.forEach((folder) => void rmSync(folder, { recursive: true })));

function write(root: string, files: Readonly<Record<string, string>>): void {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
}

/** Replaces esbuild for bin/build.mjs. It copies files and records its calls. */
const builder = `import { appendFileSync, cpSync } from 'node:fs';
export async function buildParts(root: string, parts: readonly string[]): Promise<void> {
  if (process.env['FAIL']) throw new Error('it does not compile');
  if (process.env['READ_ONLY']) throw Object.assign(new Error('no'), { code: process.env['READ_ONLY'] });
  appendFileSync(root + '/asked.txt', parts.join(' ') + '\\n');
  cpSync(root + '/cli/main.ts', root + '/dist/cli/secure-inbox.mjs');
}
`;

function small(): string {
  const root = join(realpathSync(mkdtempSync(join(tmpdir(), 'secure-inbox-'))), 'my prüfung');
  folders.push(dirname(root));
  write(root, {
    'package.json': '{"type":"module"}',
    'cli/main.ts': "console.log('first');\n",
    'core/a.ts': '',
    'lambda/a.ts': '',
    'lib/a.ts': '',
    'bin/build/build.ts': builder,
  });
  for (const file of ['secure-inbox.mjs', 'build.mjs']) cpSync(join(project, 'bin', file), join(root, 'bin', file));
  mkdirSync(join(root, 'node_modules'));
  for (const tool of ['esbuild', '@esbuild', 'tsx']) {
    symlinkSync(join(project, 'node_modules', tool), join(root, 'node_modules', tool));
  }
  return root;
}

function start(root: string, env: NodeJS.ProcessEnv = {}, as: { readonly uid?: number } = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'bin/secure-inbox.mjs')], {
    env: { PATH: process.env['PATH'], ...env },
    encoding: 'utf8',
    ...as,
  });
  return { status, stdout, stderr };
}
const asked = (root: string) => readFileSync(join(root, 'asked.txt'), 'utf8').trim().split('\n');
const first = { status: 0, stdout: 'first\n', stderr: '' };

test('a checkout builds once, and again only the parts whose sources changed', () => {
  const root = small();
  expect(start(root)).toEqual(first);
  expect(start(root)).toEqual(first);
  expect(asked(root)).toEqual(['commandLine functions libraries page']);

  // Writes the same content again, like checking out another branch and back.
  write(root, { 'cli/main.ts': "console.log('first');\n" });
  expect(start(root)).toEqual(first);
  expect(asked(root)).toHaveLength(1);

  write(root, { 'cli/main.ts': "console.log('later');\n" });
  expect(start(root).stdout).toBe('later\n');
  write(root, { 'lambda/a.ts': '// changed' });
  write(root, { 'lib/b.ts': '// new' });
  expect(start(root).stdout).toBe('later\n');
  expect(asked(root).slice(1)).toEqual(['commandLine', 'commandLine functions libraries']);
});

test('a failed build does not count as built', () => {
  const root = small();
  expect(start(root, { FAIL: '1' })).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('it does not compile'),
  });
  expect(existsSync(join(root, 'dist/built-from.json'))).toBe(false);
  expect(start(root)).toEqual(first);
});

test('a checkout without its development dependencies says what to run', () => {
  const root = small();
  rmSync(join(root, 'node_modules'), { recursive: true });
  const { status, stderr } = start(root);
  expect(status).toBe(2);
  expect(stderr).toMatch(/^.*`npm ci`.*\n$/);
});

test.each(['EACCES', 'EROFS'])('a read-only checkout reports that: %s', (code) => {
  const root = small();
  const { status, stderr } = start(root, { READ_ONLY: code });
  expect(status).toBe(2);
  expect(stderr).toMatch(/^.*my prüfung.*`npm run build`.*\n$/);
});

test('an installed package, which has no sources, starts without building, also in a read-only folder', () => {
  const root = small();
  start(root);
  for (const folder of ['cli', 'bin/build', 'node_modules']) rmSync(join(root, folder), { recursive: true });
  expect(start(root)).toEqual(first);
  const before = readdirSync(root, { recursive: true }).sort();
  for (const path of ['', ...before.map(String)]) chmodSync(join(root, path), 0o555);
  chmodSync(dirname(root), 0o755);
  // Root may write everywhere.
  const asNobody = process.getuid?.() === 0 ? { uid: 65534 } : {};
  expect(start(root, {}, asNobody)).toEqual(first);
  expect(readdirSync(root, { recursive: true }).sort()).toEqual(before);
  for (const path of ['', ...before.map(String)]) chmodSync(join(root, path), 0o755);
});

test('an old Node.js gets a message with the required version', () => {
  const root = small();
  write(root, { 'old.mjs': "Object.defineProperty(process.versions, 'node', { value: '18.20.8' });\n" });
  const { status, stderr } = start(root, { NODE_OPTIONS: `--import=${new URL(`file://${join(root, 'old.mjs')}`)}` });
  expect(status).toBe(2);
  expect(stderr).toMatch(/^secure-inbox needs Node\.js 20\.19 or later\. This is 18\.20\.8 \(.+\)\.\n$/);
});
