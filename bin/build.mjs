import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { extname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Builds dist/. `node bin/build.mjs` builds what has changed since the last build, `node bin/build.mjs --package` also
 * what only the package needs. Plain JavaScript, because every command in a checkout first runs this to see if anything
 * changed; the actual build is TypeScript, and is loaded only if needed.
 */
const root = resolve(fileURLToPath(import.meta.url), '../..');
const builtFrom = join(root, 'dist/built-from.json');

/** The inputs of each part of dist/. The functions take longest to build and change least. */
const sources = {
  commandLine: ['bin', 'cli', 'core', 'lambda', 'model', 'page', 'policy', 'sandbox'],
  functions: ['bin/build', 'core', 'lambda'],
  libraries: ['bin/build', 'core', 'lib', 'policy'],
  page: ['bin/build', 'cli/views', 'core', 'model', 'page', 'policy'],
};
// npm's own record of what is installed:
// https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json#hidden-lockfiles
const settings = ['package.json', 'tsconfig.json', 'node_modules/.package-lock.json'];
const kinds = new Set(['.ts', '.mjs', '.css', '.json']);

/**
 * Builds in a separate process, because a long-running command would otherwise keep the memory that building takes.
 *
 * @returns {Promise<void>} resolves when dist/ matches the sources; several processes may call it at the same time
 */
export async function buildWhatChanged() {
  if (changes().changed.length === 0) return;
  const { status } = spawnSync(process.execPath, [fileURLToPath(import.meta.url)], { stdio: ['ignore', 2, 2] });
  if (status !== 0) process.exit(status ?? 1);
}

function changes() {
  const before = existsSync(builtFrom) ? JSON.parse(readFileSync(builtFrom, 'utf8')) : {};
  const files = filesOfSources();
  const looks = looksOf(files);
  // Reading all files takes longer than most other work here.
  if (before.looks === looks) return { changed: [] };
  const now = { ...hashes(files), looks };
  const changed = Object.keys(sources).filter((part) => before[part] !== now[part]);
  if (changed.length > 0) return { changed, now };
  try {
    remember(now);
  } catch (error) {
    if (!isReadOnly(error)) throw error;
  }
  return { changed };
}

async function buildHere() {
  const { changed, now } = changes();
  if (changed.length === 0) return;
  const { buildParts } = await builder();
  try {
    await buildParts(root, changed);
    mkdirSync(join(root, 'dist'), { recursive: true });
    remember(now);
  } catch (error) {
    if (!isReadOnly(error)) throw error;
    process.stderr.write(
      `${root} is a checkout that you can't write to, and its dist/ must be built. Run \`npm run build\` in it as a user who can.\n`,
    );
    process.exit(2);
  }
}

/** @param {unknown} error the error of Node.js or esbuild for a folder without write permission */
function isReadOnly(error) {
  const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
  return ['EACCES', 'EPERM', 'EROFS'].includes(code) || /permission denied|read-only file system/i.test(message);
}

async function builder() {
  if (!existsSync(join(root, 'node_modules/tsx'))) {
    process.stderr.write(`${root} is a checkout without its development dependencies. Run \`npm ci\` in it.\n`);
    process.exit(2);
  }
  const unregister = (await import('tsx/esm/api')).register();
  try {
    return await import('./build/build.ts');
  } finally {
    await unregister();
  }
}

/** @param {Record<string, string>} built the inputs of the build, with their hashes */
function remember(built) {
  writeFileSync(builtFrom, `${JSON.stringify(built, null, 2)}\n`);
}

function filesOfSources() {
  const paths = new Set([...settings, ...Object.values(sources).flat()]);
  return new Map([...paths].map((path) => [path, filesBelow(join(root, path))]));
}

/** Changes as soon as any file is written, whether or not its content changes. */
function looksOf(files) {
  const hash = createHash('sha256');
  for (const file of [...files.values()].flat()) {
    const { size, mtimeMs, ctimeMs } = statSync(file);
    hash.update(`${file}\0${size}\0${mtimeMs}\0${ctimeMs}\0`);
  }
  return hash.digest('hex');
}

/** A hash of each part's sources, which changes when the content of any file does. */
function hashes(files) {
  const known = new Map([...files].map(([path, below]) => [path, hashOf(below)]));
  return Object.fromEntries(
    Object.entries(sources).map(([part, paths]) => {
      const hash = createHash('sha256');
      for (const path of [...settings, ...paths]) hash.update(known.get(path));
      return [part, hash.digest('hex')];
    }),
  );
}

function hashOf(files) {
  const hash = createHash('sha256');
  for (const file of files) {
    const content = readFileSync(file);
    hash.update(`${relative(root, file)}\0${content.length}\0`).update(content);
  }
  return hash.digest();
}

function filesBelow(path) {
  if (!existsSync(path)) return [];
  if (extname(path) !== '') return [path];
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && kinds.has(extname(entry.name)))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await buildHere();
  if (process.argv.includes('--package')) await (await builder()).buildPackage(root);
}
