import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { DeploymentError } from './props.ts';

const built = join(import.meta.dirname, '../dist/functions');

/**
 * A function's code, as it was bundled when the package was built. The asset's hash is of its content, so that only a
 * changed one is deployed.
 *
 * @throws DeploymentError in a checkout that was not built
 */
export function functionCode(name: 'check' | 'stack-check'): Code {
  const folder = join(built, name);
  if (!existsSync(folder)) throw new DeploymentError(`There is no ${folder}. Build it: npm run build`);
  return Code.fromAsset(folder);
}
