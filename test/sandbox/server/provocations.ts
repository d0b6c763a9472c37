import type { StoredObject, World } from '../../../model/world/world.ts';
import { customerAccount, delivery, editKey, internalBucket, serviceKeyArn } from '../small-world.ts';
import type { RawRequest } from './signed-request.ts';

const object = `/${internalBucket}/test-key`;
const put = (headers: Record<string, string> = {}, path = object): RawRequest => ({
  method: 'PUT',
  path,
  headers,
  body: 'test-body',
});
const sse = 'x-amz-server-side-encryption';
const kms = (keyId: string) => put({ [sse]: 'aws:kms', [`${sse}-aws-kms-key-id`]: keyId });
const sseC = (headers: Record<string, string>) =>
  put(Object.fromEntries(Object.entries(headers).map(([name, value]) => [`${sse}-customer-${name}`, value])));
const ownKey = Buffer.alloc(32, 'k').toString('base64');
const withChecksum = (name: string, value: string) => put({ [`x-amz-checksum-${name}`]: value });
const policyOf = (expectedOwner: string): RawRequest => ({
  path: `/${internalBucket}`,
  query: { policy: '' },
  headers: { 'x-amz-expected-bucket-owner': expectedOwner },
});
/** An object of eight bytes, encrypted with SSE-S3. */
export const stored = (key: string, body: string): StoredObject => ({
  key,
  body: Buffer.from(body),
  etag: '"8d777f385d3dfec8815d20f7496026dc"',
  lastModified: new Date('2026-01-01T00:00:00Z'),
  contentType: 'text/plain',
  metadata: {},
  tags: {},
  encryption: { sseAlgorithm: 'AES256', bucketKeyEnabled: false, context: {} },
  checksums: {},
});

/** Requests that S3 answers with an error. */
export interface Provocation {
  readonly request: RawRequest;
  readonly world?: (world: World) => void;
}

