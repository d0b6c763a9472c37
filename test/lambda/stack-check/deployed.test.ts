import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildLambdaBundle, stackCheckHandler } from '../../../bin/build/lambda-bundle.ts';
import { placeInWorld } from '../../../cli/run/function-settings.ts';
import type { Stack } from '../../../model/world/from-templates.ts';
import type { ScenarioFile } from '../../../model/world/scenario-schema.ts';
import type { Caller, World } from '../../../model/world/world.ts';
import { type Assembly, assembly } from '../../../sandbox/assembly.ts';
import { FunctionError, type FunctionSettings, startFunction } from '../../../sandbox/lambda-runtime.ts';
import { loadStack, scenarioOf } from '../../../sandbox/scenario-files.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/start.ts';
import { checkTopicArn, deployed } from '../../cloudformation/deployed.ts';
import { synthesized } from '../../lib/synthesized.ts';
import { sentOperations } from '../invocation.ts';
import { request, responseHost, signature, snsEvent, topicArn } from './asking.ts';
import { type ResponseBucket, startResponseBucket } from './response-bucket.ts';

/**
 * The function as deployed, with its synthesized role, between the customer's template and the check in a world of two
 * accounts. Only CloudFormation's bucket is on this machine, which the function doesn't know.
 */

const folder = mkdtempSync(join(tmpdir(), 'stack-check-'));
let both: Assembly;
let service: Stack;
let bucket: ResponseBucket;
let sandbox: Sandbox | undefined;

beforeAll(async () => {
  [both, bucket] = await Promise.all([assembly(), startResponseBucket()]);
  const template = join(folder, 'template.json');
  writeFileSync(template, JSON.stringify(synthesized({ onboardedAccounts: ['222222222222'] }).toJSON()));
  service = loadStack({ file: template, accountId: '111111111111', region: 'us-east-1', stackName: 'service' });
  buildLambdaBundle(folder, stackCheckHandler, 'stack-check');
});
afterEach(async () => {
  bucket.reset();
  await sandbox?.stop();
});
afterAll(async () => {
  await bucket.stop();
  rmSync(folder, { recursive: true });
});

/** A folder to run as a function. It redirects the bundle's HTTPS requests to the bucket on this machine. */
function entry(exported: 'handler' | 'lastResort'): string {
  const dir = mkdtempSync(join(folder, 'entry-'));
  writeFileSync(
    join(dir, 'handler.mjs'),
    `import http from 'node:http';
import https from 'node:https';
import { syncBuiltinESMExports } from 'node:module';
https.request = (url, options, callback) =>
  http.request({ ...options, host: '127.0.0.1', port: ${bucket.port}, path: url.pathname + url.search, headers: { ...options.headers, host: url.host } }, callback);
syncBuiltinESMExports();
export const handler = (await import(${JSON.stringify(join(folder, 'stack-check.mjs'))})).${exported};
`,
  );
  return dir;
}

const caller: Caller = {
  accessKeyId: 'ASIASTACKCHECK',
  secretAccessKey: 'secret-of-the-stack-check',
  sessionToken: 'token-of-the-stack-check',
  accountId: '111111111111',
  arn: 'arn:aws:sts::111111111111:assumed-role/secure_inbox_stack_check/secure_inbox_stack_check',
  userId: 'AROASTACKCHECK:secure_inbox_stack_check',
  roleArn: 'arn:aws:iam::111111111111:role/secure_inbox_stack_check',
};

async function worldWith(customer: ScenarioFile['customer']): Promise<World> {
  const scenario: ScenarioFile = { name: 'A stack', why: 'docs/stack-check.md', expect: { verdict: 'passed' } };
  const { world } = await scenarioOf(customer ? { ...scenario, customer } : scenario, both);
  const role = service.roles.find(({ arn }) => arn === caller.roleArn);
  const requests = service.buckets.find(({ name }) => name === requestsBucket());
  if (!role || !requests) throw new Error('Account A makes no role or bucket for the function.');
  return {
    ...world,
    roles: new Map([...world.roles, [role.arn, role]]),
    callers: new Map([...world.callers, [caller.accessKeyId, caller]]),
    buckets: new Map([...world.buckets, [requests.name, { ...requests, objects: new Map() }]]),
  };
}

/** The bucket with each account's record. */
function requestsBucket(): string {
  return service.functions.find(({ roleArn }) => roleArn === caller.roleArn)?.environment['REQUESTS_BUCKET'] ?? '';
}

interface Asked {
  readonly customer?: ScenarioFile['customer'];
  /** Parameters of the customer's stack. */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly exported?: 'handler' | 'lastResort';
  readonly event?: (event: unknown) => unknown;
  /** Changes how the check is called. */
  readonly check?: (settings: FunctionSettings) => FunctionSettings;
}

