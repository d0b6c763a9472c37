import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { written } from './page.ts';

const file = join(import.meta.dirname, '../scale.md');
writeFileSync(file, written(readFileSync(file, 'utf8')));
