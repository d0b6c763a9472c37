import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { readText } from '../../../cli/input/read-text.ts';
import { InputError } from '../../../model/text/input-error.ts';

const folder = mkdtempSync(join(tmpdir(), 'secure-inbox-'));
afterAll(() => rmSync(folder, { recursive: true }));

const nobody = Readable.from([]);
const from = (bytes: Buffer) => readText('-', Readable.from([bytes]));
const message = 'Zugriff verweigert: Access Denied – 403';

test.each([
  ['UTF-8', Buffer.from(message)],
  ['UTF-8 with a byte order mark, as Windows writes', Buffer.from(`\ufeff${message}`)],
  ['UTF-16, as PowerShell redirects', Buffer.from(`\ufeff${message}`, 'utf16le')],
  ['UTF-16 in the other order', Buffer.from(`\ufeff${message}`, 'utf16le').swap16()],
  ['gzip, as CloudTrail delivers', gzipSync(message)],
])('%s', async (_, bytes) => {
  expect(await from(bytes)).toBe(message);
  const file = join(folder, 'text');
  writeFileSync(file, bytes);
  expect(await readText(file, nobody)).toBe(message);
});

test('a character that arrives in two pieces is joined', async () => {
  const bytes = Buffer.from(message);
  const cut = bytes.indexOf(0xe2) + 1;
  expect(await readText('-', Readable.from([bytes.subarray(0, cut), bytes.subarray(cut)]))).toBe(message);
});

test.each([
  ['bytes', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0]), 'standard input: is not text'],
  ['bytes without a NUL', Buffer.alloc(100, 0xc3), 'standard input: is not text'],
  ['half of a gzip', gzipSync(message).subarray(0, 30), 'standard input: is damaged gzip'],
  ['zeros that gzip made small', gzipSync(Buffer.alloc(70 * 1024 * 1024)), 'standard input: is larger than 64 MB'],
])('%s are refused', async (_, bytes, says) => {
  await expect(from(bytes)).rejects.toThrow(says);
  await expect(from(bytes)).rejects.toThrow(InputError);
});

test('reading stops at the size limit', async () => {
  let pieces = 0;
  const endless = new Readable({
    read() {
      pieces += 1;
      this.push(Buffer.alloc(1024 * 1024, 'y\n'));
    },
  });
  await expect(readText('-', endless)).rejects.toThrow('is larger than 64 MB, which is the most that is read');
  expect(pieces).toBeLessThan(100);
});

test.each([
  ['no-such-file', 'cannot be read: no such file.'],
  ['.', 'cannot be read: is a folder, where a file is expected.'],
])('the message says what is wrong with %s', async (name, says) => {
  const path = join(folder, name);
  await expect(readText(path, nobody)).rejects.toThrow(`${path}: ${says}`);
});
