import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Architecture, Code, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda';
import { DeploymentError } from './deployment-error.ts';

/** The runtime of all functions, and the format of their logs. */
export const functionDefaults = {
  runtime: Runtime.NODEJS_24_X,
  architecture: Architecture.ARM_64,
  loggingFormat: LoggingFormat.JSON,
} as const;

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
