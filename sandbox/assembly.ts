import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { assemblyKey, cacheFolder, forgetOldAssemblies } from './assembly/cache.ts';
import { type Assembly, AssemblyError, explainFailure, readAssembly } from './assembly/read-assembly.ts';

export type { Assembly };
export { AssemblyError };

interface AssemblyOptions {
  /**
   * Folder of the CDK app. Its entry is bin/app.ts; its settings are in cdk.json.
   *
   * @default this project
   */
  readonly root?: string;
  readonly onProgress?: (message: string) => void;
}

/**
 * Returns the output of `cdk synth`: the stack's template and the folder of the bundled check. Reuses an earlier
 * result while its inputs are unchanged. Two processes may call it at the same time.
 *
 * @throws AssemblyError if the app fails, with the app's own message and no stack trace
 */
export async function assembly(options: AssemblyOptions = {}): Promise<Assembly> {
  if (options.root !== undefined) return assemblyIn(options.root, options);
  if (own === undefined || !existsSync(own.templateFile))
    own = await assemblyIn(resolve(import.meta.dirname, '..'), options);
  return own;
}

/** Kept for the life of the process, which never reloads its own sources. */
let own: Assembly | undefined;

async function assemblyIn(root: string, { onProgress = () => {} }: AssemblyOptions): Promise<Assembly> {
  const app = join(root, 'bin/app.ts');
  const built = builtAssembly(root);
  if (built !== undefined && !existsSync(app)) return built;
  if (!existsSync(app)) throw new AssemblyError(`There is no CDK app at ${app}.`);
  const context = JSON.stringify({ ...readContext(root), ...sandboxContext });
  const folder = join(cacheFolder(root), assemblyKey(root, context));
  const earlier = earlierAssembly(folder);
  if (earlier === undefined) {
    onProgress('Synthesizing the CDK app and bundling the check …');
    await synthesize(root, folder, context);
  }
  forgetOldAssemblies(folder);
  return earlier ?? readAssembly(folder);
}

/** The published package has no app; it ships the built template and bundle (bin/build/build.ts). */
function builtAssembly(root: string): Assembly | undefined {
  const templateFile = join(root, 'dist/service-template.json');
  return existsSync(templateFile) ? { templateFile, bundleDir: join(root, 'dist/functions/check') } : undefined;
}

/** Undefined if the folder doesn't exist or files are missing. */
function earlierAssembly(folder: string): Assembly | undefined {
  if (!existsSync(folder)) return undefined;
  try {
    return readAssembly(folder);
  } catch {
    rmSync(folder, { recursive: true, force: true });
    return undefined;
  }
}

/** Synthesizes into a temporary folder and then renames it, so that an existing `folder` is always complete. */
async function synthesize(root: string, folder: string, context: string): Promise<void> {
  const unfinished = `${folder}.${process.pid}-${randomBytes(4).toString('hex')}`;
  mkdirSync(unfinished, { recursive: true });
  try {
    await runApp(root, unfinished, context);
    readAssembly(unfinished);
    renameSync(unfinished, folder);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    // Another process may have finished first with the same result.
    const isTaken = ['ENOTEMPTY', 'EEXIST', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '');
    if (!(isTaken && existsSync(folder))) throw error;
  }
}

/**
 * Runs the app as the CDK command line does, which is too slow to start for every check.
 * https://docs.aws.amazon.com/cdk/v2/guide/deploy-synth.html
 */
function runApp(root: string, outputFolder: string, context: string): Promise<void> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'bin/app.ts'], {
    cwd: root,
    env: {
      ...environmentWithoutCdk(),
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      CDK_CONTEXT_JSON: context,
      CDK_OUTDIR: outputFolder,
      // `cdk synth` validates what is deployed; here that would take twice as long as everything else.
      CDK_VALIDATION: 'false',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const collect = (chunk: Buffer): void => {
    output += chunk.toString();
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  return new Promise((done, fail) => {
    child.on('error', (cause) =>
      fail(new AssemblyError(`The CDK app could not be started: ${cause.message}`, { cause })),
    );
    child.on('close', (status, signal) => {
      if (status === 0) done();
      else
        fail(new AssemblyError(`The CDK app failed (${signal ?? `exit status ${status}`}): ${explainFailure(output)}`));
    });
  });
}

/** Drops CDK_DEFAULT_ACCOUNT and the like: they would end up in a template that later runs reuse without them. */
function environmentWithoutCdk(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('CDK_')));
}

/** In the sandbox, the check may do everything that an event can request. */
const sandboxContext = { looksIntoCloudTrail: 'true', multipartDeliveries: 'true' };

/** The context of cdk.json, as the command line passes it to the app. */
function readContext(root: string): object {
  const file = join(root, 'cdk.json');
  if (!existsSync(file)) return {};
  try {
    const { context = {} } = JSON.parse(readFileSync(file, 'utf8')) as { readonly context?: object };
    return context;
  } catch (cause) {
    throw new AssemblyError(`${file} cannot be read: ${(cause as Error).message}`, { cause });
  }
}
