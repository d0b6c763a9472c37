import { createHash, randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, extname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Read whole at every start, so that no code runs that is not as it is written. */
const inputs = [
  'bin',
  'cli',
  'core',
  'lambda',
  'model',
  'policy',
  'sandbox',
  'package.json',
  'tsconfig.json',
  // npm's own account of what is installed: https://docs.npmjs.com/cli/v10/configuring-npm/package-lock-json#hidden-lockfiles
  'node_modules/.package-lock.json',
];
const kinds = new Set(['.ts', '.mjs', '.json']);

/** The SDK is large, and whoever waits for AWS does not notice how it is loaded; esbuild has files of its own beside it. */
const external = ['@aws-sdk/*', 'esbuild'];

const packagesFile = 'packages.json';
const oldAfterMs = 24 * 60 * 60 * 1000;

/**
 * The command line as JavaScript, compiled again whenever anything that it is made of has changed. Two processes may ask
 * at the same time.
 *
 * @param {string} root the project's folder
 * @returns {Promise<string>} the file to import
 * @throws where it can't be compiled, or what was compiled can't be kept
 */
export async function compiledEntry(root) {
  // Below node_modules, so that `npm ci` starts afresh.
  const folder = join(root, 'node_modules/.cache/secure-inbox-command-line', keyOf(root));
  if (!isCurrent(root, folder)) await compile(root, folder);
  keep(folder);
  return join(folder, 'secure-inbox.mjs');
}

/** A name that is another one as soon as the content of any input is. Compiled code knows where it came from. */
function keyOf(root) {
  const hash = createHash('sha256').update(`${process.version}\n${root}\n`);
  for (const file of inputs.flatMap((input) => filesBelow(join(root, input)))) {
    const content = readFileSync(file);
    hash.update(`${relative(root, file)}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex').slice(0, 32);
}

function filesBelow(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && kinds.has(extname(entry.name)))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Whether it is there, and no file of a package that is in it was changed by hand. */
function isCurrent(root, folder) {
  const list = join(folder, packagesFile);
  if (!existsSync(list)) return false;
  return JSON.parse(readFileSync(list, 'utf8')).every(([file, stamp]) => stampOf(join(root, file)) === stamp);
}

function stampOf(path) {
  const found = statSync(path, { throwIfNoEntry: false });
  return found && `${found.size} ${found.mtimeMs}`;
}

/** Into a folder of its own, which is then renamed: whoever finds `folder` finds it whole. */
async function compile(root, folder) {
  rmSync(folder, { recursive: true, force: true });
  const unfinished = `${folder}.${process.pid}-${randomBytes(4).toString('hex')}`;
  mkdirSync(unfinished, { recursive: true });
  try {
    const packages = await bundle(root, unfinished);
    writeFileSync(join(unfinished, packagesFile), JSON.stringify(packages));
    // Of what was changed meanwhile, nobody knows whether it is in.
    if (!folder.endsWith(keyOf(root))) throw new Error('Its files changed while it was compiled.');
    renameSync(unfinished, folder);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    // Another process may have been faster; both made the same.
    if (!existsSync(join(folder, packagesFile))) throw error;
  }
  forgetOld(dirname(folder), basename(folder));
}

async function bundle(root, outdir) {
  const { build } = await import('esbuild');
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['bin/secure-inbox.ts'],
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: `node${process.versions.node}`,
    mainFields: ['module', 'main'],
    external,
    outExtension: { '.js': '.mjs' },
    // For packages in CommonJS, which call it for modules of Node.js.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    plugins: [whereItIsWritten],
    sourcemap: 'linked',
    sourcesContent: false,
    metafile: true,
    logLevel: 'silent',
  });
  const files = Object.keys(metafile.inputs).filter((file) => file.includes('node_modules/'));
  return files.map((file) => [file, stampOf(join(root, file))]);
}

/** Code finds the files beside it by `import.meta`, and these are not where it is compiled to. */
const whereItIsWritten = {
  name: 'where-it-is-written',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const meta = JSON.stringify({ dirname: dirname(path), filename: path, url: pathToFileURL(path).href });
      return { loader: 'ts', contents: readFileSync(path, 'utf8').replaceAll('import.meta', `(${meta})`) };
    });
  },
};

/** Marks it as used. */
function keep(folder) {
  const now = new Date();
  try {
    utimesSync(folder, now, now);
  } catch {
    // Where nothing can be written, nothing is removed either.
  }
}

/** Removes what nobody started for a day. Several checkouts may share node_modules, so that recent ones stay. */
function forgetOld(cache, current) {
  for (const name of readdirSync(cache)) {
    const path = join(cache, name);
    const usedAt = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY;
    if (name !== current && Date.now() - usedAt > oldAfterMs) rmSync(path, { recursive: true, force: true });
  }
}
