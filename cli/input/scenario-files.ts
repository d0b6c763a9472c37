import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../../model/text/input-error.ts';
import { separatorHint } from '../../sandbox/separator-hint.ts';

/** True if a scenario's path or name contains the text of `--filter`. */
export function isWanted(filter: string | undefined, path: string, name: string): boolean {
  const text = filter?.toLowerCase() ?? '';
  return path.toLowerCase().includes(text) || name.toLowerCase().includes(text);
}

export function noneWanted(filter: string | undefined): InputError {
  return new InputError(`--filter: no scenario has ${JSON.stringify(filter)} in its path or name.`);
}

/**
 * @returns the paths of all YAML files in a folder, at any depth, sorted, and starting with the folder as given
 * @throws InputError if the folder doesn't exist or has none
 */
export async function scenarioFilesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    const reason = error.code === 'ENOTDIR' ? 'is a file: check it with check --scenario' : 'no such folder';
    throw new InputError(`${folder}: ${reason}.${separatorHint(folder)}`);
  });
  const files = entries.filter((entry) => /\.ya?ml$/.test(entry)).sort();
  if (files.length === 0) throw new InputError(`${folder}: holds no scenario. A scenario's file ends in .yaml.`);
  return files.map((entry) => join(folder, entry));
}
