import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A ValidatePolicy request, as it arrived. */
export interface Asked {
  readonly policyDocument: string;
  readonly policyType: string;
  readonly validatePolicyResourceType?: string;
  readonly nextToken: string | null;
}

export interface Answer {
  readonly status?: number;
  readonly errorType?: string;
  readonly body: object;
}

export interface FakeAnalyzer {
  readonly url: string;
  readonly asked: Asked[];
  answer: (asked: Asked) => Answer;
  stop(): Promise<void>;
}

/** POST /policy/validation in the REST protocol of https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html */
export async function fakeAnalyzer(): Promise<FakeAnalyzer> {
  const asked: Asked[] = [];
  const server: Server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    let text = '';
    request.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    request.on('end', () => {
      const isRight = request.method === 'POST' && url.pathname === '/policy/validation';
      const one = { ...JSON.parse(text || '{}'), nextToken: url.searchParams.get('nextToken') };
      if (isRight) asked.push(one);
      const { status = 200, errorType, body } = isRight ? fake.answer(one) : { status: 404, body: {} };
      response.writeHead(status, {
        'content-type': 'application/json',
        ...(errorType && { 'x-amzn-errortype': errorType }),
      });
      response.end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const fake: FakeAnalyzer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    answer: () => ({ body: { findings: [] } }),
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return fake;
}
