import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '../../../dist/report-page');

type Part = 'style/page.css' | 'browser/one-report.js' | 'browser/many-reports.js';

/**
 * The style and a script of the page, each in one piece and small. They are built from the sources beside this file, so
 * that a section is rendered by the same code here and in the browser.
 */
export function builtAsset(part: Part): string {
  return readFileSync(join(folder, part), 'utf8');
}
