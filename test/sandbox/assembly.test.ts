import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { buildSync } from 'esbuild';
import { assemblyKey } from '../../sandbox/assembly/cache.ts';
import { explainFailure, readAssembly } from '../../sandbox/assembly/read-assembly.ts';
import { type Assembly, AssemblyError, assembly } from '../../sandbox/assembly.ts';
import { loadStack } from '../../sandbox/scenario-files.ts';

const project = resolve(import.meta.dirname, '../..');
const apps: string[] = [];
afterAll(() => {
  for (const app of apps) rmSync(app, { recursive: true });
});

/** A CDK app's output, generated without the CDK. */
const fakeApp = `
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { handler } from '../lib/code.ts';
const out = process.env['CDK_OUTDIR'] ?? '';
const code = { Type: 'AWS::Lambda::Function', Properties: { Code: { S3Key: 'abc.zip' } } };
const other = { Type: 'AWS::Lambda::Function', Properties: { Code: { S3Key: 'def.zip' } } };
const write = (name, content) => writeFileSync(join(out, name), typeof content === 'string' ? content : JSON.stringify(content));
mkdirSync(join(out, 'asset.abc'));
mkdirSync(join(out, 'asset.def'));
write('asset.abc/handler.mjs', handler);
write('asset.def/index.js', '');
write('manifest.json', { artifacts: {
  App: { type: 'aws:cloudformation:stack', properties: { templateFile: 'App.template.json' } },
  'App.assets': { type: 'cdk:asset-manifest', properties: { file: 'App.assets.json' } },
} });
write('App.assets.json', { files: { abc: { source: { path: 'asset.abc' } }, def: { source: { path: 'asset.def' } } } });
write('App.template.json', { Resources: { Check: code, Other: other }, Metadata: { context: process.env['CDK_CONTEXT_JSON'], account: process.env['CDK_DEFAULT_ACCOUNT'] } });
`;

/** Loads type-free TypeScript unchanged, in a third of the time that tsx takes to start. */
const inPlaceOfTsx = {
  'package.json': '{ "type": "module", "exports": "./index.js" }',
  'index.js': "import { register } from 'node:module';\nregister('./hooks.js', import.meta.url);\n",
  'hooks.js':
    "export const load = (url, context, next) => next(url, url.endsWith('.ts') ? { ...context, format: 'module' } : context);\n",
};

/** @param loader `tsx` for code that only tsx can run, and for tsx's messages about code that it can't */
function makeApp(files: Readonly<Record<string, string>> = {}, loader: 'tsx' | 'quick' = 'quick'): string {
  const root = mkdtempSync(join(tmpdir(), 'cdk-app-'));
  apps.push(root);
  const all = {
    'bin/app.ts': fakeApp,
    'lib/code.ts': "export const handler = 'first';\n",
    'package.json': '{ "type": "module" }\n',
    ...files,
  };
  for (const [name, content] of Object.entries(all)) write(root, name, content);
  if (loader === 'quick') {
    for (const [name, content] of Object.entries(inPlaceOfTsx)) write(root, join('node_modules/tsx', name), content);
  } else {
    mkdirSync(join(root, 'node_modules'));
    symlinkSync(join(project, 'node_modules/tsx'), join(root, 'node_modules/tsx'));
  }
  return root;
}

function write(root: string, name: string, content: string): void {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), content);
}

const cached = (root: string): readonly string[] =>
  readdirSync(join(root, 'node_modules/.cache/secure-inbox-assembly'));

async function messageOf(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof AssemblyError)) throw new Error(`expected an AssemblyError, not ${String(error)}`);
  return error.message;
}

/** A CDK app and its outcome. */
const root = makeApp({ 'cdk.json': '{ "context": {} }' });
const folderOf = ({ templateFile }: Assembly) => dirname(templateFile);

