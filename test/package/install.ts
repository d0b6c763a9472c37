import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export const root = join(import.meta.dirname, '../..');

interface Packed {
  readonly filename: string;
  readonly integrity: string;
  readonly version: string;
  readonly files: readonly { readonly path: string }[];
}
interface Entry {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}
type Entries = Readonly<Record<string, Entry>>;

export interface Installed {
  /** The user's own project. Its path contains a space and an umlaut. */
  readonly folder: string;
  readonly packed: Packed;
  /** Why nothing could be installed: npm reached no registry, and its cache is not enough. */
  readonly leftOut?: string;
}

const name = 'secure-inbox-configuration-check';
const settings = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Entry & {
  readonly bin: Readonly<Record<string, string>>;
  readonly version: string;
};

/** Packs the package and installs it in an empty folder with its dependencies, in the versions of our lock file. */
export function packAndInstall(): Installed {
  const parent = mkdtempSync(join(tmpdir(), 'secure-inbox-package-'));
  const folder = join(parent, 'my prüfung');
  mkdirSync(folder);
  const [packed] = JSON.parse(npm(root, 'pack', '--json', '--loglevel=error', '--pack-destination', parent)) as [
    Packed,
  ];
  writeLockFile(folder, packed);
  const { status, stderr } = spawnSync(
    'npm',
    ['ci', '--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund'],
    { cwd: folder, env: environment(), encoding: 'utf8' },
  );
  if (status === 0) return { folder, packed };
  if (!/E(NOTCACHED|NOTFOUND|AI_AGAIN|CONNREFUSED|CONNRESET|TIMEDOUT)|network/.test(stderr)) throw new Error(stderr);
  return { folder, packed, leftOut: 'npm reaches no registry, and its cache has not all that the package depends on' };
}

/** Makes some of our own packages available to the project, as if it had installed them. */
export function link(folder: string, ...packages: readonly string[]): void {
  for (const each of packages) {
    const path = join(folder, 'node_modules', each);
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(join(root, 'node_modules', each), path);
  }
}

function npm(cwd: string, ...args: readonly string[]): string {
  return execFileSync('npm', args, { cwd, env: environment(), encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Removes the variables that npm sets for scripts, because they are about another project. */
export function environment(): NodeJS.ProcessEnv {
  const ofTheTest =
    /^(npm_(lifecycle|package|command|execpath|config_local_prefix)|INIT_CWD|NODE_OPTIONS|SECURE_INBOX)/;
  return Object.fromEntries(Object.entries(process.env).filter(([variable]) => !ofTheTest.test(variable)));
}

function writeLockFile(folder: string, { filename, integrity, version }: Packed): void {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    readonly packages: Entries;
  };
  const own = { dependencies: { [name]: `file:../${filename}` } };
  const lock = {
    lockfileVersion: 3,
    packages: {
      '': own,
      [`node_modules/${name}`]: {
        ...settings,
        version,
        resolved: `file:../${filename}`,
        integrity,
        scripts: undefined,
      },
      ...Object.fromEntries([...needed(packages)].map((path) => [path, { ...packages[path], dev: undefined }])),
    },
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(own));
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lock));
}

/** The entries of all dependencies of the package, resolved like Node.js does. */
function needed(packages: Entries): ReadonlySet<string> {
  const found = new Set<string>();
  const follow = (from: string, { dependencies = {}, optionalDependencies = {} }: Entry): void => {
    for (const dependency of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const path = nearest(packages, from, dependency);
      if (path === undefined || found.has(path)) continue;
      found.add(path);
      follow(path, packages[path] ?? {});
    }
  };
  follow('', settings);
  return found;
}

function nearest(packages: Entries, from: string, dependency: string): string | undefined {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('node_modules/') - 1))) {
    const path = `${at === '' ? '' : `${at}/`}node_modules/${dependency}`;
    if (packages[path] !== undefined) return path;
    if (at === '') return undefined;
  }
}