/** Deploys the customer's stack, and passes its request to the function. */
async function ask({ customer, parameters = {}, exported = 'handler', event = (sent) => sent, check }: Asked = {}) {
  const world = await worldWith(customer);
  const functionIn = (served: World, url: string): FunctionSettings => {
    const settings = { bundleDir: both.bundleDir, ...placeInWorld(served, url) };
    return check ? check(settings) : settings;
  };
  sandbox = await startSandbox({ world, functionIn });
  const stack = deployed({ Prefix: 'reports/', CheckTopicArn: checkTopicArn, ...parameters });
  const { properties } = stack.resources.find(({ logicalId }) => logicalId === 'DeliveryCheck') ?? {};
  const own = service.functions.find(({ roleArn }) => roleArn === caller.roleArn);
  const lines: string[] = [];
  const running = startFunction({
    bundleDir: entry(exported),
    functionArn: own?.arn ?? '',
    environment: {
      ...own?.environment,
      PATIENCE_SECONDS: '0',
      AWS_ENDPOINT_URL: sandbox.url,
      AWS_ACCESS_KEY_ID: caller.accessKeyId,
      AWS_SECRET_ACCESS_KEY: caller.secretAccessKey,
      AWS_SESSION_TOKEN: caller.sessionToken ?? '',
    },
    log: (line) => lines.push(line),
  });
  try {
    await running.invoke(event(snsEvent(request({ ResourceProperties: properties, signed: new Date() }), topicArn)));
  } finally {
    await running.stop();
  }
  expect(lines.join('\n')).not.toContain(signature);
  const record = world.buckets.get(requestsBucket())?.objects.get('222222222222.json')?.body.toString() ?? '{}';
  return { response: bucket.responses()[0], put: bucket.puts[0], calls: sandbox.calls, record: JSON.parse(record) };
}

it('learns that the delivery works, from the role that may only invoke the check', async () => {
  const { response, put, calls, record } = await ask();
  expect(response).toMatchObject({
    Status: 'SUCCESS',
    Data: { Verdict: 'passed', Result: expect.stringContaining('secure-inbox-222222222222-us-east-1 below reports/.') },
  });
  expect(put).toMatchObject({ method: 'PUT', headers: { host: responseHost, 'content-type': '' } });
  expect(calls.map(({ operation }) => operation)).toEqual([
    // The registration, and the account's record.
    ...['GetObject', 'GetObject', 'PutObject'],
    ...['Invoke', ...sentOperations],
    ...['GetObject', 'PutObject'],
  ]);
  expect(record).toEqual({ started: [{ requestId: '5d478078', by: expect.anything(), at: expect.any(Number) }] });
});

it('learns which statement is missing, and fails with FailOnDenied', async () => {
  const { response } = await ask({ customer: { inbox: { bucketPolicy: null } }, parameters: { FailOnDenied: 'yes' } });
  expect(response?.Status).toBe('FAILED');
  expect(response?.Reason).toMatch(/^denied at copy-to-inbox \(/);
  expect(response?.Reason).toContain(
    '"Action":"s3:PutObject","Resource":"arn:aws:s3:::secure-inbox-222222222222-us-east-1/reports/*"',
  );
});

it('starts no check if S3 rejects the signature of the response URL', async () => {
  bucket.refusing = 403;
  const { response, put, calls } = await ask({ parameters: { FailOnDenied: 'yes' } });
  expect([put?.method, response?.Data?.Verdict, calls.length]).toEqual(['PUT', 'inconclusive', 1]);
});

it('is answered if the check itself crashes', async () => {
  const broken = mkdtempSync(join(folder, 'broken-'));
  writeFileSync(join(broken, 'handler.mjs'), 'export const handler = () => process.exit(1);');
  const { response } = await ask({
    parameters: { FailOnDenied: 'yes' },
    check: (settings) => ({ ...settings, bundleDir: broken }),
  });
  expect(response).toMatchObject({ Status: 'SUCCESS', Data: { Verdict: 'inconclusive' } });
});

/** https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html */
const failureOf = (requestPayload: unknown) => ({
  version: '1.0',
  timestamp: '2026-11-21T12:00:00.000Z',
  requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 2 },
  requestPayload,
  responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
  responsePayload: { errorType: 'Runtime.ExitError' },
});

it('is answered by the last resort if this function itself has crashed, without a check', async () => {
  const { response, calls } = await ask({
    exported: 'lastResort',
    event: failureOf,
    parameters: { FailOnDenied: 'yes' },
  });
  expect(response).toMatchObject({ Status: 'SUCCESS', Data: { Verdict: 'inconclusive' } });
  expect(calls).toEqual([]);
});

it('fails if it is connected to anything but SNS, so that the dead letter shows it', async () => {
  const error = await ask({ event: () => ({ Records: [{ eventSource: 'aws:s3' }] }) }).catch(
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(FunctionError);
  expect(bucket.puts).toEqual([]);
});
