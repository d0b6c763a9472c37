import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { reasonOf, run } from './run-command.mjs';

const venv = fileURLToPath(new URL('.cache/python', import.meta.url));

export const program = (name) => join(venv, 'bin', name);

/**
 * Installs the newest of some packages into a virtual environment of this folder.
 *
 * @returns why they cannot be had; undefined where they can
 */
export async function install(...packages) {
  if (!existsSync(program('python'))) {
    const made = await run('python3', ['-m', 'venv', venv]);
    if (made.status !== 0) return `python3 cannot make a virtual environment: ${reasonOf(made)}`;
  }
  const flags = ['--quiet', '--disable-pip-version-check', '--retries', '1', '--timeout', '20', '--upgrade'];
  const installed = await run(program('python'), ['-m', 'pip', 'install', ...flags, ...packages]);
  return installed.status === 0 ? undefined : `pip cannot install ${packages.join(', ')}: ${reasonOf(installed)}`;
}
