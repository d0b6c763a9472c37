import { AccessAnalyzerClient, ListAnalyzersCommand } from '@aws-sdk/client-accessanalyzer';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { ListObjectVersionsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts';
import type { Caller, World } from '../../../model/world/world.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/start.ts';
import { delivery, internalBucket, region, serviceAccount, smallWorld } from '../small-world.ts';
import { type RawRequest, send } from './signed-request.ts';

/** One harmless request of each protocol. */
const requests: Readonly<Record<'s3' | 'kms' | 'sts', RawRequest>> = {
  s3: { method: 'PUT', path: `/${internalBucket}/key`, body: 'body' },
  kms: {
    method: 'POST',
    path: '/',
    service: 'kms',
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'TrentService.ListGrants' },
    body: '{}',
  },
  sts: {
    method: 'POST',
    path: '/',
    service: 'sts',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'Action=GetCallerIdentity&Version=2011-06-15',
  },
};

const { sessionToken: _token, ...withoutToken } = delivery;
const minutes = (count: number) => new Date(Date.now() + count * 60_000);

interface Failure {
  readonly name: string;
  readonly caller?: Caller;
  readonly change?: Partial<RawRequest>;
  readonly world?: (world: World) => void;
  readonly answers: Readonly<Record<keyof typeof requests, readonly [status: number, code: string]>>;
}

const failures: readonly Failure[] = [
  {
    name: 'an unknown access key',
    caller: { ...delivery, accessKeyId: 'ASIASTRANGER' },
    answers: {
      s3: [403, 'InvalidAccessKeyId'],
      kms: [400, 'UnrecognizedClientException'],
      sts: [403, 'InvalidClientTokenId'],
    },
  },
  {
    name: 'a temporary key without its session token',
    caller: withoutToken,
    answers: {
      s3: [403, 'InvalidAccessKeyId'],
      kms: [400, 'UnrecognizedClientException'],
      sts: [403, 'InvalidClientTokenId'],
    },
  },
  {
    name: 'the session token of somebody else',
    caller: { ...delivery, sessionToken: 'of somebody else' },
    answers: {
      s3: [400, 'InvalidToken'],
      kms: [400, 'UnrecognizedClientException'],
      sts: [403, 'InvalidClientTokenId'],
    },
  },
  {
    name: 'an expired session',
    caller: delivery,
    world: (world) => world.callers.set(delivery.accessKeyId, { ...delivery, expiresAt: minutes(-1) }),
    answers: { s3: [400, 'ExpiredToken'], kms: [400, 'ExpiredTokenException'], sts: [403, 'ExpiredToken'] },
  },
  {
    name: 'another secret key',
    caller: { ...delivery, secretAccessKey: 'guessed' },
    answers: {
      s3: [403, 'SignatureDoesNotMatch'],
      kms: [400, 'InvalidSignatureException'],
      sts: [403, 'SignatureDoesNotMatch'],
    },
  },
  {
    name: 'a clock that is 20 minutes slow',
    caller: delivery,
    change: { signingDate: minutes(-20) },
    answers: {
      s3: [403, 'RequestTimeTooSkewed'],
      kms: [400, 'InvalidSignatureException'],
      sts: [403, 'SignatureDoesNotMatch'],
    },
  },
  {
    name: 'no signature',
    answers: {
      s3: [403, 'AccessDenied'],
      kms: [400, 'MissingAuthenticationTokenException'],
      sts: [403, 'MissingAuthenticationToken'],
    },
  },
];

