import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * The parts of S3 and STS that a check uses, over real HTTP. Every request succeeds unless a test says otherwise. It
 * evaluates no policies, which the sandbox does; it is for what a well-behaved service never does.
 */
export interface FakeAws {
  readonly url: string;
  /** Every request so far, in the order of arrival. */
  readonly requests: FakeRequest[];
  /** The answers of operations. Operations without an answer succeed. */
  answers: Partial<Record<Operation, (request: FakeRequest, nth: number) => FakeAnswer | undefined>>;
  /** The maximum number of concurrent requests so far. */
  mostAtOnce: number;
  reset(): void;
  stop(): Promise<void>;
}

export type Operation =
  | 'AssumeRole'
  | 'GetCallerIdentity'
  | 'PutObject'
  | 'CopyObject'
  | 'CreateMultipartUpload'
  | 'UploadPartCopy'
  | 'CompleteMultipartUpload'
  | 'AbortMultipartUpload'
  | 'DeleteObject'
  | 'GetObject'
  | 'SimulatePrincipalPolicy';

export interface FakeRequest {
  readonly operation: Operation;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** From the signature's credential scope. */
  readonly accessKeyId: string;
  readonly region: string;
}

export type FakeAnswer =
  | {
      readonly status: number;
      readonly body?: string;
      readonly headers?: Readonly<Record<string, string>>;
      /** True to leave out what every answer from AWS contains. */
      readonly isNotOfAws?: boolean;
      /** True to end the connection in the middle of the body. */
      readonly isCutOff?: boolean;
      readonly delayMs?: number;
    }
  /** The connection is reset, or stays silent. */
  | 'reset'
  | 'hang';

export async function startFakeAws(): Promise<FakeAws> {
  let underWay = 0;
  const server = createServer((incoming, response) => {
    underWay += 1;
    fake.mostAtOnce = Math.max(fake.mostAtOnce, underWay);
    response.once('close', () => {
      underWay -= 1;
    });
    void serve(incoming, response);
  });

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const request = read(incoming, Buffer.concat(chunks).toString());
    fake.requests.push(request);
    const nth = fake.requests.filter(({ operation }) => operation === request.operation).length;
    const answer =
      fake.answers[request.operation]?.(request, nth) ??
      (successes[request.operation] ?? unknownOperation)(request, fake.requests);
    if (answer === 'hang') return;
    if (answer === 'reset') {
      incoming.socket.resetAndDestroy();
      return;
    }
    if (answer.delayMs) await new Promise((resolve) => setTimeout(resolve, answer.delayMs));
    const body = answer.body ?? '';
    const length = answer.status === 204 ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const ids = answer.isNotOfAws ? {} : requestIdsOf(request.operation);
    response.writeHead(answer.status, { ...ids, ...length, ...answer.headers });
    if (answer.isCutOff) response.write(body || ' ', () => incoming.socket.destroy());
    else response.end(body);
  }

  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const fake: FakeAws = {
    url: `http://127.0.0.1:${port}`,
    requests: [],
    answers: {},
    mostAtOnce: 0,
    reset() {
      fake.requests.length = 0;
      fake.answers = {};
      fake.mostAtOnce = 0;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
  return fake;
}

function requestIdsOf(operation: Operation): Record<string, string> {
  const isS3 = /Object$|Upload/.test(operation ?? '');
  return !isS3 ? { 'x-amzn-requestid': 'sts-1234' } : { 'x-amz-request-id': 'TX1234', 'x-amz-id-2': 'host/id=' };
}

/** An error as S3 renders it. */
export function s3Error(status: number, code: string, message = 'Words of S3', more = ''): FakeAnswer {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message>${more}<RequestId>TX1234</RequestId><HostId>host/id=</HostId></Error>`;
  return { status, body, headers: { 'content-type': 'application/xml' } };
}

export function stsError(status: number, code: string, message: string): FakeAnswer {
  const body = `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>sts-1234</RequestId></ErrorResponse>`;
  return { status, body, headers: { 'content-type': 'text/xml' } };
}

/** Returns the requested encryption, as S3 does. */
export function encryptionHeaders({ headers }: FakeRequest): Record<string, string> {
  return {
    'x-amz-server-side-encryption': headers['x-amz-server-side-encryption'] ?? '',
    'x-amz-server-side-encryption-aws-kms-key-id': headers['x-amz-server-side-encryption-aws-kms-key-id'] ?? '',
  };
}

export function stored(request: FakeRequest): Extract<FakeAnswer, object> {
  return { status: 200, headers: { etag: '"abc"', ...encryptionHeaders(request) } };
}

export function copied(headers: Readonly<Record<string, string>>): FakeAnswer {
  const body =
    '<CopyObjectResult><LastModified>2026-11-21T12:00:00.000Z</LastModified><ETag>"abc"</ETag></CopyObjectResult>';
  return { status: 200, body, headers: { 'content-type': 'application/xml', ...headers } };
}

export function assumed({ body }: FakeRequest, expiresInMs = 3_600_000): FakeAnswer {
  const query = new URLSearchParams(body);
  const [, , , , account = '', role = ''] = (query.get('RoleArn') ?? '').split(':');
  const session = query.get('RoleSessionName');
  const expiration = new Date(Date.now() + expiresInMs).toISOString();
  return {
    status: 200,
    headers: { 'content-type': 'text/xml' },
    body: `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><AssumedRoleUser><AssumedRoleId>AROAEXAMPLE:${session}</AssumedRoleId><Arn>arn:aws:sts::${account}:assumed-${role}/${session}</Arn></AssumedRoleUser><Credentials><AccessKeyId>ASIA${session}</AccessKeyId><SecretAccessKey>session-secret</SecretAccessKey><SessionToken>session-token</SessionToken><Expiration>${expiration}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
  };
}

