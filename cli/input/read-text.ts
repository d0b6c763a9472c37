import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { InputError } from '../../model/text/input-error.ts';
import { separatorHint } from '../../sandbox/separator-hint.ts';

const megabyte = 1024 * 1024;
/** Far larger than any document, report or CloudTrail log file, but still quick to read on a laptop. */
const mostBytes = 64 * megabyte;

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  ENOTDIR: 'no such file',
  EISDIR: 'is a folder, where a file is expected',
  EACCES: 'permission denied',
};

/**
 * @param file a path, or `-` for stdin
 * @returns the text, in any encoding that shells write: UTF-8, with or without a byte order mark, or UTF-16 with one; a
 *   file compressed with gzip, as CloudTrail delivers its log files, is decompressed
 * @param strictly rejects a text with a single invalid character: in a document every character matters, while the rest
 *   of a log is still useful
 * @throws InputError if it can't be read, is too large or is not text
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
  // Texts contain no NUL, and hardly any invalid characters.
  const unknown = text.match(/\ufffd/g)?.length ?? 0;
  if (text.includes('\0') || unknown > text.length / 20) {
    throw new InputError(`${name}: is not text: neither UTF-8 nor UTF-16 with a byte order mark.`);
  }
  return text;
}

/** File types that are not text, by their first bytes. */
const signatures: readonly { readonly bytes: readonly number[]; readonly is: string }[] = [
  { bytes: [0x50, 0x4b, 0x03, 0x04], is: 'a ZIP archive (as are .docx and .xlsx): give the files that are in it' },
  { bytes: [0x50, 0x4b, 0x05, 0x06], is: 'an empty ZIP archive' },
  { bytes: [0x25, 0x50, 0x44, 0x46, 0x2d], is: 'a PDF: copy the text that matters to a file' },
  { bytes: [0x89, 0x50, 0x4e, 0x47], is: 'an image (PNG): give the text' },
  { bytes: [0xff, 0xd8, 0xff], is: 'an image (JPEG): give the text' },
  { bytes: [0x42, 0x5a, 0x68], is: 'compressed with bzip2: give what is in it' },
  { bytes: [0x28, 0xb5, 0x2f, 0xfd], is: 'compressed with zstd: give what is in it' },
  { bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a], is: 'compressed with xz: give what is in it' },
];

/** Undefined if it may be text. */
function kindOfBytes(bytes: Buffer): string | undefined {
  const found = signatures.find((signature) => signature.bytes.every((byte, at) => bytes[at] === byte));
  if (found) return found.is;
  const [even, odd] = zerosIn(bytes.subarray(0, 200));
  const hasMark = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  return !hasMark && even > 0.4 !== odd > 0.4 ? 'UTF-16 without a byte order mark: save it as UTF-8' : undefined;
}

/** The share of zeros among the bytes at even and at odd positions. */
function zerosIn(bytes: Buffer): readonly [number, number] {
  const share = (rest: number) => {
    const some = [...bytes].filter((_, at) => at % 2 === rest);
    return some.length < 4 ? 0 : some.filter((byte) => byte === 0).length / some.length;
  };
  return [share(0), share(1)];
}

/** Describes the first invalid UTF-8; undefined if all is valid. */
function notUtf8(bytes: Buffer): string | undefined {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return undefined;
  } catch {
    const before = validPrefix(bytes);
    const line = before.split('\n').length;
    const byte = (bytes[Buffer.byteLength(before)] ?? 0).toString(16).toUpperCase().padStart(2, '0');
    return `is not UTF-8: line ${line} has the byte 0x${byte}, as Latin-1 and Windows-1252 write letters such as é and ü. Save the file as UTF-8.`;
  }
}

function validPrefix(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  for (let at = text.indexOf('\ufffd'); at !== -1; at = text.indexOf('\ufffd', at + 1)) {
    const before = text.slice(0, at);
    const offset = Buffer.byteLength(before);
    if (!bytes.subarray(offset, offset + 3).equals(Buffer.from('\ufffd'))) return before;
  }
  return text;
}
