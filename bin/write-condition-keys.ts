import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { conditionKeysPage } from '../cli/docs/condition-keys.ts';

writeFileSync(join(import.meta.dirname, '../docs/internals/condition-keys.md'), conditionKeysPage());
