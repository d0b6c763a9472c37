import type { Heading } from '../wire/incoming.ts';
import { AwsError } from '../wire/operation.ts';
import { notImplemented } from '../wire/protocol.ts';

/** The parts of a request's signature, unverified. */
export interface Credential {
  readonly accessKeyId: string;
  /** `20261121T120000Z` */
  readonly longDate: string;
  /** `20261121`, from the credential scope. */
  readonly shortDate: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly sessionToken?: string;
  /** Set for presigned requests: how long they are valid, in seconds. */
  readonly expiresInSeconds?: number;
}

/** The credential of a request; undefined if it is not signed. */
export function credentialOf({ headers, query }: Heading): Credential | undefined {
  const authorization = headers['authorization'];
  if (authorization !== undefined) return fromHeader(authorization, headers);
  if ([...query.keys()].some((name) => presigningParameters.includes(name))) return fromQuery(query);
  if (signatureVersion2.some((name) => query.has(name))) throw version2(query);
  return undefined;
}

const algorithm = 'AWS4-HMAC-SHA256';

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-auth-using-authorization-header.html */
function fromHeader(authorization: string, headers: Heading['headers']): Credential {
  if (authorization.startsWith('AWS ')) throw notImplemented('Signature Version 2');
  if (!authorization.startsWith(`${algorithm} `)) throw unsupportedMechanism();
  const parts = new Map(
    authorization
      .slice(algorithm.length)
      .split(',')
      .map((part) => part.trim())
      .map((part) => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]),
  );
  const scope = parseScope(parts.get('Credential'));
  const signature = parts.get('Signature');
  const signedHeaders = parts.get('SignedHeaders');
  const longDate = headers['x-amz-date'] ?? dateOf(headers['date']);
  if (!scope || !signature || !signedHeaders) throw malformedHeader();
  if (!longDate || !/^\d{8}T\d{6}Z$/.test(longDate)) {
    throw new AwsError('AccessDenied', 403, 'AWS authentication requires a valid Date or x-amz-date header');
  }
  return {
    ...scope,
    longDate,
    signature,
    signedHeaders: signedHeaders.split(';'),
    ...(headers['x-amz-security-token'] && { sessionToken: headers['x-amz-security-token'] }),
  };
}

const presigningParameters = [
  'X-Amz-Algorithm',
  'X-Amz-Credential',
  'X-Amz-Signature',
  'X-Amz-Date',
  'X-Amz-SignedHeaders',
  'X-Amz-Expires',
];

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html */
function fromQuery(query: URLSearchParams): Credential {
  const [name, credential, signature, longDate, signedHeaders, expires] = presigningParameters.map((parameter) =>
    query.get(parameter),
  );
  if (name !== algorithm || !credential || !signature || !longDate || !signedHeaders || !expires) {
    throw new AwsError(
      'AuthorizationQueryParametersError',
      400,
      'Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.',
    );
  }
  const scope = parseScope(credential);
  if (!scope) {
    throw new AwsError(
      'AuthorizationQueryParametersError',
      400,
      'Error parsing the X-Amz-Credential parameter; the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".',
    );
  }
  const sessionToken = query.get('X-Amz-Security-Token');
  return {
    ...scope,
    longDate,
    signature,
    signedHeaders: signedHeaders.split(';'),
    expiresInSeconds: validExpiry(expires),
    ...(sessionToken && { sessionToken }),
  };
}

const longestExpiry = 604_800;

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html; texts as publicly quoted */
function validExpiry(text: string): number {
  const wrong = (what: string) => new AwsError('AuthorizationQueryParametersError', 400, `X-Amz-Expires ${what}`);
  if (!/^-?\d+$/.test(text)) throw wrong('should be a number');
  const seconds = Number(text);
  if (seconds < 0) throw wrong('must be non-negative');
  if (seconds > longestExpiry) {
    throw wrong(
      `must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than ${longestExpiry} seconds`,
    );
  }
  return seconds;
}

function parseScope(text: string | undefined) {
  const [accessKeyId, shortDate, region, service, terminator, ...rest] = text?.split('/') ?? [];
  if (!accessKeyId || !shortDate || !region || !service || terminator !== 'aws4_request' || rest.length > 0) return;
  return { accessKeyId, shortDate, region, service };
}

function dateOf(header: string | undefined): string | undefined {
  const date = new Date(header ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString().replace(/[-:]|\.\d+/g, '');
}

const signatureVersion2 = ['Signature', 'Expires', 'AWSAccessKeyId'];

function version2(query: URLSearchParams): AwsError {
  return signatureVersion2.every((name) => query.has(name))
    ? notImplemented('Signature Version 2')
    : new AwsError(
        'AccessDenied',
        403,
        'Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters',
      );
}

function unsupportedMechanism(): AwsError {
  return new AwsError(
    'InvalidRequest',
    400,
    'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.',
  );
}

function malformedHeader(): AwsError {
  return new AwsError(
    'AuthorizationHeaderMalformed',
    400,
    'The authorization header is malformed; the authorization component "Credential=..., SignedHeaders=..., Signature=..." is missing or incomplete.',
  );
}
