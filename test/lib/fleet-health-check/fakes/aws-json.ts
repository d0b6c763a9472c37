/** Returns an operation's answer, or throws AWS's errors. */
export type Operation = (input: Readonly<Record<string, unknown>>) => unknown;

export class ServiceError extends Error {
  constructor(
    override readonly name: string,
    message: string,
  ) {
    super(message);
  }
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** How a client reaches the services: through the SDK's `requestHandler`, or by a single call with its target. */
export interface FakeServices {
  readonly requestHandler: {
    handle(request: SdkRequest): Promise<{ readonly response: SdkResponse }>;
  };
  answer(target: string, body: string): Answer;
}

interface SdkRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>;
  readonly body?: unknown;
}

interface SdkResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/**
 * Answers operations in AWS's JSON protocols by their `X-Amz-Target`, and listings of a bucket, within this process,
 * because the tests are about a state machine, not connections.
 * https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html
 */
export function answering(
  operations: Readonly<Record<string, Operation>>,
  list: (query: Readonly<Record<string, unknown>>) => string,
): FakeServices {
  const answer = (target: string, body: string): Answer => {
    const type = 'application/x-amz-json-1.0';
    try {
      const operation = operations[target];
      if (!operation) throw new ServiceError('UnknownOperationException', target);
      return { status: 200, type, body: JSON.stringify(operation(JSON.parse(body)) ?? {}) };
    } catch (error) {
      const { name, message } = error as Error;
      return { status: 400, type, body: JSON.stringify({ __type: `com.amazonaws#${name}`, message }) };
    }
  };
  return {
    answer,
    requestHandler: {
      async handle({ method, headers, query = {}, body }) {
        const { status, type, ...answered } =
          method === 'GET'
            ? { status: 200, type: 'application/xml', body: list(query) }
            : answer(String(headers['x-amz-target'] ?? headers['X-Amz-Target']), textOf(body));
        return {
          response: { statusCode: status, headers: { 'content-type': type }, body: Buffer.from(answered.body) },
        };
      },
    },
  };
}

function textOf(body: unknown): string {
  return typeof body === 'string' ? body : new TextDecoder().decode(body as Uint8Array);
}
