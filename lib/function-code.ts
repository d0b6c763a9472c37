import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { DeploymentError } from './props.ts';

const built = join(import.meta.dirname, '../dist/functions');

/**
 * A function's code, bundled by the package's build. The asset's hash is that of its content, so only changed code is
 * deployed.
 *
 * @throws DeploymentError in a checkout that was not built
 */
export function functionCode(name: 'check' | 'stack-check'): Code {
  const folder = join(built, name);
  if (!existsSync(folder)) throw new DeploymentError(`There is no ${folder}. Build it: npm run build`);
  return Code.fromAsset(folder);
}
