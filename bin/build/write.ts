import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Writes all of the file or nothing, because another process may be reading or writing it. */
export function writeWhole(file: string, content: string | Uint8Array): void {
  if (existsSync(file) && readFileSync(file).equals(Buffer.from(content))) return;
  mkdirSync(dirname(file), { recursive: true });
  const unfinished = `${file}.${randomBytes(6).toString('hex')}`;
  writeFileSync(unfinished, content);
  renameSync(unfinished, file);
}

/** Replaces an older folder. */
export function replaceFolder(folder: string, by: string): void {
  const older = `${folder}.${randomBytes(6).toString('hex')}`;
  if (existsSync(folder)) renameSync(folder, older);
  renameSync(by, folder);
  rmSync(older, { recursive: true, force: true });
}

/** Removes files of earlier builds that are older than `keepMs`. */
export function forgetOthers(folder: string, current: ReadonlySet<string>, keepMs: number): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const writtenAt = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY;
    if (!current.has(path) && Date.now() - writtenAt >= keepMs) rmSync(path, { force: true });
  }
}
