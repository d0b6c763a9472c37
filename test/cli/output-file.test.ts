import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureWritable, writeOutput } from '../../cli/output-files.ts';
import { InputError } from '../../model/text/input-error.ts';
import { when } from '../when.ts';

const page = { option: '--html', called: 'HTML page', beginning: /^<!doctype html/i };

const html = '<!doctype html>\n<title>1</title>';
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'page-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

it('writes a page, and over one', async () => {
  const file = join(folder, 'page.html');
  await writeOutput(file, page, 'x');
  expect(readFileSync(file, 'utf8')).toBe('x');
  writeFileSync(file, html);
  await writeOutput(file, page, `${html}2`);
  expect(readFileSync(file, 'utf8')).toBe(`${html}2`);
});

it('does not overwrite a file that is not a page, such as the test event', async () => {
  const file = join(folder, 'acme.json');
  writeFileSync(file, '{"customer": "acme"}');
  await expect(writeOutput(file, page, html)).rejects.toThrow(/^--html .*acme\.json: /);
  expect(readFileSync(file, 'utf8')).toBe('{"customer": "acme"}');
});

it.each([
  ['no/page.html', /there is no such folder/],
  ['file/page.html', /what should be its folder is a file/],
  ['', /is a folder, where a file is expected/],
])('refuses %j before any work is done', async (name, reason) => {
  writeFileSync(join(folder, 'file'), '');
  const refused = ensureWritable(join(folder, name), page);
  await expect(refused).rejects.toThrow(InputError);
  await expect(ensureWritable(join(folder, name), page)).rejects.toThrow(reason);
});

// Root may write everywhere.
const asOthers = when(process.getuid?.() !== 0, 'root may write everywhere');
asOthers('refuses a folder that may not be written to', async () => {
  const locked = join(folder, 'locked');
  mkdirSync(locked);
  chmodSync(locked, 0o500);
  await expect(ensureWritable(join(locked, 'page.html'), page)).rejects.toThrow(/permission denied/);
});

it('leaves nothing behind when it only checks', async () => {
  const file = join(folder, 'page.html');
  await ensureWritable(file, page);
  expect(() => readFileSync(file)).toThrow('ENOENT');
});
