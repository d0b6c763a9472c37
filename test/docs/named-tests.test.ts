import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const pages = ['SECURITY.md', 'CONTRIBUTING.md', ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`)];

/** Tests named in backticks on a line: full paths, and names of files in the same folder as the previous one. */
function testsIn(line: string): readonly string[] {
  let folder = '';
  return [...line.matchAll(/`((?:test\/)?[\w./-]+(?:\.test\.ts|\/))`/g)].flatMap(([, named = '']) => {
    if (named.startsWith('test/')) folder = named.slice(0, named.lastIndexOf('/') + 1);
    else if (!named.endsWith('.test.ts')) return [];
    return [named.startsWith('test/') ? named : `${folder}${named}`];
  });
}

it.each(pages.filter((page) => page.endsWith('.md')))('%s names existing tests', (page) => {
  const named = readFileSync(join(root, page), 'utf8').split('\n').flatMap(testsIn);
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

it('each threat names the test that shows what stops it', () => {
  const [, table = ''] = /^## Threats\n\n([\s\S]*?)\n\n/m.exec(readFileSync(join(root, 'SECURITY.md'), 'utf8')) ?? [];
  const [, , ...rows] = table.split('\n');
  expect(rows.length).toBeGreaterThan(20);
  expect(rows.filter((row) => testsIn(row.split('|').at(-2) ?? '').length === 0)).toEqual([]);
});
