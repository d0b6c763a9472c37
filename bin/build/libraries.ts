import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { build } from 'esbuild';
import { sourceFolderInCommonJs, whereItIsWritten } from './where-it-is-written.ts';
import { writeWhole } from './write.ts';

/** Shown before any other error. Only the constructs need the CDK; the package can also be used without it. */
const needsTheCdk = `for (const peer of ['aws-cdk-lib', 'constructs']) {
  try {
    require.resolve(peer);
  } catch {
    throw new Error(\`The constructs of secure-inbox-configuration-check need \${peer}, which is not installed. Run: npm install aws-cdk-lib constructs\`);
  }
}`;

/** CommonJS, like the CDK and most apps. ES modules import it by the same names. */
const commonJs = `${JSON.stringify({ type: 'commonjs' })}\n`;

/** The modules for other programs to import: the constructs, and the policy engine. */
export async function buildLibraries(root: string): Promise<void> {
  await Promise.all([
    buildLibrary(root, 'lib', `${needsTheCdk}\n${sourceFolderInCommonJs}`),
    buildLibrary(root, 'policy', ''),
  ]);
}

async function buildLibrary(root: string, name: string, banner: string): Promise<void> {
  const outdir = join(root, 'dist', name);
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [`${name}/index.ts`],
    outdir,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20.19',
    external: ['aws-cdk-lib', 'constructs'],
    banner: { js: banner },
    plugins: [whereItIsWritten(root)],
    write: false,
    logLevel: 'warning',
  });
  writeWhole(join(outdir, 'package.json'), commonJs);
  for (const { path, contents } of outputFiles) writeWhole(path, contents);
}

/** @throws if a type can't be declared */
export function buildTypes(root: string): void {
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const { status, stdout } = spawnSync(process.execPath, [compiler, '--project', 'tsconfig.types.json'], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`The types could not be declared:\n${stdout}`);
  writeWhole(join(root, 'dist/types/package.json'), commonJs);
}
