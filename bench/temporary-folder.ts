import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Outside of the project, so that no package.json of ours determines a file's module type. Removed with the process.
 */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'secure-inbox-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
