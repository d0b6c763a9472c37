import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { main } from '../../cli/main.ts';
import { reportSchema } from '../../core/report.ts';
import { killAll, run, start } from './entry.ts';
import { testSurroundings } from './surroundings.ts';

/** Runs everything: entry, command, synthesized accounts, sandbox and bundle. */

const folder = mkdtempSync(join(tmpdir(), 'secure-inbox-'));
afterEach(killAll);
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const acme = {
  customer: 'acme',
  inbox: {
    accountId: '222222222222',
    region: 'us-east-1',
    bucket: 'secure-inbox-222222222222-us-east-1',
    kmsKeyArn: 'arn:aws:kms:us-east-1:222222222222:key/00000000-0000-4000-8000-000000000002',
    prefix: 'reports/',
  },
};
const passing = file('passing.yaml', 'name: Nothing is changed\nwhy: the templates\nexpect: { verdict: passed }\n');
const broken = file(
  'broken.yaml',
  `name: The inbox has no bucket policy
why: https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-walkthroughs-managing-access-example2.html
customer: { inbox: { bucketPolicy: null } }
expect:
  verdict: denied
  deniedStep: copy-to-inbox
  denials: [{ step: copy-to-inbox, action: "s3:PutObject", layer: bucket-policy, side: customer }]
`,
);
const wrong = file('wrong.yaml', 'name: It expects what is not so\nwhy: a test\nexpect: { verdict: denied }\n');

/** Runs in this process, which saves starting another one. */
async function inProcess(args: readonly string[], rest: Parameters<typeof testSurroundings>[0] = {}) {
  const surroundings = testSurroundings(rest);
  const status = await main(args, surroundings);
  return { status, ...surroundings.written };
}

describe('check', () => {
  test('passes in the default world, and prints the report alone with --json', async () => {
    const { status, stdout } = await run(['check', '--json']);
    expect(status).toBe(0);
    expect(reportSchema.parse(JSON.parse(stdout))).toMatchObject({ customer: 'acme', verdict: 'passed' });
  });

  test('runs several scenarios in their order, each in its own world', async () => {
    const { status, stdout } = await inProcess(['check', '--json', '--scenario', broken, passing, broken]);
    expect(status).toBe(1);
    const reports = JSON.parse(stdout) as { verdict: string; deniedStep?: string }[];
    expect(reports.map(({ verdict, deniedStep }) => [verdict, deniedStep])).toEqual([
      ['denied', 'copy-to-inbox'],
      ['passed', undefined],
      ['denied', 'copy-to-inbox'],
    ]);
  });

  test('compares with what the scenarios expect', async () => {
    const right = await inProcess(['check', broken, '--expect']);
    expect(right.stdout).toMatch(/\nas expected: denied at copy-to-inbox\n$/);
    expect(right.status).toBe(0);
    const { status, stdout } = await inProcess(['check', broken, wrong, '--expect']);
    expect(stdout).toMatch(/wrong\.yaml: NOT as expected: expected denied, got passed\n1 of 2 as expected\.\n$/);
    expect(status).toBe(1);
  });

  test('runs an event in the world of a scenario, with the requested diagnosis', async () => {
    const event = file('put.json', JSON.stringify({ ...acme, steps: ['put-internal'] }));
    const put = await inProcess(['check', '--json', '--event', event, '--scenario', broken]);
    expect(JSON.parse(put.stdout)).toMatchObject({ verdict: 'passed' });
    const silent = await inProcess(['check', '--json', '--scenario', broken, '--diagnosis', 'none']);
    expect(JSON.parse(silent.stdout)).toMatchObject({ verdict: 'denied', diagnoses: [] });
  });

  test('with --wait also looks into CloudTrail, and shows progress', async () => {
    const silent = join(import.meta.dirname, '../../scenarios/key-policy/inbox-only-forgotten.yaml');
    const { status, stdout, stderr } = await inProcess(['check', '--json', '--scenario', silent, '--wait=90s']);
    expect(stderr).toBe('Looking into CloudTrail too, which lags by minutes: for up to 1m 30s.\n');
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'denied', lookupEvents: 'found' });
    expect(status).toBe(1);
    const refused = await inProcess(['check', '--wait', silent]);
    expect(refused.stderr).toContain('--wait');
    expect(refused).toMatchObject({ status: 2, stdout: '' });
  });

  test('reports the wrong line of an event, without a report', async () => {
    const input = '{\n  "customer": "acme",\n  "inbox": {\n    "region": "mars"\n  }\n}';
    const { status, stdout, stderr } = await inProcess(['check', '--event', '-'], { input });
    expect(stderr).toMatch(/^standard input:4: inbox\.region: "mars"/m);
    expect(stderr).toMatch(/^standard input:3: inbox\.bucket: is missing/m);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });

  test('a scenario that cannot be loaded is reported with its line', async () => {
    const unknown = file('unknown.txt', 'name: A\nwhy: b\ncustomer:\n  inboxx: {}\nexpect: { verdict: passed }\n');
    const { status, stdout, stderr } = await inProcess(['check', '--scenario', unknown]);
    expect(stderr).toContain(`${unknown}:4: customer.inboxx: `);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });

  test('closing the pipe causes no error message and does not change the outcome', async () => {
    const { child, ended } = start(['check', broken]);
    child.stdout?.destroy();
    const { status, stderr } = await ended;
    expect(stderr).not.toMatch(/EPIPE|bug|error/i);
    expect(status).toBe(1);
  });

  test('Ctrl-C ends it without a message', async () => {
    const interruption = new AbortController();
    const stdin = new Readable({ read: () => interruption.abort(130) });
    const ended = await inProcess(['check', '--event', '-'], { stdin, interrupted: interruption.signal });
    expect(ended).toEqual({ status: 130, stdout: '', stderr: '' });
  });
});

