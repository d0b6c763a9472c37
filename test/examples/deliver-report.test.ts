import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accessTo } from '../../cli/views/terminal/sandbox-access.ts';
import { assembly } from '../../sandbox/assembly.ts';
import { loadScenario } from '../../sandbox/scenario-files.ts';
import { type Sandbox, startSandbox } from '../../sandbox/start.ts';
import { explained } from '../cli/explain/explained.ts';
import { when } from '../when.ts';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'deliver-report-'));
const report = join(folder, 'march 2026.csv');
writeFileSync(report, 'a,b\n');
let sandbox: Sandbox | undefined;
afterEach(async () => sandbox?.stop());
afterAll(() => rmSync(folder, { recursive: true }));

interface Delivered {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly inbox: readonly string[];
}

const inOrder = join(root, 'examples/deliver-report/sandbox.yaml');
/** The same, except for the key. */
const keyForgotten = join(folder, 'key-forgotten.yaml');
writeFileSync(
  keyForgotten,
  readFileSync(inOrder, 'utf8')
    .replace(/^name: .*$/m, 'name: The key policy names nobody of the service')
    .replace(/^expect:/m, 'customer: { key: { keyPolicy: { without: [EncryptDeliveredReports] } } }\nexpect:'),
);

/** Delivers like the application, in the two accounts of a scenario. */
async function deliver(command: readonly string[], scenario: string): Promise<Delivered> {
  const loaded = await loadScenario(scenario, await assembly());
  const { world } = loaded;
  sandbox = await startSandbox({ world });
  const access = accessTo({ world, url: sandbox.url, scenario, region: 'us-east-1' });
  const [application] = access.principals;
  const [program = '', ...args] = command;
  const child = spawn(program, [...args, 'examples/event.json', report], {
    cwd: root,
    env: {
      PATH: process.env['PATH'],
      ...access.environment,
      ...application?.environment,
      DELIVERY_ROLE_ARN: access.deliveryRoleArn,
      INTERNAL_BUCKET: access.internalBucket,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    },
  });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said.stderr += chunk.toString()));
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { status, ...said, inbox: [...(world.buckets.get(access.inboxBucket)?.objects.keys() ?? [])] };
}

// Importing boto3 would take as long as an example.
const findsBoto3 = 'import importlib.util; raise SystemExit(importlib.util.find_spec("boto3") is None)';
const hasBoto3 = spawnSync('python3', ['-c', findsBoto3]).status === 0;

const languages = [
  ['TypeScript', [process.execPath, '--import', 'tsx', 'examples/deliver-report/deliver-report.ts'], true],
  ['Python', ['python3', 'examples/deliver-report/deliver_report.py'], hasBoto3],
] as const;

for (const [language, command, isThere] of languages) {
  const withLanguage = when(isThere, `no Python with boto3; pip install boto3 brings it`);

  withLanguage(`the example in ${language} delivers a report with a session of one customer`, async () => {
    const { status, stdout, stderr, inbox } = await deliver(command, inOrder);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toBe('Delivered s3://secure-inbox-222222222222-us-east-1/reports/march 2026.csv\n');
    expect(inbox).toContain('reports/march 2026.csv');
    expect(sandbox?.calls.map(({ operation }) => operation)).toEqual(['AssumeRole', 'PutObject', 'CopyObject']);
  });

  withLanguage(`what the example in ${language} says of a denial can be explained`, async () => {
    const { status, stderr, inbox } = await deliver(command, keyForgotten);
    expect({ status, inbox }).toEqual({ status: 1, inbox: [] });
    const explanations = explained(stderr);
    expect(explanations).toMatchObject({
      kind: 'denials',
      denials: [{ diagnosis: { denial: { layer: 'key-policy' } } }],
    });
  });
}
