import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startFunctionProcess } from '../../bench/function-process.ts';

let bundleDir: string;

beforeEach(() => {
  bundleDir = mkdtempSync(join(tmpdir(), 'function-process-'));
});
afterEach(() => rmSync(bundleDir, { recursive: true }));

async function invoke(handler: string, event: unknown = {}) {
  writeFileSync(join(bundleDir, 'handler.mjs'), `export const handler = ${handler};`);
  const environment = { INTERNAL_BUCKET: 'a-bucket' };
  const running = startFunctionProcess({ bundleDir, environment, functionArn: 'arn:of:the:function' });
  return running.invoke(event).finally(() => running.stop());
}

it("returns the handler's answer; the handler sees the event, its context and only its own environment", async () => {
  process.env['SECRET_OF_THIS_PROCESS'] = 'x';
  const handler = `async (event, { invokedFunctionArn, getRemainingTimeInMillis }) => ({
    event, invokedFunctionArn, time: getRemainingTimeInMillis() > 0, bucket: process.env.INTERNAL_BUCKET,
    secret: process.env.SECRET_OF_THIS_PROCESS ?? 'none', loader: process.execArgv,
  })`;
  const { answer } = await invoke(handler, { customer: 'acme' });
  delete process.env['SECRET_OF_THIS_PROCESS'];
  expect(answer).toEqual({
    event: { customer: 'acme' },
    invokedFunctionArn: 'arn:of:the:function',
    time: true,
    bucket: 'a-bucket',
    secret: 'none',
    loader: [],
  });
});

it('measures the memory of the function, not of the process that started it', async () => {
  // Kept while the function starts: more memory than any small process has.
  const ballast = Buffer.alloc(300 * 1024 * 1024, 1);
  const small = await invoke('async () => {}');
  const large = await invoke('async () => { globalThis.kept = Buffer.alloc(200 * 1024 * 1024, 1); }');
  expect(ballast.length).toBeGreaterThan(small.peakMemoryMib * 1024 * 1024);
  expect(large.peakMemoryMib - small.peakMemoryMib).toBeGreaterThan(150);
});

it('measures each request of an invocation, and none of the one before', async () => {
  const handler = `async (event) => {
    const { createServer, get } = await import('node:http');
    const server = createServer((_, response) => response.end('x')).listen(0, '127.0.0.1');
    await new Promise((listening) => server.once('listening', listening));
    for (let request = 0; request < event.requests; request++) {
      await new Promise((done) => get({ port: server.address().port, agent: false }, (response) => response.resume().on('end', done)));
    }
    server.close();
  }`;
  writeFileSync(join(bundleDir, 'handler.mjs'), `export const handler = ${handler};`);
  const running = startFunctionProcess({ bundleDir, environment: {}, functionArn: '' });
  try {
    const first = await running.invoke({ requests: 3 });
    const second = await running.invoke({ requests: 1 });
    expect([first.requestMs.length, second.requestMs.length]).toEqual([3, 1]);
    const together = first.requestMs.reduce((total, ms) => total + ms, 0);
    expect(together).toBeGreaterThan(0);
    expect(together).toBeLessThanOrEqual(first.wallMs);
  } finally {
    await running.stop();
  }
});

it("reports the handler's error", async () => {
  await expect(invoke(`async () => { throw new Error('no such bucket'); }`)).rejects.toThrow(
    'The function failed: no such bucket',
  );
});

it('reports that the process ended, instead of waiting forever', async () => {
  await expect(invoke('async () => process.exit(7)')).rejects.toThrow("The function's process ended: exit status 7");
});
