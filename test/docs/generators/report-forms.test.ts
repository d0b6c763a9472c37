import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { reportFormsPage } from '../../../docs/generators/report-forms.ts';

test('docs/report-forms.md is what real runs print: write it with `npm run docs:forms`', async () => {
  const committed = readFileSync(join(import.meta.dirname, '../../../docs/report-forms.md'), 'utf8');
  expect(committed).toBe(await reportFormsPage());
});
