import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A small project with the entry of this one. */
const project = join(import.meta.dirname, '../..');
const tools = ['esbuild', '@esbuild', 'tsx'];
const folders: string[] = [];
afterAll(() => folders.forEach((folder) => void rmSync(folder, { recursive: true })));

function write(root: string, files: Readonly<Record<string, string>>): void {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
}

function small(): string {
  const root = join(realpathSync(mkdtempSync(join(tmpdir(), 'secure-inbox-'))), 'project');
  folders.push(dirname(root));
  write(root, {
    'package.json': '{"type":"module"}',
    'bin/secure-inbox.ts': "import { say } from '../cli/say.ts';\n\nconst word: string = 'own';\nsay(word);\n",
    'cli/say.ts': `import { basename, dirname } from 'node:path';
import { greeting } from 'greeting';

interface Said { readonly by: string }
export function say(word: string): void {
  const said: Said = { by: basename(dirname(import.meta.dirname)) };
  if (process.argv[2] === 'throw') throw new Error('here');
  console.log(greeting, word, said.by);
}
`,
    'node_modules/greeting/package.json': '{"name":"greeting","type":"module","main":"index.js"}',
    'node_modules/greeting/index.js': "export const greeting = 'Hello';\n",
  });
  for (const file of ['secure-inbox.mjs', 'compiled-entry.mjs']) {
    copyFileSync(join(project, 'bin', file), join(root, 'bin', file));
  }
  for (const tool of tools) symlinkSync(join(project, 'node_modules', tool), join(root, 'node_modules', tool));
  return root;
}

function start(root: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'bin/secure-inbox.mjs'), ...args], {
    env: { PATH: process.env['PATH'], ...env },
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

function withoutTools(root: string): void {
  for (const tool of tools) rmSync(join(root, 'node_modules', tool));
}

/** As an editor that keeps the time, so that nothing but the content tells. */
function replace(file: string, text: string): void {
  const { atime, mtime, size } = statSync(file);
  writeFileSync(file, text);
  utimesSync(file, atime, mtime);
  expect(statSync(file).size).toBe(size);
}

test('what was compiled once is started again without compiler and loader, until what is written changes', () => {
  const root = small();
  expect(start(root)).toEqual({ status: 0, stdout: 'Hello own project\n', stderr: '' });
  withoutTools(root);
  expect(start(root)).toEqual({ status: 0, stdout: 'Hello own project\n', stderr: '' });

  replace(
    join(root, 'bin/secure-inbox.ts'),
    "import { say } from '../cli/say.ts';\n\nconst word: string = 'new';\nsay(word);\n",
  );
  const after = start(root);
  expect(after.stdout).toBe('');
  expect(after.stderr).toContain("Cannot find package 'tsx'");
});

test('is compiled again for a source, a package or a folder that is another one', () => {
  const root = small();
  expect(start(root).stdout).toBe('Hello own project\n');

  replace(
    join(root, 'bin/secure-inbox.ts'),
    "import { say } from '../cli/say.ts';\n\nconst word: string = 'new';\nsay(word);\n",
  );
  expect(start(root).stdout).toBe('Hello new project\n');

  writeFileSync(join(root, 'node_modules/greeting/index.js'), "export const greeting = 'Welcome';\n");
  expect(start(root).stdout).toBe('Welcome new project\n');

  const moved = join(dirname(root), 'moved');
  renameSync(root, moved);
  expect(start(moved).stdout).toBe('Welcome new moved\n');
});

test('runs as it is written where it cannot be compiled', () => {
  const root = small();
  rmSync(join(root, 'node_modules/esbuild'));
  expect(start(root)).toEqual({ status: 0, stdout: 'Hello own project\n', stderr: '' });
  expect(start(root, [], { SECURE_INBOX_DEBUG: '1' }).stderr).toContain("Not compiled: Cannot find package 'esbuild'");
  expect(readdirSync(join(root, 'node_modules/.cache/secure-inbox-command-line'))).toEqual([]);
});

test('a trace names the lines that were written', () => {
  const root = small();
  const { stderr } = start(root, ['throw'], { SECURE_INBOX_DEBUG: '1' });
  expect(stderr).toContain(`${join(root, 'cli/say.ts')}:7:`);
  expect(stderr).toContain(`${join(root, 'bin/secure-inbox.ts')}:4:`);
});
