import { dirname } from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { buildLambdaBundle } from './lambda-bundle.ts';

/**
 * Bundled straight into the cloud assembly; the hash is of the bundle, so that only a changed one is deployed.
 *
 * @param entry the module to bundle
 * @param name of the entry in the bundle, without its ending
 */
export function bundledCode(entry: string, name = 'handler'): Code {
  return Code.fromAsset(dirname(entry), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Required by the interface and never pulled: the local bundling always succeeds or throws.
      image: DockerImage.fromRegistry('none'),
      local: {
        tryBundle(outputDir: string): boolean {
          buildLambdaBundle(outputDir, entry, name);
          return true;
        },
      },
    },
  });
}
