import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { main } from '../../../cli/main.ts';
import { type Report, reportSchema } from '../../../core/report.ts';
import { testSurroundings } from '../surroundings.ts';

/** A temporary folder for the tests of a file, and a function that writes files to it. */
export function testFolder(name: string) {
  const folder = mkdtempSync(join(tmpdir(), `secure-inbox-${name}-`));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = (name: string, content: string | Buffer | object): string => {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    const asGiven = typeof content === 'string' || Buffer.isBuffer(content);
    writeFileSync(path, asGiven ? content : JSON.stringify(content, null, 2));
    return path;
  };
  return { folder, file };
}

export async function preflight(...args: readonly string[]) {
  const surroundings = testSurroundings();
  const status = await main(['preflight', ...args], surroundings);
  return { status, ...surroundings.written };
}

export async function preflightReport(...args: readonly string[]): Promise<Report> {
  const { stdout, stderr } = await preflight('--json', ...args);
  if (stdout === '') throw new Error(stderr);
  return reportSchema.parse(JSON.parse(stdout));
}

/** Every fault in short, with the text of the line where it is shown. */
export function faultsIn({ diagnoses }: Report): readonly string[] {
  return diagnoses.map(({ step, denial: { action, layer, effect, statement } }) => {
    const { file: path = '', line = 0, sid } = statement ?? {};
    const text = path === '' ? '' : (readFileSync(path, 'utf8').split('\n')[line - 1] ?? '').trim();
    return [step, action, layer, effect, sid, text].filter(Boolean).join(' ');
  });
}
