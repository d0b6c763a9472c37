import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { buildLambdaBundle } from '../../bin/build/lambda-bundle.ts';

type Output = Metafile['outputs'][string];

const check = 'lambda/customer_configuration_check/';
let outDir: string;
let metafile: Metafile;

beforeAll(() => {
  // Outside of the project, so that code missing from the bundle can't be found in node_modules.
  outDir = mkdtempSync(join(tmpdir(), 'lambda-bundle-'));
  metafile = buildLambdaBundle(outDir);
});

afterAll(() => rmSync(outDir, { recursive: true }));

describe('what is in the bundle', () => {
  it('is the check and what it imports, from one entry', () => {
    expect(entry().entryPoint).toBe(`${check}handler.ts`);
    expect(entry().exports).toContain('handler');
    expect(Object.values(metafile.outputs).filter(({ entryPoint }) => entryPoint?.endsWith('respond.ts'))).toEqual([]);
  });

  it('keeps everything that would be loaded again out of the re-evaluated entry', () => {
    expect(codeIn([entry()])).toEqual([`${check}handler.ts`]);
  });

  it.each([
    ['the CDK', /node_modules\/(aws-cdk|aws-cdk-lib|constructs)\//],
    ['the sandbox or the command line', /^(sandbox|model|policy|cli|bin|bench|test)\//],
    ['what deploys it', /^lib\//],
  ])('is not %s', (_, pattern) => {
    expect(Object.keys(metafile.inputs).filter((input) => pattern.test(input))).toEqual([]);
  });

  it('includes the AWS SDK: only modules of Node.js come from the runtime', () => {
    const external = Object.values(metafile.outputs)
      .flatMap((output) => output.imports)
      .filter((imported) => imported.external)
      .map((imported) => imported.path.replace(/^node:/, ''));
    expect(external).toContain('crypto');
    expect(external.filter((name) => !builtinModules.includes(name))).toEqual([]);
  });

  it('carries the license of every package in it', () => {
    const notice = readFileSync(join(outDir, 'THIRD-PARTY-LICENSES.txt'), 'utf8');
    for (const name of ['@aws-sdk/client-s3', '@aws-sdk/client-sts', 'valibot']) {
      expect(notice).toMatch(new RegExp(`^${name} [0-9]`, 'm'));
    }
    expect(notice).toContain('Apache License');
    expect(notice).not.toContain('no license declared');
  });
});

describe('what a check that passes loads', () => {
  it('is the delivery', () => {
    expect(loadedAtStart()).toContain('core/permissions.ts');
  });

  it('is not the diagnosis, which is in separate chunks', () => {
    const ofTheDiagnosis = new RegExp(`^(${check}diagnosis|core/(advice|aws-words))/`);
    expect(loadedAtStart().filter((input) => ofTheDiagnosis.test(input))).toEqual([]);
    expect(codeIn(Object.values(metafile.outputs))).toContain(`${check}diagnosis/diagnose.ts`);
  });

  it('includes only the clients of S3 and STS', () => {
    const clients = loadedAtStart().flatMap(
      (input) => /node_modules\/@aws-sdk\/(client-[^/]+)\//.exec(input)?.[1] ?? [],
    );
    expect([...new Set(clients)].sort()).toEqual(['client-s3', 'client-sts']);
  });
});

it('runs by itself, as ES modules', () => {
  const script = `const { handler } = await import(${JSON.stringify(join(outDir, 'handler.mjs'))}); console.log(typeof handler)`;
  const printed = execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: outDir,
    encoding: 'utf8',
    env: { AWS_REGION: 'us-east-1', AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  });
  expect(printed.trim()).toBe('function');
});

it('needs no require, because no CommonJS module in it calls it at run time', () => {
  const files = Object.keys(metafile.outputs).map((path) =>
    readFileSync(join(import.meta.dirname, '../..', path), 'utf8'),
  );
  expect(files.filter((text) => text.includes('Dynamic require of'))).toEqual([]);
});

function entry(): Output {
  return outputAt(entryPath());
}

function entryPath(): string {
  const path = Object.keys(metafile.outputs).find((candidate) => candidate.endsWith('/handler.mjs'));
  if (path === undefined) throw new Error('The bundle has no handler.mjs.');
  return path;
}

function outputAt(path: string): Output {
  const output = metafile.outputs[path];
  if (output === undefined) throw new Error(`The bundle has no ${path}.`);
  return output;
}

/** Source files whose code is in the entry or in a chunk that the entry imports statically. */
function loadedAtStart(): readonly string[] {
  const seen = new Set<string>();
  const pending = [entryPath()];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    for (const imported of outputAt(path).imports) {
      if (imported.kind === 'import-statement' && !imported.external) pending.push(imported.path);
    }
  }
  return codeIn([...seen].map(outputAt));
}

function codeIn(outputs: readonly Output[]): readonly string[] {
  return outputs.flatMap((output) =>
    Object.entries(output.inputs).flatMap(([input, { bytesInOutput }]) => (bytesInOutput > 0 ? [input] : [])),
  );
}