describe('requests', () => {
  let sandbox: Sandbox;
  let world: World;
  beforeAll(async () => {
    sandbox = await startSandbox({ world: smallWorld() });
  });
  beforeEach(() => {
    world = smallWorld();
    sandbox.use(world);
  });
  afterAll(() => sandbox.stop());

  const s3 = () => new S3Client({ endpoint: sandbox.url, region, credentials: delivery });

  describe.each(failures)('with $name', ({ caller, change, world: changeWorld, answers }) => {
    test.each(['s3', 'kms', 'sts'] as const)('are rejected with the message of %s', async (service) => {
      changeWorld?.(world);
      const response = await send(sandbox.url, caller, { ...requests[service], ...change });
      const code = service === 'kms' ? JSON.parse(response.body).__type : response.error['Code'];
      expect([response.status, code]).toEqual(answers[service]);
    });
  });

  test('a clock that is 10 minutes slow is accepted only by S3', async () => {
    const signingDate = minutes(-10);
    expect(await send(sandbox.url, delivery, { ...requests.s3, signingDate })).toMatchObject({ status: 200 });
    expect(await send(sandbox.url, delivery, { ...requests.sts, signingDate })).toMatchObject({ status: 403 });
  });

  test('RequestTimeTooSkewed contains both times, so that an SDK can correct its clock', async () => {
    const { error } = await send(sandbox.url, delivery, {
      ...requests.s3,
      signingDate: new Date('2026-01-01T00:00:00Z'),
    });
    expect(error).toMatchObject({
      RequestTime: '20260101T000000Z',
      ServerTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]{8}Z$/),
      MaxAllowedSkewMilliseconds: '900000',
    });
  });

  test.each([
    ['a body', { sentBody: 'another body' }],
    ['a header', { tamper: (headers: Record<string, string>) => Object.assign(headers, { 'x-amz-meta-a': 'other' }) }],
    [
      'a query parameter',
      { tamper: (_: unknown, query: Record<string, string>) => Object.assign(query, { versionId: 'x' }) },
    ],
  ])('%s that was changed after signing is noticed', async (_, change) => {
    const response = await send(sandbox.url, delivery, { ...requests.s3, headers: { 'x-amz-meta-a': 'b' }, ...change });
    expect(['SignatureDoesNotMatch', 'XAmzContentSHA256Mismatch']).toContain(response.error['Code']);
    expect(world.buckets.get(internalBucket)?.objects.size).toBe(0);
  });

  test('a presigned URL works without headers, and has its x-amz headers as parameters', async () => {
    await send(sandbox.url, delivery, requests.s3);
    const presigned = {
      path: `/${internalBucket}/key`,
      presignedForSeconds: 60,
      query: { 'x-amz-checksum-mode': 'ENABLED' },
    };
    const response = await send(sandbox.url, delivery, presigned);
    expect(response).toMatchObject({ status: 200, body: 'body' });
    expect(response.headers['x-amz-checksum-crc64nvme']).toEqual(expect.any(String));
  });

  test.each([
    ['internal.localhost:4566', '/a%20key'],
    ['internal.127.0.0.1', '/a%20key'],
    ['internal.s3.localhost', '/a%20key'],
    ['internal.s3.us-east-1.amazonaws.com', '/a%20key'],
    ['s3.us-east-1.localhost', '/internal/a%20key'],
    ['localhost:4566', '/internal/a%20key'],
  ])('to the host %s with the path %s find the bucket', async (host, path) => {
    const response = await send(sandbox.url, delivery, { ...requests.s3, path, headers: { host } });
    expect(response).toMatchObject({ status: 200 });
    expect([...(world.buckets.get(internalBucket)?.objects.keys() ?? [])]).toEqual(['a key']);
  });

  test('sign the key however its slashes are sent, as the SDK for Java does', async () => {
    const signed = { ...requests.s3, path: `/${internalBucket}/a//b/` };
    const response = await send(sandbox.url, delivery, { ...signed, sentPath: `/${internalBucket}/a/%2Fb/` });
    expect(response).toMatchObject({ status: 200 });
    expect([...(world.buckets.get(internalBucket)?.objects.keys() ?? [])]).toEqual(['a//b/']);
  });

  test('for unsupported operations get an answer that names the operation', async () => {
    const credentials = delivery;
    const options = { endpoint: sandbox.url, region, credentials };
    const answers = await Promise.allSettled([
      s3().send(new ListObjectVersionsCommand({ Bucket: internalBucket })),
      new KMSClient(options).send(new CreateKeyCommand({})),
      new STSClient(options).send(new GetSessionTokenCommand({})),
      new LambdaClient(options).send(new ListFunctionsCommand({})),
      new AccessAnalyzerClient(options).send(new ListAnalyzersCommand({})),
    ]);
    expect(
      answers.map((answer) => answer.status === 'rejected' && `${answer.reason.name}: ${answer.reason.message}`),
    ).toEqual([
      expect.stringMatching(/^NotImplemented: .*s3 ListObjectVersions/),
      expect.stringMatching(/^NotImplemented: .*kms CreateKey/),
      expect.stringMatching(/^NotImplemented: .*sts GetSessionToken/),
      expect.stringMatching(/^NotImplemented: .*lambda GET \/2015-03-31\/functions/),
      expect.stringMatching(/NotImplemented.*: .*service access-analyzer/),
    ]);
  });

  test('of every service get an answer with a request ID', async () => {
    const { $metadata: put } = await s3().send(
      new PutObjectCommand({ Bucket: internalBucket, Key: 'key', Body: 'body' }),
    );
    expect(put).toMatchObject({
      requestId: expect.stringMatching(/^[0-9A-F]{16}$/),
      extendedRequestId: expect.any(String),
    });
    const sts = new STSClient({ endpoint: sandbox.url, region, credentials: delivery });
    const identity = await sts.send(new GetCallerIdentityCommand({}));
    expect(identity).toMatchObject({
      Account: serviceAccount,
      $metadata: { requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    });
  });
});
