import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildLambdaBundle, stackCheckHandler } from './lambda-bundle.ts';
import { replaceFolder } from './write.ts';

/** The deployed code of both functions, under the names by which lib/function-code.ts finds it. */
export async function buildFunctions(root: string): Promise<void> {
  const folder = join(root, 'dist/functions');
  const unfinished = `${folder}.${randomBytes(6).toString('hex')}`;
  try {
    buildLambdaBundle(join(unfinished, 'check'));
    buildLambdaBundle(join(unfinished, 'stack-check'), stackCheckHandler, 'stack-check');
    replaceFolder(folder, unfinished);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}