function xml(body: string, encryptedAs?: FakeRequest): FakeAnswer {
  const encryption = encryptedAs ? encryptionHeaders(encryptedAs) : {};
  return { status: 200, body, headers: { 'content-type': 'application/xml', ...encryption } };
}

type Success = (request: FakeRequest, earlier: readonly FakeRequest[]) => FakeAnswer;

const successes: Readonly<Partial<Record<Operation, Success>>> = {
  AssumeRole: (request) => assumed(request),
  GetCallerIdentity: () => ({
    status: 200,
    headers: { 'content-type': 'text/xml' },
    body: '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::111111111111:user/someone</Arn><UserId>AIDAEXAMPLE</UserId><Account>111111111111</Account></GetCallerIdentityResult></GetCallerIdentityResponse>',
  }),
  PutObject: stored,
  CopyObject: (request) => copied(encryptionHeaders(request)),
  CreateMultipartUpload: (request) =>
    xml('<InitiateMultipartUploadResult><UploadId>upload-1</UploadId></InitiateMultipartUploadResult>', request),
  UploadPartCopy: () => xml('<CopyPartResult><ETag>"part"</ETag></CopyPartResult>'),
  // S3 returns the encryption that the upload was started with.
  CompleteMultipartUpload: (_, earlier) =>
    xml(
      '<CompleteMultipartUploadResult><ETag>"abc-1"</ETag></CompleteMultipartUploadResult>',
      earlier.findLast(({ operation }) => operation === 'CreateMultipartUpload'),
    ),
  AbortMultipartUpload: () => ({ status: 204 }),
  DeleteObject: () => ({ status: 204 }),
  GetObject: () => s3Error(404, 'NoSuchKey', 'The specified key does not exist.'),
};

/** For IAM and KMS, which only a diagnosis calls. */
function unknownOperation(): FakeAnswer {
  return { status: 501, body: '' };
}

function read(incoming: IncomingMessage, body: string): FakeRequest {
  const headers = incoming.headers as Record<string, string>;
  const [accessKeyId = '', , region = ''] =
    /Credential=([^,]+)/.exec(headers['authorization'] ?? '')?.[1]?.split('/') ?? [];
  return { operation: operationOf(incoming, body), path: incoming.url ?? '', headers, body, accessKeyId, region };
}

function operationOf({ method, headers, url = '' }: IncomingMessage, body: string): Operation {
  const query = new URLSearchParams(url.split('?')[1] ?? '');
  if (query.has('uploads')) return 'CreateMultipartUpload';
  if (query.has('uploadId')) {
    if (method === 'POST') return 'CompleteMultipartUpload';
    return method === 'PUT' ? 'UploadPartCopy' : 'AbortMultipartUpload';
  }
  if (method === 'POST') return new URLSearchParams(body).get('Action') as Operation;
  if (method === 'PUT') return headers['x-amz-copy-source'] ? 'CopyObject' : 'PutObject';
  return method === 'DELETE' ? 'DeleteObject' : 'GetObject';
}
