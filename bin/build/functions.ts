import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildLambdaBundle, stackCheckHandler } from './lambda-bundle.ts';
import { replaceFolder } from './write.ts';

/** The code of both functions, as it is deployed: lib/function-code.ts finds it by these names. */
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