/** Keyed by the recorded text, otherwise by the code. */
export const provocations: Readonly<Record<string, Provocation>> = {
  'The specified bucket does not exist': { request: { path: '/no-such-bucket/key' } },
  'The requested range is not satisfiable': {
    request: { path: `/${internalBucket}/eight`, headers: { range: 'bytes=1024-4096' } },
  },
  'The specified key does not exist.': {
    request: { path: `/${internalBucket}/my-key`, headers: { range: 'bytes=0-1' } },
  },
  ...Object.fromEntries(
    [
      ['crc32', 4],
      ['crc32c', 4],
      ['sha1', 20],
      ['sha256', 32],
      ['crc64nvme', 8],
    ].flatMap(([name, bytes]) => [
      [
        `Value for x-amz-checksum-${name} header is invalid.`,
        { request: withChecksum(String(name), 'bm90IGEgY2hlY2tzdW0hISE=') },
      ],
      [
        `The ${String(name).toUpperCase()} you specified did not match the calculated checksum.`,
        { request: withChecksum(String(name), Buffer.alloc(Number(bytes), 1).toString('base64')) },
      ],
    ]),
  ),
  'At least one of the pre-conditions you specified did not hold': {
    request: { path: `/${internalBucket}/eight`, headers: { 'if-match': '"other"' } },
  },
  'The Content-MD5 you specified was invalid.': { request: put({ 'content-md5': '__invalid__' }) },
  'The Content-MD5 you specified did not match what we received.': {
    request: {
      ...put({ 'content-md5': Buffer.from('09891eb590524e35fc73372cddc5d596', 'hex').toString('base64') }),
      body: 'something',
    },
  },
  'The specified bucket is not valid.': { request: { path: '/UpperCase/key' } },
  'Not Found': { request: { method: 'HEAD', path: '/no-such-bucket' } },
  InvalidArgument: { request: put({ 'x-amz-acl': 'fake-acl' }) },
  'Invalid group uri': {
    request: put({ 'x-amz-grant-read': 'uri="http://acs.amazonaws.com/groups/s3/FakeGroup"' }),
  },
  'Argument format not recognized': { request: put({ 'x-amz-grant-write': 'fakekey="1234"' }) },
  'Invalid id': { request: put({ 'x-amz-grant-read': 'id="wrong-id"' }) },
  'Specifying both Canned ACLs and Header Grants is not allowed': {
    request: put({ 'x-amz-acl': 'private', 'x-amz-grant-read': 'id="wrong-id"' }),
  },
  'The request signature we calculated does not match the signature you provided. Check your key and signing method.': {
    request: {
      path: object,
      tamper: (headers) => {
        headers['authorization'] = (headers['authorization'] ?? '').replace(/[0-9a-f]$/, (digit) =>
          digit === '0' ? '1' : '0',
        );
      },
    },
  },
  'There were headers present in the request which were not signed': {
    request: {
      ...put(),
      presignedForSeconds: 60,
      unsignedHeaders: { 'x-amz-decoded-content-length': '9', 'x-amz-date': '20260101T000000Z' },
    },
  },
  'Request has expired': {
    request: { path: object, presignedForSeconds: 60, signingDate: new Date(Date.now() - 120_000) },
  },
  'Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters': {
    request: {
      path: object,
      tamper: (headers, query) => {
        delete headers['authorization'];
        Object.assign(query, { AWSAccessKeyId: delivery.accessKeyId, Expires: '1800000000' });
      },
    },
  },
  'Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.':
    {
      request: {
        path: object,
        presignedForSeconds: 60,
        tamper: (_headers, query) => {
          delete query['X-Amz-Signature'];
        },
      },
    },
  'Error parsing the X-Amz-Credential parameter; the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".':
    {
      request: {
        path: object,
        presignedForSeconds: 60,
        tamper: (_headers, query) => {
          query['X-Amz-Credential'] = encodeURIComponent(query['X-Amz-Credential'] ?? '');
        },
      },
    },
  "Invalid keyId 'fake-key-id'": { request: kms('fake-key-id') },
  "Key 'arn:<partition>:kms:<region_1>:111111111111:key/134f2428-cec1-4b25-a1ae-9048164dba47' does not exist": {
    request: kms('134f2428-cec1-4b25-a1ae-9048164dba47'),
  },
  "Key 'arn:<partition>:kms:<region_1>:111111111111:key/<uuid:1>' does not exist": {
    request: kms(serviceKeyArn.replace('0001', '9999')),
  },
  'Invalid arn <region_2>': { request: kms(serviceKeyArn.replace('us-east-1', 'us-west-2')) },
  'arn:<partition>:kms:<region>:111111111111:key/<uuid:1> is disabled.': {
    request: kms(serviceKeyArn),
    world: (world) => editKey(world, serviceKeyArn, { state: 'Disabled' }),
  },
  'arn:<partition>:kms:<region>:111111111111:key/<uuid:1> is pending deletion.': {
    request: kms(serviceKeyArn),
    world: (world) => editKey(world, serviceKeyArn, { state: 'PendingDeletion' }),
  },
  'Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]':
    {
      request: {
        ...put({ 'x-amz-copy-source': `${internalBucket}/eight`, 'x-amz-checksum-algorithm': 'MD4' }),
        body: '',
      },
    },
  "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.":
    {
      request: {
        method: 'PUT',
        path: `/${internalBucket}/eight`,
        headers: { 'x-amz-copy-source': `${internalBucket}/eight` },
      },
    },
  'Not Modified': {
    request: { path: `/${internalBucket}/eight`, headers: { 'if-none-match': '"8d777f385d3dfec8815d20f7496026dc"' } },
  },
  'Precondition Failed': {
    request: { method: 'HEAD', path: `/${internalBucket}/eight`, headers: { 'if-match': '"other"' } },
  },
  'Cannot specify both Range header and partNumber query parameter': {
    request: { path: `/${internalBucket}/eight`, query: { partNumber: '1' }, headers: { range: 'bytes=0-1' } },
  },
  'Invalid copy source object key': { request: { ...put({ 'x-amz-copy-source': internalBucket }), body: '' } },
  'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.': {
    request: put({ 'x-amz-checksum-crc32': 'AAAAAA==', 'x-amz-checksum-crc32c': 'AAAAAA==' }),
  },
  'Server Side Encryption with Customer provided key is incompatible with the encryption method specified': {
    request: put({ [sse]: 'AES256', [`${sse}-customer-algorithm`]: 'AES256' }),
  },
  'The Encryption request you specified is not valid. Supported value: AES256.': {
    request: sseC({ algorithm: 'KMS' }),
  },
  'Requests specifying Server Side Encryption with Customer provided keys must provide a valid encryption algorithm.': {
    request: sseC({ key: ownKey }),
  },
  'Requests specifying Server Side Encryption with Customer provided keys must provide an appropriate secret key.': {
    request: sseC({ algorithm: 'AES256' }),
  },
  'The secret key was invalid for the specified algorithm.': {
    request: sseC({ algorithm: 'AES256', key: 'c2hvcnQ=', 'key-md5': 'c2hvcnQ=' }),
  },
  'The calculated MD5 hash of the key did not match the hash that was provided.': {
    request: sseC({ algorithm: 'AES256', key: ownKey, 'key-md5': 'c2hvcnQ=' }),
  },
  'The bucket policy does not exist': { request: { path: `/${internalBucket}`, query: { policy: '' } } },
  'Access Denied': { request: policyOf(customerAccount) },
  ...Object.fromEntries(
    ['invalid', '0000', '0000000000020', 'abcd', 'aa000000000$'].map((account) => [
      `The value of the expected bucket owner parameter must be an AWS Account ID... [${account}]`,
      { request: policyOf(account) },
    ]),
  ),
  "The authorization header is malformed; the region 'aws-global' is wrong; expecting '<us_east_1_region>'": {
    request: { path: object, region: 'aws-global' },
  },
  'Header value cannot be represented using ISO-8859-1.': {
    request: { path: object, query: { 'response-cache-control': 'non-ascii-%E2%80%94_—_é_' } },
  },
  'The specified version does not exist.': {
    request: {
      path: `/${internalBucket}/test-delete`,
      query: { versionId: 'abcdefghijklmnopqrstuvwxyz012345' },
    },
  },
  'Invalid version id specified': {
    request: { method: 'DELETE', path: `/${internalBucket}/test-delete`, query: { versionId: 'not-a-version' } },
  },
  "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.":
    { request: put({ 'x-amz-tagging': 'key1=val1&key1=val2' }) },
  'The public access block configuration was not found': {
    request: { path: `/${internalBucket}`, query: { publicAccessBlock: '' } },
    world: (world) => {
      const { publicAccessBlock: _none, ...bucket } = world.buckets.get(internalBucket) ?? fail();
      world.buckets.set(internalBucket, bucket);
    },
  },
  'x-amz-bypass-governance-retention is only applicable to Object Lock enabled buckets.': {
    request: { method: 'DELETE', path: object, headers: { 'x-amz-bypass-governance-retention': 'true' } },
  },
  'A header you provided implies functionality that is not implemented': {
    request: put({ 'if-none-match': '"not a star"' }),
  },
  'We encountered an internal error. Please try again.': {
    request: { path: object },
    world: (world) => {
      Object.defineProperty(world, 'buckets', {
        get: () => {
          throw new Error('a bug of the sandbox');
        },
      });
    },
  },
};

function fail(): never {
  throw new Error('The small world has no internal bucket');
}
