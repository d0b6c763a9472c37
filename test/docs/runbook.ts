import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const page = readFileSync(join(import.meta.dirname, '../../docs/operations.md'), 'utf8');

/** Everything below a heading, up to the next one. */
export function section(heading: string): string {
  const [, ...parts] = page.split(/^#{1,3} /m);
  const found = parts.find((part) => part.startsWith(`${heading}\n`));
  if (found === undefined) throw new Error(`docs/operations.md has no heading "${heading}".`);
  return found;
}

/** A section's table with the check's answer after each step, keyed by the column headings. */
export function answersBelow(heading: string): readonly Readonly<Record<string, string>>[] {
  const rows = section(heading)
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  const head = rows.findIndex(([first]) => first === 'done so far');
  const [, ...columns] = rows[head] ?? [];
  if (columns.length === 0) throw new Error(`"${heading}" has no table that begins with "done so far".`);
  return rows
    .slice(head + 2)
    .map(([, ...answers]) => Object.fromEntries(columns.map((column, index) => [column, answers[index] ?? ''])));
}
