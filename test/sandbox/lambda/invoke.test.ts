import { InvokeCommand, type InvokeCommandInput, LambdaClient } from '@aws-sdk/client-lambda';
import { placeInWorld } from '../../../cli/run/function-settings.ts';
import type { World } from '../../../model/world/world.ts';
import { assembly } from '../../../sandbox/assembly.ts';
import { defaultScenario } from '../../../sandbox/scenario-files.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/start.ts';
import { failureOf } from '../kms/served-world.ts';

let sandbox: Sandbox;
let without: Sandbox;
let world: World;

beforeAll(async () => {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  const accountA = await assembly();
  const { bundleDir } = accountA;
  ({ world } = await defaultScenario(accountA));
  sandbox = await startSandbox({ world, functionIn: (of, url) => ({ bundleDir, ...placeInWorld(of, url) }) });
  without = await startSandbox({ world });
});
afterAll(() => Promise.all([sandbox.stop(), without.stop()]));

async function invoke(input: Partial<InvokeCommandInput>, accountId = world.serviceAccountId, url = sandbox.url) {
  const credentials = [...world.callers.values()].find(({ arn }) => arn === `arn:aws:iam::${accountId}:root`);
  if (!credentials) throw new Error(`nobody is root of ${accountId}`);
  const client = new LambdaClient({ endpoint: url, region: 'us-east-1', credentials, maxAttempts: 1 });
  const command = new InvokeCommand({ FunctionName: 'customer_configuration_check', ...input });
  const { Payload, LogResult, FunctionError } = await client.send(command);
  const log = Buffer.from(LogResult ?? '', 'base64').toString();
  return { log, FunctionError, payload: JSON.parse(Buffer.from(Payload ?? []).toString()) };
}

test('the bundle runs against the served world, and returns its log on request', async () => {
  const { payload, log, FunctionError } = await invoke({
    Payload: Buffer.from(JSON.stringify(world.defaultEvent)),
    LogType: 'Tail',
  });
  expect(payload).toMatchObject({ customer: 'acme', verdict: 'passed' });
  expect(log).toContain('"verdict":"passed"');
  expect(FunctionError).toBeUndefined();
  expect(sandbox.calls.map(({ operation }) => operation)).toContain('CopyObject');
});

test('an invocation keeps no state from the previous one', async () => {
  const input = { Payload: Buffer.from(JSON.stringify(world.defaultEvent)), LogType: 'Tail' } as const;
  const assumed = () => sandbox.calls.filter(({ operation }) => operation === 'AssumeRole').length;
  const before = assumed();
  const logs = [await invoke(input), await invoke(input)].map(({ log }) => log.match(/"verdict":"passed"/g)?.length);
  expect(assumed() - before).toBe(2);
  expect(logs[1]).toBe(logs[0]);
});

test("returns the function's error as Lambda does", async () => {
  const { payload, FunctionError, log } = await invoke({ Payload: Buffer.from('{}') });
  expect(FunctionError).toBe('Unhandled');
  expect(payload).toMatchObject({
    errorType: 'InvalidTestEvent',
    errorMessage: expect.stringContaining('- customer: '),
  });
  expect(log).toBe('');
});

test.each<[string, () => Promise<unknown>, string, RegExp]>([
  ['an unknown function', () => invoke({ FunctionName: 'other' }), 'ResourceNotFoundException', /function:other$/],
  [
    "another account's",
    () => invoke({}, world.customerAccountId),
    'ResourceNotFoundException',
    /222222222222:function/,
  ],
  ['a payload that is no JSON', () => invoke({ Payload: Buffer.from('{') }), 'InvalidRequestContentException', /json/],
  ['an asynchronous invocation', () => invoke({ InvocationType: 'Event' }), 'NotImplemented', /InvocationType Event/],
  ['a sandbox without the bundle', () => invoke({}, undefined, without.url), 'NotImplemented', /the bundle/],
])('%s is refused', async (_, call, code, says) => {
  expect(await failureOf(call())).toMatchObject({ code, message: expect.stringMatching(says) });
});
