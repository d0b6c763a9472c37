import { connect } from 'node:net';
import { HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { type Sandbox, startSandbox } from '../../../sandbox/start.ts';
import { customerAccount, delivery, inboxBucket, internalBucket, region, smallWorld } from '../small-world.ts';
import { type RawRequest, send } from './signed-request.ts';

const gibibyte = 1024 ** 3;
const object = `/${internalBucket}/key`;
const put: RawRequest = { method: 'PUT', path: object, body: 'body' };
const grants: RawRequest = {
  method: 'POST',
  path: '/',
  service: 'kms',
  headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'TrentService.ListGrants' },
  body: '{}',
};
const day = 24 * 3600;

let sandbox: Sandbox;
const bugs: unknown[] = [];
beforeAll(async () => {
  sandbox = await startSandbox({ world: smallWorld(), onBug: (bug) => bugs.push(bug) });
});
beforeEach(() => sandbox.use(smallWorld()));
afterAll(() => sandbox.stop());

/** Sends bytes and keeps the connection open, like a client that has not finished. */
function sendBytes(...lines: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(sandbox.port, '127.0.0.1', () => socket.write(`${lines.join('\r\n')}\r\n\r\n`));
    let answer = '';
    socket.on('data', (data) => {
      answer += data;
      if (answer.includes('\r\n\r\n')) {
        socket.destroy();
        resolve(answer);
      }
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(answer));
  });
}

describe('the Host header', () => {
  test.each(['sandbox.example', 'internal.s3.example', '127.0.0.1.example:80', 'localhost.example'])(
    'that is %j is rejected, because a page in a browser may send it',
    async (host) => {
      const response = await send(sandbox.url, delivery, { ...put, headers: { host } });
      expect(response).toMatchObject({ status: 403, error: { Code: 'AccessDenied' } });
      expect(sandbox.calls).toMatchObject([{ service: 's3' }]);
      expect(await send(sandbox.url, delivery, { path: object })).toMatchObject({ status: 404 });
    },
  );

  test.each(['localhost', 'LOCALHOST:4566', '[::1]:4566', 's3.us-east-1.amazonaws.com'])(
    'that is %s is accepted',
    async (host) => {
      expect(await send(sandbox.url, delivery, { ...put, headers: { host } })).toMatchObject({ status: 200 });
    },
  );

  test.each(['s3', 'kms'])('must be signed for %s', async (service) => {
    const tamper = (headers: Record<string, string>) => {
      headers['authorization'] = (headers['authorization'] ?? '').replace('host;', '');
    };
    const { status, body } = await send(sandbox.url, delivery, { ...(service === 's3' ? put : grants), tamper });
    expect(status).toBe(service === 's3' ? 403 : 400);
    expect(body).toMatch(/host/i);
    expect(body).not.toContain('StringToSign');
  });
});

test('a request that names the whole URL, as to a proxy, is answered', async () => {
  const answer = await sendBytes(`HEAD http://111111111111.127.0.0.1/${inboxBucket} HTTP/1.1`, 'Host: 127.0.0.1');
  expect(answer).toMatch(/x-amz-bucket-region: us-east-1/);
});

describe('a body', () => {
  const proposed = String(6 * gibibyte);

  test('of more than 5 GB is refused before it is sent', async () => {
    const refused = send(sandbox.url, delivery, { ...put, announcedLength: proposed });
    expect(await refused).toMatchObject({
      status: 400,
      error: { Code: 'EntityTooLarge', ProposedSize: proposed, MaxSizeAllowed: String(5 * gibibyte) },
    });
  });

  test('is not read if the request is not signed', async () => {
    const answer = await sendBytes(`PUT ${object} HTTP/1.1`, 'Host: 127.0.0.1', `Content-Length: ${gibibyte}`);
    expect(answer).toMatch(/^HTTP\/1.1 403 /);
    expect(answer).toMatch(/connection: close/i);
  });

  test('is requested only if it is not rejected', async () => {
    const expecting = ['Host: 127.0.0.1', 'Expect: 100-continue'];
    const refused = await sendBytes(`PUT ${object} HTTP/1.1`, ...expecting, `Content-Length: ${gibibyte}`);
    expect(refused).toMatch(/^HTTP\/1.1 403 /);
    expect(await sendBytes(`PUT ${object} HTTP/1.1`, ...expecting, 'Content-Length: 4')).toMatch(/^HTTP\/1.1 100 /);
  });

  test('of unknown length is not implemented by S3', async () => {
    const refused = send(sandbox.url, delivery, { ...put, announcedLength: 'unknown' });
    expect(await refused).toMatchObject({
      status: 501,
      error: { Code: 'NotImplemented', Header: 'Transfer-Encoding' },
    });
  });

  test('of 17 MB is more than KMS accepts', async () => {
    const refused = send(sandbox.url, delivery, { ...grants, announcedLength: String(17 * 1024 ** 2) });
    expect(await refused).toMatchObject({ status: 413 });
  });
});

