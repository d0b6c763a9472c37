import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';

/** Everything that decides what the CDK app makes; the customer's template is not part of it. */
const inputs = ['bin', 'lib', 'core', 'lambda', 'cdk.json', 'package.json', 'package-lock.json', 'tsconfig.json'];

const oldAfterMs = 24 * 60 * 60 * 1000;

/** Below node_modules, so that `npm ci` starts afresh and a `cdk synth` into cdk.out stays apart. */
export function cacheFolder(root: string): string {
  return join(root, 'node_modules/.cache/secure-inbox-assembly');
}

/** A name that is another one as soon as the content of any input is. @param context as the app is given it */
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

/** Removes what no one used for a day. Several checkouts may share node_modules, so that recent ones stay. */
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