describe('catalog', () => {
  test('scores every scenario of a folder, and fails because of a wrong one', async () => {
    const { status, stdout } = await inProcess(['catalog', folder, '--json']);
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      scenarios: 3,
      failedToLoad: [],
      check: { verdict: 2, deniedStep: 3, wrongProven: 0 },
      preflight: { exact: 3 },
      mismatches: [{ file: wrong, check: { verdict: 'passed' } }],
    });
  });

  test('passes with the correct ones', async () => {
    const { status, stdout } = await inProcess(['catalog', folder, '--filter', 'NOTHING IS']);
    expect(stdout).toMatch(/^1 scenario\n {2}check +verdict right +1 of 1\n/);
    expect(status).toBe(0);
  });
});

describe('sandbox', () => {
  test('prints what an SDK needs, serves until Ctrl-C, and exits with 0', async () => {
    const { child, ended, printed } = start(['sandbox', '--json', '--scenario', broken]);
    const access = JSON.parse(await printed('\n}\n')) as {
      url: string;
      principals: { arn: string; environment: Record<string, string> }[];
    };
    const identities = await Promise.all(
      access.principals.map(({ environment }) => callerIdentity(access.url, environment)),
    );
    expect(identities).toEqual(access.principals.map(({ arn }) => arn));
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ status: 0, stderr: expect.stringContaining('Serving until Ctrl-C.') });
  });

  test("check --local delivers with the environment's credentials, here or at AWS", async () => {
    const { child, ended, printed } = start(['sandbox', '--json']);
    const { environment, principals, internalBucket, deliveryRoleArn } = JSON.parse(await printed('\n}\n'));
    const env = { ...environment, ...principals[0].environment, DELIVERY_ROLE_ARN: deliveryRoleArn };
    const event = JSON.stringify({ ...acme, internal: { bucket: internalBucket } });
    const { status, stdout } = await run(['check', '--local', '--json', '--event', '-'], { input: event, env });
    expect(JSON.parse(stdout)).toMatchObject({
      verdict: 'passed',
      principal: 'arn:aws:sts::111111111111:assumed-role/secure-inbox-delivery/check-acme',
    });
    expect(status).toBe(0);
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ status: 0 });
  });

  test('a port in use is reported', async () => {
    const other = createServer();
    const port = await new Promise<number>((resolve) => {
      other.listen(0, '127.0.0.1', () => {
        const address = other.address();
        resolve(typeof address === 'object' && address ? address.port : 0);
      });
    });
    const { status, stdout, stderr } = await inProcess(['sandbox', '--port', String(port)]);
    other.close();
    expect(stderr).toMatch(new RegExp(`\\b${port}\\b`));
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });
});

async function callerIdentity(endpoint: string, environment: Record<string, string>): Promise<string | undefined> {
  const { AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '', AWS_SESSION_TOKEN } = environment;
  const client = new STSClient({
    endpoint,
    region: 'us-east-1',
    credentials: {
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_SECRET_ACCESS_KEY,
      ...(AWS_SESSION_TOKEN !== undefined && { sessionToken: AWS_SESSION_TOKEN }),
    },
  });
  const { Arn } = await client.send(new GetCallerIdentityCommand({}));
  client.destroy();
  return Arn;
}
