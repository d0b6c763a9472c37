import { createServer } from 'node:net';
import { HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CannotListen, type InjectedFault, type Sandbox, startSandbox } from '../../sandbox/start.ts';
import { AwsError } from '../../sandbox/wire/operation.ts';
import { delivery, inboxBucket, internalBucket, region, smallWorld } from './small-world.ts';

const put = () => new PutObjectCommand({ Bucket: internalBucket, Key: 'key', Body: 'body' });

describe('startSandbox', () => {
  const started: Sandbox[] = [];
  const start = async (options: Partial<Parameters<typeof startSandbox>[0]> = {}) => {
    const sandbox = await startSandbox({ world: smallWorld(), ...options });
    started.push(sandbox);
    return sandbox;
  };
  afterEach(() => Promise.all(started.splice(0).map((sandbox) => sandbox.stop())));

  const client = ({ url }: Sandbox, more: object = {}) =>
    new S3Client({ endpoint: url, region, credentials: delivery, maxAttempts: 1, ...more });

  test('listens on loopback only, on a free port', async () => {
    const [one, other] = [await start(), await start()];
    expect(one.url).toBe(`http://127.0.0.1:${one.port}`);
    expect(one.port).not.toBe(other.port);
  });

  test('counts every request by service and operation, including rejected ones, until another world is used', async () => {
    const sandbox = await start();
    await client(sandbox).send(put());
    await expect(
      client(sandbox).send(new HeadObjectCommand({ Bucket: inboxBucket, Key: 'nothing' })),
    ).rejects.toThrow();
    expect(sandbox.calls).toMatchObject([
      { service: 's3', operation: 'PutObject', at: expect.any(Date) },
      { service: 's3', operation: 'HeadObject' },
    ]);
    sandbox.use(smallWorld());
    expect(sandbox.calls).toEqual([]);
  });

  test('serves another world after use()', async () => {
    const sandbox = await start();
    const other = smallWorld();
    sandbox.use(other);
    await client(sandbox).send(put());
    expect(other.buckets.get(internalBucket)?.objects.has('key')).toBe(true);
  });

  test('delays each answer by the latency', async () => {
    const sandbox = await start({ latencyMs: 80 });
    const before = Date.now();
    await client(sandbox).send(put());
    // A timer may fire up to a millisecond early.
    expect(Date.now() - before).toBeGreaterThanOrEqual(79);
  });

  const faults: readonly [string, InjectedFault, object][] = [
    [
      'an error of the service',
      { kind: 'error', error: new AwsError('SlowDown', 503, 'Please reduce your request rate.') },
      { name: 'SlowDown', $metadata: { httpStatusCode: 503 } },
    ],
    [
      'any bytes',
      { kind: 'answer', response: { status: 500, headers: {}, body: 'garbage, not <XML' } },
      { $metadata: { httpStatusCode: 500 } },
    ],
    ['a reset connection', { kind: 'reset' }, { message: expect.stringMatching(/ECONNRESET|socket hang up/) }],
  ];
  test.each(faults)('injects %s into the selected requests', async (_, fault, expected) => {
    const sandbox = await start({ intercept: ({ operation }) => (operation === 'PutObject' ? fault : undefined) });
    await expect(client(sandbox).send(put())).rejects.toMatchObject(expected);
    await expect(
      client(sandbox).send(new HeadObjectCommand({ Bucket: internalBucket, Key: 'key' })),
    ).rejects.toMatchObject({
      $metadata: { httpStatusCode: 404 },
    });
  });

  test('leaves a request without an answer, and can still be stopped', async () => {
    const sandbox = await start({ intercept: () => ({ kind: 'hang' }) });
    const waiting = client(sandbox).send(put());
    const outcome = expect(waiting).rejects.toThrow();
    while (sandbox.calls.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await sandbox.stop();
    await outcome;
  });

  test('shows an interceptor each request before it is verified', async () => {
    const seen: unknown[] = [];
    const sandbox = await start({
      intercept: ({ service, operation, region: where, accessKeyId }) => {
        seen.push({ service, operation, where, accessKeyId });
        return undefined;
      },
    });
    await client(sandbox).send(put());
    expect(seen).toEqual([{ service: 's3', operation: 'PutObject', where: region, accessKeyId: delivery.accessKeyId }]);
  });

  test('names the port in use, and a fix', async () => {
    const occupant = createServer();
    await new Promise<void>((resolve) => occupant.listen(0, '127.0.0.1', resolve));
    const address = occupant.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const failed = await startSandbox({ world: smallWorld(), port }).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(CannotListen);
    expect(failed).toMatchObject({ message: expect.stringContaining(`Port ${port} on 127.0.0.1 is in use`) });
    occupant.close();
  });

  test('rejects a number that is not a port', async () => {
    await expect(startSandbox({ world: smallWorld(), port: 70_000 })).rejects.toThrow(/Port 70000 does not exist/);
  });
});
