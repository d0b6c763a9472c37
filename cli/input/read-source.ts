import type { Readable } from 'node:stream';
import type { SourceDocument } from '../../model/text/document.ts';
import { readText } from './read-text.ts';

/**
 * @param file a path, or `-` for stdin
 * @throws InputError if it can't be read or parsed
 */
export async function readSource(file: string, stdin: Readable): Promise<SourceDocument> {
  const text = await readText(file, stdin);
  const { parseSource } = await import('../../model/text/document.ts');
  return parseSource(text, file);
}
