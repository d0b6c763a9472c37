import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { causesPage } from '../../../docs/generators/causes.ts';
import { probes } from '../../../lambda/customer_configuration_check/diagnosis/probes.ts';
import { rules } from '../../../lambda/customer_configuration_check/diagnosis/rules.ts';

const committed = readFileSync(join(import.meta.dirname, '../../../docs/internals/causes.md'), 'utf8');

test('docs/internals/causes.md is what the tables say: write it with `npm run docs:causes`', () => {
  expect(committed).toBe(causesPage());
});

test('it has every rule, and every answer to every question', () => {
  for (const { id } of rules) expect(committed).toContain(`**${id}**`);
  for (const { id, rows } of probes) {
    const section = committed.split(`### ${id}\n`)[1]?.split('\n#')[0] ?? '';
    for (const { answer, means } of rows) expect(section).toContain(`| ${answer} | ${means} |`);
  }
});
