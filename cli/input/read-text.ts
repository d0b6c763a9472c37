import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { InputError } from '../../model/text/input-error.ts';
import { separatorHint } from '../../sandbox/separator-hint.ts';
import { kindOfBytes, notUtf8 } from './kinds-of-bytes.ts';

const megabyte = 1024 * 1024;
/** Far beyond any document, report or log file of CloudTrail, and what a laptop reads without being felt. */
const mostBytes = 64 * megabyte;

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  ENOTDIR: 'no such file',
  EISDIR: 'is a folder, where a file is expected',
  EACCES: 'permission denied',
};

/**
 * @param file a path, or `-` for stdin
 * @returns text of any encoding that shells write: UTF-8, with or without a byte order mark, or UTF-16 with one; a
 *   file that gzip compressed, as CloudTrail delivers its log files, is read as what is in it
 * @param strictly refuses a text in which a single character is not what its encoding says: a document's every character
 *   counts, and of a log the rest does
 * @throws InputError where it cannot be read, is too large or is no text
 */
export async function readText(file: string, stdin: Readable, { strictly = false } = {}): Promise<string> {
  const name = file === '-' ? 'standard input' : file;
  const bytes = await readBytes(file === '-' ? stdin : createReadStream(file), name);
  return decode(isGzip(bytes) ? await decompress(bytes, name) : bytes, name, strictly);
}

async function readBytes(stream: Readable, name: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stream) {
      chunks.push(Buffer.from(chunk));
      size += chunk.length;
      if (size > mostBytes) throw tooLarge(name);
    }
  } catch (error) {
    if (error instanceof InputError) throw error;
    const { code = 'unknown reason' } = error as NodeJS.ErrnoException;
    throw new InputError(`${name}: cannot be read: ${reasons[code] ?? code}.${separatorHint(name)}`);
  }
  return Buffer.concat(chunks);
}

function tooLarge(name: string): InputError {
  return new InputError(
    `${name}: is larger than ${mostBytes / megabyte} MB, which is the most that is read: give the part that matters.`,
  );
}

function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

async function decompress(bytes: Buffer, name: string): Promise<Buffer> {
  const { gunzipSync } = await import('node:zlib');
  try {
    return gunzipSync(bytes, { maxOutputLength: mostBytes });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw code === 'ERR_BUFFER_TOO_LARGE' ? tooLarge(name) : new InputError(`${name}: is damaged gzip: ${message}.`);
  }
}

const byteOrderMarks = [
  { mark: [0xff, 0xfe], encoding: 'utf-16le' },
  { mark: [0xfe, 0xff], encoding: 'utf-16be' },
] as const;

function decode(bytes: Buffer, name: string, strictly: boolean): string {
  const kind = kindOfBytes(bytes);
  if (kind !== undefined) throw new InputError(`${name}: is ${kind}.`);
  const marked = byteOrderMarks.find(({ mark }) => mark.every((byte, at) => bytes[at] === byte));
  const reason = strictly && !marked ? notUtf8(bytes) : undefined;
  if (reason !== undefined) throw new InputError(`${name}: ${reason}`);
  const text = new TextDecoder(marked?.encoding ?? 'utf-8').decode(bytes);
  // No text has a NUL, and hardly a character that its encoding does not know.
  const unknown = text.match(/\ufffd/g)?.length ?? 0;
  if (text.includes('\0') || unknown > text.length / 20) {
    throw new InputError(`${name}: is not text: neither UTF-8 nor UTF-16 with a byte order mark.`);
  }
  return text;
}
