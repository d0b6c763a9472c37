import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  FunctionError,
  type FunctionSettings,
  type RunningFunction,
  startFunction,
} from '../../sandbox/lambda-runtime.ts';
import { openOnLoopback } from '../../sandbox/server/listen.ts';

const folders: string[] = [];
const running: RunningFunction[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop()));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function start(
  source: string,
  settings: Partial<FunctionSettings> = {},
  others: Readonly<Record<string, string>> = {},
): RunningFunction {
  const bundleDir = mkdtempSync(join(tmpdir(), 'lambda-runtime-'));
  folders.push(bundleDir);
  for (const [file, text] of Object.entries({ 'handler.mjs': source, ...others }))
    writeFileSync(join(bundleDir, file), text);
  const started = startFunction({ bundleDir, environment: {}, ...settings });
  running.push(started);
  return started;
}

/** @returns the type and message of the error, so that one matcher covers both */
async function failureOf(invocation: Promise<unknown>): Promise<unknown> {
  const error = await invocation.catch((reason: unknown) => reason);
  return error instanceof FunctionError ? { type: error.errorType, message: error.message } : { answered: error };
}

const echo = 'export const handler = async (event) => ({ got: event });';

describe('a function', () => {
  test('answers several events, each after a round trip through JSON', async () => {
    const fn = start('let n = 0; export const handler = async (event) => ({ event, n: ++n, gone: undefined });');
    expect(await fn.invoke({ a: 1, gone: undefined })).toEqual({ event: { a: 1 }, n: 1 });
    expect(Object.keys((await fn.invoke({})) as object)).toEqual(['event', 'n']);
  });

  test('loses its state when it starts over, and keeps its libraries', async () => {
    const source = `import './library.mjs';
      let n = 0;
      export const handler = async () => ({ n: ++n, loaded: globalThis.loaded });`;
    const fn = start(source, {}, { 'library.mjs': 'globalThis.loaded = (globalThis.loaded ?? 0) + 1;' });
    expect(await fn.invoke({})).toEqual({ n: 1, loaded: 1 });
    expect(await fn.invoke({})).toEqual({ n: 2, loaded: 1 });
    fn.startOver();
    expect(await fn.invoke({})).toEqual({ n: 1, loaded: 1 });
  });

  test('starts over with other settings, and sees nothing of the earlier ones', async () => {
    const source = `const seen = { ...process.env };
      export const handler = async (_, { invokedFunctionArn: arn }) => ({ seen, arn });`;
    const fn = start(source, { environment: { INTERNAL_BUCKET: 'a', REGISTRY_BUCKET: 'r' } });
    const functionArn = 'arn:aws:lambda:eu-west-1:999999999999:function:other';
    fn.startOver({ environment: { INTERNAL_BUCKET: 'b' }, functionArn });
    const { seen, arn } = (await fn.invoke({})) as { seen: Record<string, string>; arn: string };
    expect(arn).toBe(functionArn);
    expect(seen).toMatchObject({ INTERNAL_BUCKET: 'b', AWS_REGION: 'eu-west-1', AWS_LAMBDA_FUNCTION_NAME: 'other' });
    expect(seen).not.toHaveProperty('REGISTRY_BUCKET');
  });

  test('reuses a connection until it starts over, which closes it', async () => {
    const server = createServer((_, response) => response.end());
    const ends: Promise<unknown>[] = [];
    server.on('connection', (socket) => ends.push(once(socket, 'close')));
    const { port, stop } = await openOnLoopback(server);
    const fn = start(`import { Agent, get } from 'node:http';
      const agent = new Agent({ keepAlive: true });
      export const handler = (port) => new Promise((resolve, reject) => {
        get({ host: '127.0.0.1', port, agent }, (answer) => answer.resume().on('close', resolve)).on('error', reject);
      });`);
    for (let times = 0; times < 2; times++) await fn.invoke(port);
    expect(ends).toHaveLength(1);
    fn.startOver();
    await fn.invoke(port);
    await ends[0];
    expect(ends).toHaveLength(2);
    await fn.stop();
    await stop();
  });

  test('returns null if the handler returns nothing', async () => {
    expect(await start('export const handler = async () => {};').invoke({})).toBeNull();
  });

  test('sees only its own environment', async () => {
    process.env['LAMBDA_RUNTIME_TEST'] = 'leaked';
    const fn = start('export const handler = async () => process.env;', { environment: { INTERNAL_BUCKET: 'b' } });
    const seen = (await fn.invoke({})) as Record<string, string>;
    delete process.env['LAMBDA_RUNTIME_TEST'];
    expect(seen).toMatchObject({ INTERNAL_BUCKET: 'b', AWS_LAMBDA_FUNCTION_NAME: 'customer_configuration_check' });
    expect(seen).not.toHaveProperty('LAMBDA_RUNTIME_TEST');
    expect(seen).not.toHaveProperty('HOME');
  });

  test("gets Lambda's context, with the remaining time", async () => {
    const source = `export const handler = async (_, context) => ({
      arn: context.invokedFunctionArn,
      id: context.awsRequestId,
      memory: context.memoryLimitInMB,
      left: context.getRemainingTimeInMillis(),
    });`;
    const functionArn = 'arn:aws:lambda:eu-west-1:999999999999:function:other';
    const fn = start(source, { timeoutMs: 20_000, memoryMb: 99, functionArn });
    const context = (await fn.invoke({})) as Record<string, unknown>;
    expect(context).toMatchObject({ arn: functionArn, memory: '99' });
    expect(context['id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(context['left']).toBeGreaterThan(0);
    expect(context['left']).toBeLessThanOrEqual(20_000);
  });

  test('writes its log lines to the given sink, not to our stdout', async () => {
    const lines: string[] = [];
    const source = "export const handler = async () => { console.log('one\\ntwo'); console.error('three'); };";
    await start(source, { log: (line) => lines.push(line) }).invoke({});
    expect(lines.toSorted()).toEqual(['one', 'three', 'two']);
  });

  test('rejects a second event while it handles the first', async () => {
    const fn = start(echo);
    const first = fn.invoke(1);
    await expect(fn.invoke(2)).rejects.toThrow('one event at a time');
    expect(await first).toEqual({ got: 1 });
  });
});

describe('a function that fails', () => {
  test.each([
    {
      why: 'throws',
      source: "export const handler = async () => { throw new RangeError('too far'); };",
      failure: { type: 'RangeError', message: 'too far' },
    },
    {
      why: 'throws what is no error',
      source: "export const handler = async () => { throw 'text'; };",
      failure: { type: 'Error', message: 'text' },
    },
    {
      why: 'calls process.exit',
      source: 'export const handler = async () => process.exit(3);',
      failure: { type: 'Runtime.ExitError', message: 'Runtime exited with error: exit status 3' },
    },
    {
      why: 'calls process.exit while it is loaded',
      source: 'process.exit(4); export const handler = 1;',
      failure: { type: 'Runtime.ExitError', message: 'Runtime exited with error: exit status 4' },
    },
    {
      why: 'crashes outside the handler',
      source: "export const handler = () => new Promise(() => setTimeout(() => { throw new Error('in a timer'); }));",
      failure: { type: 'Runtime.UnhandledError', message: 'Error: in a timer' },
    },
    {
      why: 'exports no handler',
      source: 'export const main = 1;',
      failure: { type: 'Runtime.HandlerNotFound', message: expect.stringContaining('exports no function "handler"') },
    },
    {
      why: 'cannot be loaded',
      source: 'export const handler = ;',
      failure: { type: 'SyntaxError', message: expect.stringContaining('Unexpected token') },
    },
  ])('because it $why', async ({ source, failure }) => {
    expect(await failureOf(start(source).invoke({}))).toEqual(failure);
  });

  test('because it takes too long', async () => {
    const fn = start('export const handler = () => new Promise(() => setTimeout(() => {}, 60_000));', {
      timeoutMs: 50,
    });
    expect(await failureOf(fn.invoke({}))).toEqual({
      type: 'Sandbox.Timedout',
      message: 'Task timed out after 0.05 seconds',
    });
  });

  test('because it never yields the processor', async () => {
    const fn = start('export const handler = () => { for (;;); };', { timeoutMs: 50 });
    expect(await failureOf(fn.invoke({}))).toMatchObject({ type: 'Sandbox.Timedout' });
  });

  test('because it takes too much memory', async () => {
    const fn = start('export const handler = () => { const all = []; for (;;) all.push(new Array(1e5).fill(all)); };', {
      memoryMb: 16,
    });
    expect(await failureOf(fn.invoke({}))).toMatchObject({ type: 'Runtime.OutOfMemory' });
  });

  test('answers the next event from a fresh isolate', async () => {
    const fn = start("let n = 0; export const handler = async (e) => (e === 'die' ? process.exit(1) : ++n);");
    expect(await fn.invoke({})).toBe(1);
    await failureOf(fn.invoke('die'));
    expect(await fn.invoke({})).toBe(1);
  });
});
