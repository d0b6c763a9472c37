import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { causesPage } from './written/causes.ts';
import { conditionKeysPage } from './written/condition-keys.ts';
import { reportFormsPage } from './written/report-forms.ts';
import { reportSchemaText } from './written/report-schema.ts';

/** `write.ts FILE…`: writes files of this folder from the code. */
const files: Readonly<Record<string, () => string | Promise<string>>> = {
  'internals/causes.md': causesPage,
  'internals/condition-keys.md': conditionKeysPage,
  'report-forms.md': reportFormsPage,
  'report.schema.json': reportSchemaText,
};

for (const file of process.argv.slice(2)) {
  const text = await files[file]?.();
  if (text === undefined) throw new Error(`${file}: allowed are ${Object.keys(files).join(', ')}`);
  writeFileSync(join(import.meta.dirname, file), text);
}
