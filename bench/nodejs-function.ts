import { readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Architecture, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogLevel, NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { checkHandler } from '../bin/build/lambda-bundle.ts';
import { temporaryFolder } from './temporary-folder.ts';

const projectRoot = resolve(import.meta.dirname, '..');

/** Differences from the construct's defaults, which exclude the SDK and don't minify. */
export interface BundlingSettings {
  readonly bundleAwsSDK?: boolean;
  readonly minify?: boolean;
}

/**
 * Bundles the check's code as the CDK's own construct does.
 * https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_lambda_nodejs-readme.html
 *
 * @returns the bundle's single file, in CommonJS
 */
export function buildWithNodejsFunction({ bundleAwsSDK = false, minify = false }: BundlingSettings): string {
  const folder = temporaryFolder();
  const { context } = JSON.parse(readFileSync(join(projectRoot, 'cdk.json'), 'utf8')) as {
    readonly context: Readonly<Record<string, unknown>>;
  };
  const app = new App({ outdir: folder, context, analyticsReporting: false });
  new NodejsFunction(new Stack(app, 'Comparison'), 'Function', {
    entry: checkHandler,
    handler: 'handler',
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    projectRoot,
    depsLockFilePath: join(projectRoot, 'package-lock.json'),
    bundling: { bundleAwsSDK, minify, logLevel: LogLevel.ERROR },
  });
  app.synth();
  // Replaces the runtime's SDK: the installed one is newer, but not bundled either.
  if (!bundleAwsSDK) symlinkSync(join(projectRoot, 'node_modules'), join(folder, 'node_modules'));
  const [asset, ...others] = readdirSync(folder).filter((name) => name.startsWith('asset.'));
  if (asset === undefined || others.length > 0) throw new Error(`${folder} must hold one asset, the function's.`);
  return join(folder, asset, 'index.js');
}
