import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { conditionKeysPage } from '../../../docs/generators/condition-keys.ts';

test('the page is what the table says: write it with `npm run docs:condition-keys`', () => {
  const committed = readFileSync(join(import.meta.dirname, '../../../docs/internals/condition-keys.md'), 'utf8');
  expect(committed).toBe(conditionKeysPage());
});
