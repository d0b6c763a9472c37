import { Readable } from 'node:stream';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Caller, World } from '../../../model/world/world.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/start.ts';
import {
  delivery,
  editBucket,
  internalBucket,
  region,
  serviceAccount,
  serviceRoot,
  smallWorld,
} from '../small-world.ts';
import { send } from './signed-request.ts';

/**
 * The worked examples of https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html and
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html: 65 KiB of "a" in two chunks. All
 * signatures are AWS's.
 */
const exampleCaller: Caller = {
  ...serviceRoot,
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};

const chunks = [
  { size: 0x10000, signature: 'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648' },
  { size: 0x400, signature: '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497' },
  { size: 0, signature: 'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9' },
];
const chunksBeforeTrailer = [
  { size: 0x10000, signature: 'b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2' },
  { size: 0x400, signature: '1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7' },
  { size: 0, signature: '2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992' },
];
const trailer =
  'x-amz-checksum-crc32c:sOO8/Q==\r\nx-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n';

function framed(parts: readonly { readonly size: number; readonly signature: string }[], end = '\r\n'): string {
  return parts
    .map(
      ({ size, signature }) =>
        `${size.toString(16)};chunk-signature=${signature}\r\n${'a'.repeat(size)}${size > 0 ? '\r\n' : end}`,
    )
    .join('');
}

const common = {
  host: 's3.amazonaws.com',
  'content-encoding': 'aws-chunked',
  'x-amz-date': '20130524T000000Z',
  'x-amz-decoded-content-length': '66560',
  'x-amz-storage-class': 'REDUCED_REDUNDANCY',
};

function authorization(headers: readonly string[], signature: string): string {
  return `AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=${[...headers].sort().join(';')},Signature=${signature}`;
}

const path = '/examplebucket/chunkObject.txt';

describe('aws-chunked bodies', () => {
  let sandbox: Sandbox;
  let world: World;

  beforeAll(async () => {
    sandbox = await startSandbox({ world: smallWorld() });
  });
  afterAll(() => sandbox.stop());

  /** The sandbox in the world of AWS's examples, in 2013. */
  function inExample(): void {
    world = smallWorld({ now: () => new Date('2013-05-24T00:00:00Z') });
    world.callers.set(exampleCaller.accessKeyId, exampleCaller);
    const bucket = world.buckets.get(internalBucket);
    if (bucket) world.buckets.set('examplebucket', { ...bucket, name: 'examplebucket' });
    editBucket(world, 'examplebucket', { accountId: serviceAccount, objects: new Map() });
    sandbox.use(world);
  }
  const stored = () => world.buckets.get('examplebucket')?.objects.get('chunkObject.txt');

  const signedChunks = (body: string) => {
    const headers = {
      ...common,
      'content-length': '66824',
      'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
    };
    const seed = '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9';
    return send(sandbox.url, undefined, {
      method: 'PUT',
      path,
      headers: { ...headers, authorization: authorization(Object.keys(headers), seed) },
      body,
    });
  };

  const signedTrailer = (body: string) => {
    const headers = {
      ...common,
      'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
      'x-amz-trailer': 'x-amz-checksum-crc32c',
    };
    const seed = '106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e';
    return send(sandbox.url, undefined, {
      method: 'PUT',
      path,
      headers: { ...headers, authorization: authorization(Object.keys(headers), seed) },
      body,
    });
  };

  test("AWS's own example of signed chunks is accepted and decoded", async () => {
    inExample();
    expect(await signedChunks(framed(chunks))).toMatchObject({ status: 200, error: {} });
    expect(stored()?.body.equals(Buffer.alloc(66560, 'a'))).toBe(true);
  });

  test('a changed byte in a chunk breaks its signature, and nothing is stored', async () => {
    inExample();
    const response = await signedChunks(framed(chunks).replace('aaa', 'aab'));
    expect(response).toMatchObject({ status: 403, error: { Code: 'SignatureDoesNotMatch' } });
    expect(stored()).toBeUndefined();
  });

  test("AWS's own example of a signed trailer is accepted, and its checksum is compared and kept", async () => {
    inExample();
    expect(await signedTrailer(framed(chunksBeforeTrailer, '') + trailer)).toMatchObject({ status: 200, error: {} });
    expect(stored()).toMatchObject({ checksums: { crc32c: 'sOO8/Q==' } });
  });

  test('a changed trailer breaks its signature', async () => {
    inExample();
    const response = await signedTrailer(framed(chunksBeforeTrailer, '') + trailer.replace('sOO8', 'sOO9'));
    expect(response).toMatchObject({ status: 403, error: { Code: 'SignatureDoesNotMatch' } });
  });

  const unsigned = (body: string, headers: Record<string, string> = {}) => {
    world = smallWorld();
    sandbox.use(world);
    return send(sandbox.url, delivery, {
      method: 'PUT',
      path: `/${internalBucket}/streamed`,
      headers: {
        'content-encoding': 'gzip,aws-chunked',
        'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
        'x-amz-decoded-content-length': '5',
        'x-amz-trailer': 'x-amz-checksum-crc32',
        ...headers,
      },
      body,
    });
  };

  test('unsigned chunks with a right checksum are accepted', async () => {
    const response = await unsigned('5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n');
    expect(response).toMatchObject({ status: 200, headers: { 'x-amz-checksum-crc32': 'NhCmhg==' } });
    expect(world.buckets.get(internalBucket)?.objects.get('streamed')?.body.toString()).toBe('hello');
  });

  test.each([
    ['a wrong checksum', '5\r\nhello\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n', {}, 'BadDigest'],
    ['a trailer that was announced and is missing', '5\r\nhello\r\n0\r\n\r\n', {}, 'MalformedTrailerError'],
    ['a body that ends in a chunk', '5\r\nhel', {}, 'IncompleteBody'],
    ['a chunk without a size', 'hello\r\n0\r\n\r\n', {}, 'IncompleteBody'],
    [
      'another length than announced',
      '5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n',
      { 'x-amz-decoded-content-length': '6' },
      'IncompleteBody',
    ],
    [
      'a form that does not exist',
      '5\r\nhello\r\n0\r\n\r\n',
      { 'x-amz-content-sha256': 'STREAMING-SOMETHING' },
      'InvalidArgument',
    ],
  ])('%s is refused', async (_, body, headers, code) => {
    expect(await unsigned(body, headers)).toMatchObject({ status: 400, error: { Code: code } });
    expect(world.buckets.get(internalBucket)?.objects.size).toBe(0);
  });

  test.each(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const)(
    'the SDK streams a body with a %s trailer and verifies it when it reads the object',
    async (algorithm) => {
      sandbox.use(smallWorld());
      const s3 = new S3Client({ endpoint: sandbox.url, region, credentials: delivery });
      const body = Readable.from([Buffer.alloc(70_000, 'x'), Buffer.from('the end')]);
      const on = { Bucket: internalBucket, Key: 'streamed' };
      await s3.send(new PutObjectCommand({ ...on, Body: body, ContentLength: 70_007, ChecksumAlgorithm: algorithm }));
      const read = await s3.send(new GetObjectCommand({ ...on, ChecksumMode: 'ENABLED' }));
      expect(read[`Checksum${algorithm}`]).toEqual(expect.any(String));
      expect(await read.Body?.transformToString()).toHaveLength(70_007);
      s3.destroy();
    },
  );
});
