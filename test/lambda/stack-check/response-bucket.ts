import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface PutResponse {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** The part of CloudFormation's bucket that receives responses, on this machine. */
export interface ResponseBucket {
  readonly port: number;
  /** Every request so far, including rejected ones. */
  readonly puts: PutResponse[];
  /** The answers to the next requests, in order; after that, 200. */
  answers: ('hang' | 'reset' | number)[];
  /** The status for every request, sent before the body if the request expects that, as for a wrong signature. */
  refusing: number | undefined;
  /** The parsed bodies. */
  responses(): readonly Response[];
  reset(): void;
  stop(): Promise<void>;
}

export interface Response {
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly Reason?: string;
  readonly PhysicalResourceId: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly Data?: { readonly Verdict: string; readonly Result: string };
}

export async function startResponseBucket(): Promise<ResponseBucket> {
  const server = createServer((incoming, answer) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const { method = '', url: path = '', headers } = incoming;
      bucket.puts.push({ method, path, headers, body: Buffer.concat(chunks).toString() });
      const status = bucket.answers.shift() ?? bucket.refusing ?? 200;
      if (status === 'hang') return;
      if (status === 'reset') incoming.socket.resetAndDestroy();
      else
        answer.writeHead(status, status === 307 ? { location: `http://127.0.0.1:${bucket.port}/elsewhere` } : {}).end();
    });
  });
  // https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
  server.on('checkContinue', (incoming, answer) => {
    if (bucket.refusing !== undefined) answer.writeHead(bucket.refusing).end();
    else answer.writeContinue();
    incoming.resume();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bucket: ResponseBucket = {
    port: (server.address() as AddressInfo).port,
    puts: [],
    answers: [],
    refusing: undefined,
    responses: () => bucket.puts.map(({ body }) => JSON.parse(body) as Response),
    reset() {
      bucket.puts.length = 0;
      bucket.answers = [];
      bucket.refusing = undefined;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return bucket;
}
