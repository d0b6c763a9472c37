import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

export interface Assembly {
  /** The CloudFormation template of Account A's stack, as JSON. */
  readonly templateFile: string;
  /** The files that Lambda unpacks: `handler.mjs` and its chunks. */
  readonly bundleDir: string;
}

/** The stack of this project's app. If an app has only one stack, its name doesn't matter. */
const stackName = 'SecureInboxConfigurationCheck';
const entryFile = 'handler.mjs';

/** https://github.com/aws/aws-cdk/tree/main/packages/aws-cdk-lib/cloud-assembly-schema */
interface Manifest {
  readonly artifacts?: Readonly<
    Record<
      string,
      { readonly type: string; readonly properties?: { readonly templateFile?: string; readonly file?: string } }
    >
  >;
}
interface AssetManifest {
  readonly files?: Readonly<Record<string, { readonly source: { readonly path?: string } }>>;
}
interface Template {
  readonly Resources?: Readonly<
    Record<string, { readonly Type: string; readonly Properties?: { readonly Code?: { readonly S3Key?: unknown } } }>
  >;
}

/**
 * Finds the template and the check's bundle in a cloud assembly.
 *
 * @throws AssemblyError if the folder doesn't have our stack, or not exactly one function with a bundled handler
 */
export function readAssembly(folder: string): Assembly {
  const artifacts = Object.entries(readJson<Manifest>(join(folder, 'manifest.json')).artifacts ?? {});
  const stacks = artifacts.filter(([, { type }]) => type === 'aws:cloudformation:stack');
  const [, stack] = stacks.find(([name]) => name === stackName) ?? (stacks.length === 1 ? stacks[0] : undefined) ?? [];
  const template = stack?.properties?.templateFile;
  if (template === undefined) {
    const found = stacks.map(([name]) => name).join(', ') || 'none';
    throw new AssemblyError(`The CDK app has no stack ${stackName}; its stacks: ${found}.`);
  }

  const assets = artifacts
    .filter(([, { type }]) => type === 'cdk:asset-manifest')
    .flatMap(([, { properties }]) => (properties?.file === undefined ? [] : [join(folder, properties.file)]))
    .flatMap((file) => Object.entries(readJson<AssetManifest>(file).files ?? {}));
  const templateFile = join(folder, template);
  const codes = Object.values(readJson<Template>(templateFile).Resources ?? {})
    .filter(({ Type }) => Type === 'AWS::Lambda::Function')
    .map(({ Properties }) => Properties?.Code?.S3Key)
    .filter((key) => typeof key === 'string');
  const bundles = assets
    .filter(([hash]) => codes.some((key) => key.includes(hash)))
    .flatMap(([, { source }]) => (source.path === undefined ? [] : [join(folder, source.path)]))
    .filter((path) => existsSync(join(path, entryFile)));
  const [bundleDir, ...others] = new Set(bundles);
  if (bundleDir === undefined || others.length > 0) {
    const count = others.length === 0 ? 'no function' : `${others.length + 1} functions`;
    throw new AssemblyError(
      `The CDK app has ${count} whose code is a folder with ${entryFile}; it must have one, the check.`,
    );
  }
  return { templateFile, bundleDir };
}

function readJson<T>(file: string): T {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch (cause) {
    throw new AssemblyError(`The CDK app made no readable ${basename(file)}: ${(cause as Error).message}`, { cause });
  }
}

/** Lines that show where something was thrown, but not what went wrong. */
const traceLines = [
  /^\s+at .+/,
  /^\s+\.\.\.new .+/,
  /^Node\.js v\d/,
  /^node:internal\//,
  /^\s*(?:triggerUncaughtException|throw)\b/,
  /^\s*\^+\s*$/,
  /^\S+\.[cm]?[jt]s:\d+$/,
  /^Bundling asset /,
  // Properties of an error, which Node.js prints below the stack trace.
  /^ {2}\w+: ['"[{\d].*$/,
  /^\}$/,
  /^Emitted 'error' event/,
];

/**
 * The error message in the output of a failed Node.js process, without stack trace and code frame.
 */
export function explainFailure(output: string): string {
  const lines = output.split(/\r?\n/).filter((line) => !traceLines.some((pattern) => pattern.test(line)));
  const text = lines
    .join('\n')
    .replace(/\n{2,}/g, '\n')
    .trim();
  return text === '' ? 'it printed no reason.' : text;
}

/** The CDK app could not be turned into a template and a bundle. The message is shown to the user. */
export class AssemblyError extends Error {
  override readonly name = 'AssemblyError';
}
