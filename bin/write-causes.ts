import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { causesPage } from '../cli/docs/causes.ts';

writeFileSync(join(import.meta.dirname, '../docs/internals/causes.md'), causesPage());
