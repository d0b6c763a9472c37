import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';

/** Everything that determines the CDK app's output. The customer's template is not part of it. */
const inputs = ['bin', 'lib', 'core', 'lambda', 'cdk.json', 'package.json', 'package-lock.json', 'tsconfig.json'];

const oldAfterMs = 24 * 60 * 60 * 1000;

/** Under node_modules: `npm ci` clears it, and `cdk synth` into cdk.out doesn't touch it. */
export function cacheFolder(root: string): string {
  return join(root, 'node_modules/.cache/secure-inbox-assembly');
}

/** A name that changes when the content of any input changes. @param context as passed to the app */
export function assemblyKey(root: string, context: string): string {
  const hash = createHash('sha256').update(`${process.version}\n${context}\n`);
  for (const file of inputs.flatMap((input) => filesBelow(join(root, input)))) {
    const content = readFileSync(file);
    hash.update(`${relative(root, file)}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex').slice(0, 32);
}

function filesBelow(path: string): readonly string[] {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  const entries = readdirSync(path, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Removes results unused for a day. Recent ones stay, because several checkouts may share node_modules. */
export function forgetOldAssemblies(current: string): void {
  const now = new Date();
  const folder = dirname(current);
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (name === basename(current)) utimesSync(path, now, now);
    else if (now.getTime() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Infinity) > oldAfterMs) {
      rmSync(path, { recursive: true, force: true });
    }
  }
}
