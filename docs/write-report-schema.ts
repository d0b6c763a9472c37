import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { reportSchemaText } from './report-schema.ts';

writeFileSync(join(import.meta.dirname, 'report.schema.json'), reportSchemaText());
