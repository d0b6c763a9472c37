import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { reasonOf, run } from './run-command.mjs';

/**
 * A virtual environment in its own folder, created when something is installed.
 *
 * `install` resolves to the reason why the packages are not available; undefined if they are.
 */
export function virtualEnvironment(folder) {
  const program = (name) => join(folder, 'bin', name);
  async function install(...packages) {
    if (!existsSync(program('python'))) {
      const made = await run('python3', ['-m', 'venv', folder]);
      if (made.status !== 0) return `python3 cannot make a virtual environment: ${reasonOf(made)}`;
    }
    const flags = ['--quiet', '--disable-pip-version-check', '--retries', '1', '--timeout', '20', '--upgrade'];
    const command = ['-m', 'pip', 'install', ...flags, ...packages];
    const installed = await run(program('python'), command, { seconds: 1800 });
    return installed.status === 0 ? undefined : `pip cannot install ${packages.join(', ')}: ${reasonOf(installed)}`;
  }
  return { program, install };
}

export const { program, install } = virtualEnvironment(fileURLToPath(new URL('.cache/python', import.meta.url)));
