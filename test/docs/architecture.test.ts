import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/architecture.md'), 'utf8');

/** Folders with code that runs. `dist` is built, and imported by what starts it. */
const folders = ['bin', 'cli', 'core', 'lambda', 'lib', 'model', 'page', 'policy', 'sandbox'];

function importedFolders(): readonly string[] {
  const files = execFileSync('git', ['ls-files', '--', ...folders], { cwd: root, encoding: 'utf8' }).split('\n');
  const arrows = files
    .filter((file) => /\.m?ts$|\.mjs$/.test(file))
    .flatMap((file) =>
      [...readFileSync(join(root, file), 'utf8').matchAll(/(?:from|import\() ?'(\.[^']*)'/g)].map(([, path = '']) => [
        file.split('/')[0],
        normalize(join(dirname(file), path)).split('/')[0],
      ]),
    )
    .filter(([from, to]) => from !== to && to !== undefined && folders.includes(to));
  return [...new Set(arrows.map((arrow) => arrow.join(' → ')))].sort();
}

test('docs/architecture.md has one drawing, of the imports between folders that exist', () => {
  const drawings = [...page.matchAll(/```mermaid\n(.*?)```/gs)];
  expect(drawings).toHaveLength(1);
  const arrows = [...(drawings[0]?.[1] ?? '').matchAll(/^ *(\w+)(?:\["[^"]*"\])? --> (\w+)/gm)];
  expect(arrows.map(([, from, to]) => `${from} → ${to}`).sort()).toEqual(importedFolders());
});

test.each(folders.filter((folder) => folder !== 'bin'))('docs/architecture.md says what %s contains', (folder) => {
  expect(page).toMatch(new RegExp(`^\\| .*\`${folder}/\`.* \\|`, 'm'));
});
