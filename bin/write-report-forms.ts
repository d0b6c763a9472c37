import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { reportFormsPage } from '../cli/docs/report-forms.ts';

writeFileSync(join(import.meta.dirname, '../docs/report-forms.md'), await reportFormsPage());
