import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The answer of an operation; it throws AWS's errors. */
export type Operation = (input: Readonly<Record<string, unknown>>) => unknown;

export class ServiceError extends Error {
  constructor(
    override readonly name: string,
    message: string,
  ) {
    super(message);
  }
}

export interface FakeServices {
  /** For the SDK's `endpoint`. */
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Serves operations by their `X-Amz-Target` in AWS's JSON protocols, and a listing of a bucket, on loopback.
 * https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html
 */
export async function serve(
  operations: Readonly<Record<string, Operation>>,
  list: (query: URLSearchParams) => string,
): Promise<FakeServices> {
  const server = createServer(async (request, response) => {
    const answer = (status: number, type: string, body: string) =>
      response.writeHead(status, { 'content-type': type }).end(body);
    try {
      if (request.method === 'GET') {
        answer(200, 'application/xml', list(new URL(request.url ?? '/', 'http://localhost').searchParams));
        return;
      }
      const operation = operations[String(request.headers['x-amz-target'])];
      if (!operation) throw new ServiceError('UnknownOperationException', String(request.headers['x-amz-target']));
      answer(200, 'application/x-amz-json-1.0', JSON.stringify(operation(JSON.parse(await bodyOf(request))) ?? {}));
    } catch (error) {
      const { name, message } = error as Error;
      answer(400, 'application/x-amz-json-1.0', JSON.stringify({ __type: `com.amazonaws#${name}`, message }));
    }
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((stopped) => {
        server.close(() => stopped());
        server.closeAllConnections();
      }),
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
