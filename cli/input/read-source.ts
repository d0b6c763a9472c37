import { readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { SourceDocument } from './document.ts';
import { InputError } from './input-error.ts';

/**
 * @param file a path, or `-` for stdin
 * @throws InputError where it cannot be read or parsed
 */
export async function readSource(file: string, stdin: Readable): Promise<SourceDocument> {
  const text = file === '-' ? await readAll(stdin) : await readText(file);
  const { parseSource } = await import('./document.ts');
  return parseSource(text, file);
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EISDIR: 'is a folder, where a file is expected',
  EACCES: 'permission denied',
};

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code = 'unknown reason' } = error as NodeJS.ErrnoException;
    throw new InputError(`${file}: cannot be read: ${reasons[code] ?? code}.`);
  }
}

async function readAll(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
