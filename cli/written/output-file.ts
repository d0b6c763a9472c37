import { constants } from 'node:fs';
import { access, open, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { InputError } from '../../model/text/input-error.ts';

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such folder',
  ENOTDIR: 'what should be its folder is a file',
  EISDIR: 'is a folder, where a file is expected',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
};

/** A kind of file that a run leaves, for which the user gives the name. */
export interface OutputKind {
  readonly option: string;
  /** “HTML page” */
  readonly called: string;
  /** How one of this kind begins, white space left out. */
  readonly beginning: RegExp;
}

/**
 * Says before the work, and not after it, that a file could not be written: its folder must be there, and what is of
 * another kind is not overwritten.
 *
 * @throws InputError where it could not
 */
export async function ensureWritable(file: string, kind: OutputKind): Promise<void> {
  try {
    const found = await statIfThere(file);
    if (found === undefined) {
      const folder = await stat(dirname(file));
      if (!folder.isDirectory()) throw unwritable(file, kind, 'ENOTDIR');
      await access(dirname(file), constants.W_OK);
      return;
    }
    if (found.isDirectory()) throw unwritable(file, kind, 'EISDIR');
    await access(file, constants.W_OK);
    if (found.isFile() && found.size > 0 && !(await isOf(kind, file))) {
      throw new InputError(
        `${kind.option} ${file}: is there already and is no ${kind.called}, so it is not overwritten. Give another name, or delete it first.`,
      );
    }
  } catch (error) {
    throw error instanceof InputError ? error : unwritable(file, kind, codeOf(error));
  }
}

/** @throws InputError where it cannot be written */
export async function writeOutput(file: string, kind: OutputKind, text: string): Promise<void> {
  await ensureWritable(file, kind);
  try {
    await writeFile(file, text);
  } catch (error) {
    throw unwritable(file, kind, codeOf(error));
  }
}

async function statIfThere(file: string) {
  try {
    return await stat(file);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function isOf({ beginning }: OutputKind, file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(256), 0, 256, 0);
    return beginning.test(
      buffer
        .toString('utf8', 0, bytesRead)
        .replace(/^\ufeff/, '')
        .trimStart(),
    );
  } finally {
    await handle.close();
  }
}

function unwritable(file: string, { option }: OutputKind, code: string | undefined): InputError {
  return new InputError(
    `${option} ${file}: cannot be written: ${reasonFor(code)}. Give a file in a folder that is there.`,
  );
}

/** @param code of Node.js, such as ENOENT */
export function reasonFor(code: string | undefined): string {
  return (code && reasons[code]) ?? code ?? 'unknown reason';
}

export function codeOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : undefined;
}