describe('dates', () => {
  test.each([
    ['0', 403, 'AccessDenied'],
    ['-1', 400, 'AuthorizationQueryParametersError'],
    [String(7 * day + 1), 400, 'AuthorizationQueryParametersError'],
    ['soon', 400, 'AuthorizationQueryParametersError'],
    ['Infinity', 400, 'AuthorizationQueryParametersError'],
  ])('X-Amz-Expires=%s is refused', async (expires, status, Code) => {
    const response = await send(sandbox.url, delivery, {
      path: object,
      presignedForSeconds: 60,
      signingDate: new Date(Date.now() - 2_000),
      tamper: (_, query) => {
        query['X-Amz-Expires'] = expires;
      },
    });
    expect(response).toMatchObject({ status, error: { Code } });
  });

  test('a presigned URL from tomorrow is not valid yet', async () => {
    const response = await send(sandbox.url, delivery, {
      path: object,
      presignedForSeconds: 60,
      signingDate: new Date(Date.now() + day * 1000),
    });
    expect(response).toMatchObject({
      status: 403,
      error: { Code: 'AccessDenied', Message: 'Request is not valid yet' },
    });
  });

  test.each([
    ['s3', put, 400, 'AuthorizationHeaderMalformed'],
    ['kms', grants, 400, 'InvalidSignatureException'],
  ])('the day of the credential must be that of the request, for %s', async (_, request, status, code) => {
    const response = await send(sandbox.url, delivery, {
      ...request,
      tamper: (headers) => {
        headers['authorization'] = (headers['authorization'] ?? '').replace(/\/\d{8}\//, '/20200101/');
      },
    });
    expect(response.status).toBe(status);
    expect(response.body).toContain(code);
  });
});

describe('Signature Version 2', () => {
  test.each<[string, RawRequest['tamper']]>([
    ['in the header', (headers) => void Object.assign(headers, { authorization: 'AWS AKID:c2lnbmF0dXJl' })],
    [
      'in the query',
      (headers, query) => {
        delete headers['authorization'];
        Object.assign(query, { AWSAccessKeyId: 'AKID', Signature: 'c2lnbmF0dXJl', Expires: '1800000000' });
      },
    ],
  ])('%s is not implemented, and named', async (_, tamper) => {
    const response = await send(sandbox.url, delivery, { path: object, ...(tamper && { tamper }) });
    expect(response).toMatchObject({ status: 501, error: { Code: 'NotImplemented' } });
    expect(response.error['Message']).toContain('Signature Version 2');
  });
});

test("without credentials HeadBucket reveals a bucket's Region, and if it exists", async () => {
  const head = (path: string) => send(sandbox.url, undefined, { method: 'HEAD', path });
  expect(await head(`/${inboxBucket}`)).toMatchObject({ status: 403, headers: { 'x-amz-bucket-region': region } });
  expect(await head('/no-such-bucket')).toMatchObject({ status: 404 });
});

test("an answer that can't be sent is a 500 and a bug, and the connection stays", async () => {
  const response = { status: 200, headers: { 'x-wrong': 'line\nbreak' }, body: '' };
  let isBroken = true;
  const broken = await startSandbox({
    world: smallWorld(),
    intercept: () => (isBroken ? { kind: 'answer', response } : undefined),
    onBug: (bug) => bugs.push(bug),
  });
  const client = new S3Client({ endpoint: broken.url, region, credentials: delivery, maxAttempts: 1 });
  const command = new PutObjectCommand({ Bucket: internalBucket, Key: 'key', Body: 'body' });
  await expect(client.send(command)).rejects.toMatchObject({
    name: 'InternalError',
    $metadata: { httpStatusCode: 500 },
  });
  expect(bugs).toEqual([expect.objectContaining({ code: 'ERR_INVALID_CHAR' })]);
  isBroken = false;
  await client.send(command);
  await expect(client.send(new HeadObjectCommand({ Bucket: 'other', Key: customerAccount }))).rejects.toThrow();
  await broken.stop();
});
