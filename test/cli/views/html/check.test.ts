import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JSDOM } from 'jsdom';
import { main } from '../../../../cli/main.ts';
import { testSurroundings } from '../../surroundings.ts';

/** `check --html`, from the command line to the file. */

const scenarios = join(import.meta.dirname, '../../../../scenarios');
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'check-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function check(...args: readonly string[]) {
  const surroundings = testSurroundings();
  const status = await main(['check', ...args], surroundings);
  return { status, ...surroundings.written };
}

it('writes the printed reports as a page, too', async () => {
  const file = join(folder, 'page.html');
  const broken = join(scenarios, 'bucket-policy/silent.yaml');
  const { status, stdout, stderr } = await check(
    broken,
    join(scenarios, 'everything-in-order.yaml'),
    '--json',
    '--html',
    file,
  );
  expect(status).toBe(1);
  expect(stderr).toContain(file);
  const { document } = new JSDOM(readFileSync(file, 'utf8')).window;
  expect(document.querySelector('.lead')?.textContent).toBe('2 checks: 1 denied, 1 passed.');
  expect(document.querySelector('.overview-head')?.textContent).toMatch(/\bsimulation\b/);
  // The end of a path distinguishes it from others; the whole path is there too.
  expect(document.querySelector('tbody tr')?.textContent).toContain('t-policy/silent.yaml');
  expect(document.querySelector('tbody tr .gloss')?.getAttribute('title')).toBe(broken);
  const entries = JSON.parse(document.getElementById('reports')?.textContent ?? '') as readonly { report: unknown }[];
  expect(entries.map(({ report }) => report)).toEqual(JSON.parse(stdout));
});

it('rejects a file that is not a page before anything is checked', async () => {
  const file = join(folder, 'acme.json');
  writeFileSync(file, '{}');
  const { status, stdout, stderr } = await check('--html', file);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain('acme.json: ');
  expect(readFileSync(file, 'utf8')).toBe('{}');
});

it('reports a refused event, and the others', async () => {
  const file = join(folder, 'page.html');
  const event = join(folder, 'event.json');
  writeFileSync(event, '{"customer": "acme"}');
  const { status } = await check(event, join(scenarios, '../events/all-steps.json'), '--html', file);
  expect(status).toBe(2);
  const { document } = new JSDOM(readFileSync(file, 'utf8')).window;
  expect(document.querySelector('.lead')?.textContent).toBe('2 checks: 1 passed, 1 without a report.');
  expect(document.querySelector('.notice')?.textContent).toContain('inbox');
});
