import { rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildSync, type Metafile } from 'esbuild';
import { thirdPartyNotice } from './third-party-notice.ts';

const projectRoot = resolve(import.meta.dirname, '../..');

export const checkHandler = join(projectRoot, 'lambda/customer_configuration_check/handler.ts');
/** In a separate chunk with all its imports, so that the check's entry contains only what is kept between events. */
const apart = join(projectRoot, 'lambda/customer_configuration_check/respond.ts');
export const stackCheckHandler = join(projectRoot, 'lambda/stack_check/handler.ts');

/**
 * Bundles a function for Lambda. The entry is one module, and lazy imports are in separate chunks, so that a check that
 * passes never loads what only a denial needs.
 *
 * The bundle includes the AWS SDK: its tree-shaken ES modules load faster than the runtime's copy, and the version that
 * runs is the tested one. `mainFields` prefers the SDK's ES modules, which makes tree shaking possible.
 *
 * @param outDir an absolute path for `handler.mjs`, `chunks/` and the licenses of the bundled packages
 * @param entry the module to bundle; it must export `handler`
 * @param name the file name of the entry, instead of `handler`
 * @returns esbuild's metafile, which maps source files to outputs, with paths relative to the project
 * @throws esbuild's BuildFailure if the code doesn't compile
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-package.html
 */
export function buildLambdaBundle(outDir: string, entry: string = checkHandler, name = 'handler'): Metafile {
  const { metafile } = buildSync({
    absWorkingDir: projectRoot,
    // esbuild puts what two entries import in a chunk. The second entry has no other purpose.
    entryPoints: [{ in: entry, out: name }, ...(entry === checkHandler ? [{ in: apart, out: 'apart' }] : [])],
    outdir: outDir,
    bundle: true,
    splitting: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    outExtension: { '.js': '.mjs' },
    chunkNames: 'chunks/[name]-[hash]',
    // The notice below contains the full licenses. Comments in the code would only slow down the start.
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  });
  const unneeded = Object.keys(metafile.outputs).find((file) => file.endsWith('/apart.mjs'));
  if (unneeded !== undefined) {
    rmSync(join(projectRoot, unneeded));
    delete metafile.outputs[unneeded];
  }
  writeFileSync(join(outDir, 'THIRD-PARTY-LICENSES.txt'), thirdPartyNotice(Object.keys(metafile.inputs), projectRoot));
  return metafile;
}
