import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { start } from '../cli/entry.ts';
import { when } from '../when.ts';
import { environment, link, packAndInstall, root } from './install.ts';

const { folder, packed, leftOut } = packAndInstall();
const installed = when(leftOut === undefined, leftOut ?? '');
afterAll(() => rmSync(dirname(folder), { recursive: true }));

const project = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string };
const home = join(folder, 'node_modules/secure-inbox-configuration-check');

function run(command: string, ...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, env: environment(), encoding: 'utf8' });
  return { status, stdout, stderr };
}
const secureInbox = (...args: readonly string[]) => run(join(folder, 'node_modules/.bin/secure-inbox'), ...args);
const node = (...args: readonly string[]) => run(process.execPath, ...args);

describe('what is packed', () => {
  const paths = packed.files.map(({ path }) => path);

  it('is what runs, what is deployed and its documentation: no source, no test', () => {
    const tops = new Set(paths.map((path) => path.split('/')[0]));
    const allowed = ['bin', 'cloudformation', 'dist', 'docs', 'events', 'examples', 'sandbox', 'scenarios'];
    const single = ['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json'];
    expect([...tops].filter((top) => !allowed.includes(top ?? '') && !single.includes(top ?? ''))).toEqual([]);
    expect(paths.filter((path) => /\.(ts|tsx|map)$/.test(path) && !path.endsWith('.d.ts'))).toEqual(
      paths.filter((path) => /^examples\/.*\.ts$/.test(path)),
    );
    expect(paths.filter((path) => path.startsWith('sandbox/'))).toEqual(['sandbox/lambda-runtime-worker.mjs']);
  });

  it('has a license next to each bundle of other packages', () => {
    const folders = ['dist/cli', 'dist/functions/check', 'dist/functions/stack-check'];
    expect(paths).toEqual(expect.arrayContaining(folders.map((each) => `${each}/THIRD-PARTY-LICENSES.txt`)));
  });
});

describe('the command line, in another folder', () => {
  installed('has a version', () => {
    expect(secureInbox('--version')).toEqual({ status: 0, stdout: `${project.version}\n`, stderr: '' });
  });

  installed('names itself as it was called', () => {
    expect(secureInbox('check', '--help').stdout).toContain('\n  secure-inbox check ');
  });

  installed('checks the shipped templates, and writes a page', () => {
    const { status, stdout } = secureInbox('check', '--json', '--html', 'report.html');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'passed', customer: 'acme' });
    expect(readFileSync(join(folder, 'report.html'), 'utf8')).toMatch(/<style>[^<]+[\s\S]*<script>/);
  });

  installed('judges the documents of a customer, with the packaged examples', () => {
    // As in examples/README.md.
    cpSync(join(home, 'examples'), join(folder, 'examples'), { recursive: true });
    const { status, stdout } = secureInbox('preflight', 'examples/acme', '--json');
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'denied', customer: 'acme' });
  });

  installed('serves both accounts until it is stopped', async () => {
    const entry = join(home, 'bin/secure-inbox.mjs');
    const { printed, child, ended } = start(['sandbox', '--json'], { entry, cwd: folder });
    expect(await printed('"url"')).toContain('http://127.0.0.1:');
    child.kill('SIGINT');
    expect((await ended).status).toBe(0);
  });
});

describe('the constructs, in another app', () => {
  const strict = { strict: true, skipLibCheck: true, module: 'nodenext', target: 'es2022', types: ['node'] };
  const app = `import { App, Duration } from 'aws-cdk-lib';
import { AccountPrincipal } from 'aws-cdk-lib/aws-iam';
import { decide, type Decision } from 'secure-inbox-configuration-check/policy';
import { type DeliveryRole, InternalStorage, SecureInboxConfigurationCheck } from 'secure-inbox-configuration-check';

const app = new App();
const stack = new SecureInboxConfigurationCheck(app, 'Check', {
  healthCheckInterval: Duration.hours(2),
  deliverers: [new AccountPrincipal('111111111111')],
  onboardedAccounts: ['222222222222'],
});
export const role: DeliveryRole = stack.deliveryRole;
export const storage: InternalStorage = stack.storage;
export const decided: (...args: Parameters<typeof decide>) => Decision = decide;
// @ts-expect-error: the types say what there is
export const missing = stack.nothing;
app.synth();
`;

  function writeApp(): void {
    link(folder, 'aws-cdk-lib', 'constructs', 'typescript', '@types/node');
    const compilerOptions = { ...strict, outDir: 'out', rootDir: 'app' };
    mkdirSync(join(folder, 'app'), { recursive: true });
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['app'] }));
    writeFileSync(join(folder, 'app/app.ts'), app);
  }

  installed('say what is missing without the CDK', () => {
    const { status, stderr } = node('-e', "require('secure-inbox-configuration-check')");
    expect(status).not.toBe(0);
    expect(stderr).toContain('npm install aws-cdk-lib constructs');
  });

  installed('type-check under strict, and synthesize with the code of both functions', () => {
    writeApp();
    // Several threads take more computing time, on cores that other tests need.
    expect(node(join(folder, 'node_modules/typescript/bin/tsc'), '--project', '.', '--singleThreaded')).toMatchObject({
      status: 0,
      stdout: '',
    });
    const out = join(folder, 'cdk.out');
    // Validation takes several times as long.
    const { status, stderr } = run('env', `CDK_OUTDIR=${out}`, 'CDK_VALIDATION=false', process.execPath, 'out/app.js');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const assets = JSON.parse(readFileSync(join(out, 'Check.assets.json'), 'utf8')) as {
      readonly files: Readonly<Record<string, { readonly source: { readonly path: string } }>>;
    };
    const has = (file: string) =>
      Object.values(assets.files).some(({ source }) => existsSync(join(out, source.path, file)));
    expect([has('handler.mjs'), has('stack-check.mjs')]).toEqual([true, true]);
  });

  // The app above has loaded them with require.
  installed('are found by import', () => {
    const script =
      "import { SecureInboxConfigurationCheck as S } from 'secure-inbox-configuration-check'; console.log(typeof S)";
    expect(node('--input-type=module', '-e', script).stdout).toBe('function\n');
  });
});

installed('the policy engine is found by import and by require', () => {
  const script = "import { decide } from 'secure-inbox-configuration-check/policy'; console.log(typeof decide)";
  expect(node('--input-type=module', '-e', script).stdout).toBe('function\n');
  expect(node('-e', "console.log(typeof require('secure-inbox-configuration-check/policy').decide)").stdout).toBe(
    'function\n',
  );
});

installed('the customer’s template is found by its name', () => {
  const script = "console.log(require.resolve('secure-inbox-configuration-check/cloudformation/secure-inbox.yaml'))";
  expect(readFileSync(node('-e', script).stdout.trim(), 'utf8')).toContain('AWSTemplateFormatVersion');
});
