import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { buildReportPage } from './page.ts';
import { thirdPartyNotice } from './third-party-notice.ts';
import { sourceFolderInEsModules, whereItIsWritten } from './where-it-is-written.ts';
import { forgetOthers, writeWhole } from './write.ts';

/**
 * Installed next to the command line, because the SDK is large and a command that waits for AWS can load it meanwhile.
 */
const external = ['@aws-sdk/*'];

/**
 * The command line, which only loads the requested command, and the parts of the page that it writes.
 *
 * @param keepMs how long to keep files of earlier builds, for processes that are still running
 */
export async function buildCommandLine(root: string, keepMs = 24 * 60 * 60 * 1000): Promise<void> {
  await Promise.all([buildCommands(root, keepMs), buildReportPage(root)]);
}

async function buildCommands(root: string, keepMs: number): Promise<void> {
  const outdir = join(root, 'dist/cli');
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['bin/secure-inbox.ts'],
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    mainFields: ['module', 'main'],
    external,
    outExtension: { '.js': '.mjs' },
    banner: { js: sourceFolderInEsModules },
    plugins: [whereItIsWritten(root)],
    sourcemap: 'linked',
    sourcesContent: false,
    write: false,
    metafile: true,
    logLevel: 'warning',
  });
  assertInstalled(root, metafile);
  const notice = join(outdir, 'THIRD-PARTY-LICENSES.txt');
  writeWhole(notice, thirdPartyNotice(Object.keys(metafile.inputs), root));
  // Writes the entry last, because it refers to the others.
  const isEntry = (path: string): boolean => path.endsWith('secure-inbox.mjs');
  const ordered = [...outputFiles].sort((a, b) => Number(isEntry(a.path)) - Number(isEntry(b.path)));
  for (const { path, contents } of ordered) writeWhole(path, contents);
  forgetOthers(outdir, new Set([notice, ...outputFiles.map(({ path }) => path)]), keepMs);
}

/**
 * Packages imported at run time must be dependencies. In a checkout, development dependencies would hide a missing one.
 */
function assertInstalled(root: string, { outputs }: Metafile): void {
  const settings = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  const imported = Object.values(outputs).flatMap(({ imports }) => imports.filter((each) => each.external));
  const names = new Set(imported.map(({ path }) => path).filter((path) => !isBuiltin(path)));
  const missing = [...names].filter((name) => settings.dependencies[name] === undefined);
  if (missing.length > 0) {
    throw new Error(
      `package.json: dependencies lacks ${missing.join(', ')}, which the command line imports at run time.`,
    );
  }
}
