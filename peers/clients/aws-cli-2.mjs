import { chmodSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { reasonOf, run } from './run-command.mjs';

const folder = fileURLToPath(new URL('.cache/aws-cli-2', import.meta.url));
export const awsCli2Folder = join(folder, 'bin');

/**
 * The AWS CLI 2 itself is on no package registry. AWS publishes it on npm for Lambda layers, as a program for x86-64
 * Linux.
 *
 * @returns why it is not available; undefined if it is
 */
export async function installAwsCli2() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'it is a program for x86-64 Linux';
  const install = ['install', '--prefix', folder, '--no-audit', '--no-fund', '--ignore-scripts'];
  const installed = await run('npm', [...install, '@aws-cdk/asset-awscli-v2']);
  if (installed.status !== 0) return `npm cannot install @aws-cdk/asset-awscli-v2: ${reasonOf(installed)}`;
  const layer = join(folder, 'layer');
  rmSync(layer, { recursive: true, force: true });
  const zip = join(folder, 'node_modules/@aws-cdk/asset-awscli-v2/lib/layer.zip');
  const unpacked = await run('python3', ['-m', 'zipfile', '-e', zip, layer]);
  if (unpacked.status !== 0) return `python3 cannot unpack the layer: ${reasonOf(unpacked)}`;
  // Python's zipfile restores neither the layer's links nor its executable bits.
  const [version] = readdirSync(join(layer, 'awscli/v2'));
  const program = join(layer, 'awscli/v2', version, 'dist/aws');
  chmodSync(program, 0o755);
  mkdirSync(awsCli2Folder, { recursive: true });
  writeFileSync(join(awsCli2Folder, 'aws'), `#!/bin/sh\nexec '${program}' "$@"\n`, { mode: 0o755 });
  const works = await run(program, ['--version']);
  return works.status === 0 ? undefined : `it does not run here: ${reasonOf(works)}`;
}
