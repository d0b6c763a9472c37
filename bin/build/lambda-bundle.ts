import { rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildSync, type Metafile } from 'esbuild';
import { thirdPartyNotice } from './third-party-notice.ts';

const projectRoot = resolve(import.meta.dirname, '../..');

export const checkHandler = join(projectRoot, 'lambda/customer_configuration_check/handler.ts');
/** In a chunk with all that it imports, so that the check's entry holds only what is kept between events. */
const apart = join(projectRoot, 'lambda/customer_configuration_check/respond.ts');
export const stackCheckHandler = join(projectRoot, 'lambda/stack_check/handler.ts');

/**
 * Bundles a function for Lambda: the entry is one module, and whatever the code imports lazily lies in chunks of its own,
 * so that a check that passes never loads what only a denial needs.
 *
 * The AWS SDK is part of the bundle: its tree-shaken ES modules load faster than the runtime's copy, and the version
 * that runs is the one that was tested. `mainFields` prefers the SDK's ES modules, which is what makes tree shaking work.
 *
 * @param outDir an absolute path; receives `handler.mjs`, `chunks/` and the licenses of what is bundled
 * @param entry the module to bundle; it must export `handler`
 * @param name what the entry is called instead of `handler`
 * @returns esbuild's account of which source file went into which output, with paths relative to the project
 * @throws esbuild's BuildFailure if the code does not compile
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-package.html
 */
export function buildLambdaBundle(outDir: string, entry: string = checkHandler, name = 'handler'): Metafile {
  const { metafile } = buildSync({
    absWorkingDir: projectRoot,
    // esbuild puts into a chunk what two entries import; the second one is needed for nothing else.
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
    // The notice below carries the licenses whole; comments inside the code would only cost start-up time.
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