test('finds the template and the bundle of a TypeScript app, and reports progress', async () => {
  const root = makeApp(
    {
      'cdk.json': '{ "context": { "@aws-cdk/flag": true } }',
      'lib/code.ts': "export const handler: string = 'first';\n",
    },
    'tsx',
  );
  const progress: string[] = [];
  process.env['CDK_DEFAULT_ACCOUNT'] = '999999999999';
  const { templateFile, bundleDir } = await assembly({ root, onProgress: (message) => progress.push(message) });
  delete process.env['CDK_DEFAULT_ACCOUNT'];
  expect(readFileSync(join(bundleDir, 'handler.mjs'), 'utf8')).toBe('first');
  expect(JSON.parse(readFileSync(templateFile, 'utf8'))).toMatchObject({
    Resources: { Check: {} },
    Metadata: { context: '{"@aws-cdk/flag":true,"looksIntoCloudTrail":"true","multipartDeliveries":"true"}' },
  });
  expect(readFileSync(templateFile, 'utf8')).not.toContain('999999999999');
  expect(progress).toEqual(['Synthesizing the CDK app and bundling the check …']);
});

test('is rebuilt only when one of its inputs has changed', async () => {
  let runs = 0;
  const get = () => assembly({ root, onProgress: () => (runs += 1) });
  const first = await get();
  expect(runs).toBe(1);
  expect(await get()).toEqual(first);
  write(root, 'cloudformation/secure-inbox.yaml', 'Resources: {}');
  await get();
  expect(runs).toBe(1);
  write(root, 'lib/code.ts', "export const handler = 'second';\n");
  const second = await get();
  expect(readFileSync(join(second.bundleDir, 'handler.mjs'), 'utf8')).toBe('second');
  expect(runs).toBe(2);
});

test.each(['cdk.json', 'bin/other.ts', 'lib/new.ts', 'lambda/x.ts', 'package-lock.json'])('%s goes into it', (name) => {
  const before = assemblyKey(root, '{}');
  expect(assemblyKey(root, '{}')).toBe(before);
  expect(assemblyKey(root, '{"a":1}')).not.toBe(before);
  const file = join(root, name);
  const original = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  write(root, name, '{}');
  expect(assemblyKey(root, '{}')).not.toBe(before);
  if (original === undefined) rmSync(file);
  else write(root, name, original);
});

test('is rebuilt when files of it are missing', async () => {
  const first = await assembly({ root });
  rmSync(first.bundleDir, { recursive: true });
  expect(await assembly({ root })).toEqual(first);
  expect(existsSync(join(first.bundleDir, 'handler.mjs'))).toBe(true);
});

test('deletes entries that were not used for a day', async () => {
  const folder = folderOf(await assembly({ root }));
  const twoDaysAgo = new Date(Date.now() - 48 * 60 * 60 * 1000);
  for (const [name, lastUsed] of [
    ['old', twoDaysAgo],
    ['recent', new Date()],
  ] as const) {
    const path = join(dirname(folder), name);
    mkdirSync(path);
    utimesSync(path, lastUsed, lastUsed);
  }
  utimesSync(folder, twoDaysAgo, twoDaysAgo);
  await assembly({ root });
  expect(cached(root)).toEqual(expect.arrayContaining([basename(folder), 'recent']));
  expect(cached(root)).not.toContain('old');
});

test('serves several processes at the same time', async () => {
  const root = makeApp();
  const outfile = join(root, 'assembly.mjs');
  // Without tsx, which would take longer to start than everything else here.
  buildSync({
    entryPoints: [join(project, 'sandbox/assembly.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
  });
  const script = `import(${JSON.stringify(outfile)}).then(async (m) => console.log((await m.assembly({ root: ${JSON.stringify(root)} })).templateFile))`;
  const ask = () =>
    new Promise<string>((done) => {
      const child = spawn(process.execPath, ['--input-type=module', '-e', script], { cwd: project });
      let output = '';
      child.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString();
      });
      child.stderr.on('data', (chunk: Buffer) => {
        output += chunk.toString();
      });
      child.on('close', () => done(output.trim()));
    });
  const answers = await Promise.all([ask(), assembly({ root }).then(({ templateFile }) => templateFile)]);
  expect(new Set(answers).size).toBe(1);
  expect(cached(root)).toHaveLength(1);
});

