import type { STSClientConfig } from '@aws-sdk/client-sts';

/**
 * Thrown if something other than AWS answered: a captive portal, a proxy, a server that took over the address. Such an
 * answer says nothing about permissions, whatever its status and body say.
 */
export class NotAnswerOfAws extends Error {
  /** Like the SDK's own errors, so that a faulty gateway is retried as AWS is. */
  readonly $metadata: { readonly httpStatusCode: number };

  constructor(what: string, httpStatusCode: number) {
    super(what);
    this.name = 'NotAnswerOfAws';
    this.$metadata = { httpStatusCode };
  }
}

interface Request {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
}

interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/get-request-ids.html; other services use their own names. */
const requestIds = ['x-amz-request-id', 'x-amzn-requestid', 'x-amzn-request-id'];

interface Expectation {
  readonly of: (request: Request, answer: Answer) => boolean;
  readonly holds: (answer: Answer) => boolean;
  readonly otherwise: string;
}

const succeeds = ({ statusCode }: Answer) => statusCode >= 200 && statusCode < 300;
const isCopy = ({ method, headers }: Request) => method === 'PUT' && headers['x-amz-copy-source'] !== undefined;
const isUpload = (request: Request) => request.method === 'PUT' && !isCopy(request);
const isRead = ({ method }: Request) => method === 'GET' || method === 'HEAD';
const isEmpty = ({ headers }: Answer) =>
  Number(headers['content-length'] ?? 0) === 0 && headers['transfer-encoding'] === undefined;

/** Applies to all answers of AWS. S3 is the only service that is not called with POST. */
const expectations: readonly Expectation[] = [
  {
    of: () => true,
    holds: ({ headers }) => requestIds.some((name) => headers[name]),
    otherwise: 'it has no AWS request ID',
  },
  {
    // https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html#API_GetObject_ResponseSyntax
    of: (request, answer) => (isUpload(request) || isRead(request)) && succeeds(answer),
    holds: ({ headers }) => Boolean(headers['etag']),
    otherwise: 'it has no ETag',
  },
  {
    // https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html#API_PutObject_ResponseSyntax
    of: (request, answer) => isUpload(request) && succeeds(answer),
    holds: isEmpty,
    otherwise: "it has a body, and S3's answer to PutObject has none",
  },
  {
    // https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html#API_CopyObject_ResponseSyntax
    of: (request, answer) => isCopy(request) && succeeds(answer),
    // If the body is empty, S3 gave up the copy, and the SDK tries again.
    holds: (answer) => isEmpty(answer) || /\bxml\b/i.test(answer.headers['content-type'] ?? ''),
    otherwise: 'it is not XML',
  },
  {
    // https://smithy.io/2.0/aws/protocols/aws-query-protocol.html and …/aws-json-1_1-protocol.html
    of: ({ method }, answer) => method === 'POST' && succeeds(answer),
    holds: ({ headers }) => /\b(?:xml|json|x-amz-json-1\.\d)\b/i.test(headers['content-type'] ?? ''),
    otherwise: 'it is neither XML nor JSON',
  },
  {
    // https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html#API_DeleteObject_ResponseSyntax
    of: ({ method }, answer) => method === 'DELETE' && succeeds(answer),
    holds: isEmpty,
    otherwise: "it has a body, and S3's answer to DeleteObject has none",
  },
];

/** @returns undefined if nothing suggests that it is not from AWS */
export function whyNotOfAws(request: Request, answer: Answer): string | undefined {
  const broken = expectations.find(({ of, holds }) => of(request, answer) && !holds(answer));
  if (!broken) return undefined;
  const told = ['content-type', 'server', 'via'].flatMap((name) => {
    const value = answer.headers[name];
    return value ? [`${name} ${printable(value)}`] : [];
  });
  const about = [`status ${answer.statusCode}`, ...told].join(', ');
  return `Something other than AWS answered (${about}): ${broken.otherwise}.`;
}

/** Needed because the value comes from an unknown server. */
function printable(value: string): string {
  return JSON.stringify(value.replace(/[^\x20-\x7e]/g, '?').slice(0, 80));
}

type Extension = NonNullable<STSClientConfig['extensions']>[number];
type Handler = ReturnType<Parameters<Extension['configure']>[0]['httpHandler']>;

/** Makes a client, and every client that shares its connections, reject answers that are not from AWS. */
export const onlyAnswersOfAws: Extension = {
  configure(extensions) {
    const handler = extensions.httpHandler();
    extensions.setHttpHandler(
      new Proxy(handler, {
        get(target, name) {
          if (name === 'handle') return handleWith(target);
          const value: unknown = Reflect.get(target, name);
          return typeof value === 'function' ? value.bind(target) : value;
        },
      }),
    );
  },
};

function handleWith(handler: Handler): Handler['handle'] {
  return async (request, options) => {
    const handled = await handler.handle(request, options);
    const { response } = handled;
    const why = whyNotOfAws(request, response);
    if (why === undefined) return handled;
    // Closes the connection, because the other end is unknown.
    (response.body as { destroy?: () => void } | undefined)?.destroy?.();
    throw new NotAnswerOfAws(why, response.statusCode);
  };
}
