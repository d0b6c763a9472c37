import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';

/**
 * Runs the function's own tests, and the benchmark of its bundle's loading time, on Lambda's version of Node.js. `npm
 * exec` installs that in npm's own cache. In node_modules it would take precedence over this machine's Node.js for
 * every script, and take 190 MB. NODE24 may name another executable.
 */
const version = '24.21.0';
const root = join(import.meta.dirname, '../..');

const node = process.env.NODE24 ?? (process.versions.node.startsWith('24.') ? process.execPath : fromNpm());
if (node === undefined) {
  process.stdout.write(`Left out: the tests on Node.js 24. npm can't bring node@${version}; NODE24 may name one.\n`);
} else {
  process.stdout.write(`On Node.js ${execFileSync(node, ['--version'], { encoding: 'utf8' })}`);
  run('node_modules/vitest/vitest.mjs', 'run', 'test/lambda', 'test/core');
  run('--import', 'tsx', 'bench/run.ts', 'import-time');
}

function fromNpm() {
  const args = [
    'exec',
    '--yes',
    '--allow-scripts=node',
    `--package=node@${version}`,
    '--',
    'node',
    '-p',
    'process.execPath',
  ];
  const { status, stdout } = spawnSync('npm', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const path = stdout?.trim().split('\n').at(-1);
  return status === 0 && path ? path : undefined;
}

function run(...args) {
  const { status } = spawnSync(node, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