describe('an app that fails', () => {
  test.each([
    [
      "throw new Error('the bucket needs a name');",
      'The CDK app failed (exit status 1): Error: the bucket needs a name',
      'tsx',
    ],
    ['const a = ;', 'Unexpected ";"', 'tsx'],
    ["import './missing.ts';", 'Cannot find module', 'tsx'],
    ['process.exit(3);', 'The CDK app failed (exit status 3): it printed no reason.', 'quick'],
    ["process.kill(process.pid, 'SIGKILL'); setTimeout(() => {}, 10_000);", '(SIGKILL)', 'quick'],
    ['', 'The CDK app made no readable', 'quick'],
  ] as const)('%s is explained without a stack trace', async (code, words, loader) => {
    const root = makeApp({ 'bin/app.ts': code }, loader);
    const message = await messageOf(assembly({ root }));
    expect(message).toContain(words);
    expect(message).not.toMatch(/^\s+at |node:internal|Node\.js v|^\}/m);
    expect(cached(root)).toEqual([]);
  });

  test('does not exist, or has an unreadable cdk.json', async () => {
    const root = makeApp({ 'cdk.json': '{' });
    expect(await messageOf(assembly({ root }))).toContain(`${join(root, 'cdk.json')} cannot be read`);
    rmSync(join(root, 'bin/app.ts'));
    expect(await messageOf(assembly({ root }))).toBe(`There is no CDK app at ${join(root, 'bin/app.ts')}.`);
  });

  test.each([
    ['handler.mjs', 'index.mjs', 'has no function whose code is a folder with handler.mjs'],
    ['index.js', 'handler.mjs', 'has 2 functions whose code is a folder with handler.mjs'],
    ['aws:cloudformation:stack', 'other', 'has no stack SecureInboxConfigurationCheck; its stacks: none'],
  ])('because of %s being %s', async (from, to, words) => {
    const copy = join(root, 'copy');
    cpSync(folderOf(await assembly({ root })), copy, { recursive: true });
    for (const name of readdirSync(copy, { recursive: true, encoding: 'utf8' })) {
      const path = join(copy, name);
      if (basename(name) === from) renameSync(path, join(dirname(path), to));
      if (name === 'manifest.json') writeFileSync(path, readFileSync(path, 'utf8').replace(from, to));
    }
    expect(() => readAssembly(copy)).toThrow(words);
    rmSync(copy, { recursive: true });
  });
});

test('keeps the message of a CDK error, without lines of the program', () => {
  const output = [
    'Bundling asset Stack/Function/Code/Stage...',
    'node:internal/modules/run_main:123',
    '    triggerUncaughtException(',
    '    ^',
    '',
    '«FailedToBundleAsset» Failed to bundle asset Stack/Function/Code/Stage: Build failed with 1 error:',
    'error: Could not resolve "lambda/handler.ts"',
    '    ...new Function2 in aws-cdk-lib...',
    '    at new ConfigurationCheck (/project/lib/configuration-check.ts:66:21)',
    'Relates to construct:',
    '    <.> (aws-cdk-lib.App)',
    '',
    'Node.js v20.20.2',
  ].join('\n');
  expect(explainFailure(output)).toBe(
    [
      '«FailedToBundleAsset» Failed to bundle asset Stack/Function/Code/Stage: Build failed with 1 error:',
      'error: Could not resolve "lambda/handler.ts"',
      'Relates to construct:',
      '    <.> (aws-cdk-lib.App)',
    ].join('\n'),
  );
});

test("the shipped app's stack loads, and its function is the bundled check", async () => {
  const { templateFile, bundleDir } = await assembly();
  expect(existsSync(join(bundleDir, 'handler.mjs'))).toBe(true);
  const stack = loadStack({
    file: templateFile,
    accountId: '111111111111',
    region: 'us-east-1',
    stackName: 'SecureInboxConfigurationCheck',
  });
  const check = stack.functions.find(({ name }) => name === 'customer_configuration_check');
  const delivery = stack.roles.find(({ name }) => name === 'secure-inbox-delivery');
  const internal = stack.buckets.find(({ name }) => name === 'secure-inbox-internal-111111111111-us-east-1');
  expect(stack.roles.map(({ arn }) => arn)).toContain(check?.roleArn);
  expect(check?.environment).toMatchObject({
    INTERNAL_BUCKET: internal?.name,
    DELIVERY_ROLE_ARN: delivery?.arn,
    SERVICE_KMS_KEY_ARN: stack.keys[0]?.arn,
  });
  expect(JSON.stringify(delivery?.trustPolicy)).toContain(check?.roleArn);
  expect(internal?.policy).toBeDefined();
});
