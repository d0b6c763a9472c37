import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { causesPage } from './generators/causes.ts';
import { conditionKeysPage } from './generators/condition-keys.ts';
import { reportFormsPage } from './generators/report-forms.ts';
import { reportSchemaText } from './generators/report-schema.ts';

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
