import type { Progress } from '../progress.ts';
import { synthesizedApp } from '../run/synthesized-app.ts';
import { ensureWritable, type OutputKind, writeOutput } from '../written/output-file.ts';
import { customerPage } from './customer-page.ts';
import type { PageInput } from './page-input.ts';

/**
 * @param option that names the file
 * @returns what to tell who asked for it
 * @throws InputError where the file can't be written, or the input is wrong
 */
export async function writePage(file: string, option: string, input: PageInput, progress: Progress): Promise<string> {
  const kind: OutputKind = { option, called: 'HTML page', beginning: /^<!doctype html/i };
  await ensureWritable(file, kind);
  const page = await customerPage(input, await synthesizedApp(progress));
  await writeOutput(file, kind, page);
  const size = Math.round(Buffer.byteLength(page) / 1000);
  return `${file}: ${size} kB. Open it in a browser, or send it as a file: it makes no requests.\n`;
}
