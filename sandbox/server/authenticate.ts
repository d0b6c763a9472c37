import type { Caller, World } from '../../model/world/world.ts';
import type { Incoming } from '../wire/incoming.ts';
import { AwsError } from '../wire/operation.ts';
import type { Protocol } from '../wire/protocol.ts';
import type { Credential } from './credential.ts';
import { type ExpectedSignature, expectedSignature, sameSignature, sha256Hex } from './signature.ts';

export interface Authenticated {
  readonly caller: Caller;
  /** The signature that the chunk signatures of a streamed body build on. */
  readonly signature: ExpectedSignature;
}

/** Identifies the caller of a signed request. @throws AwsError as AWS answers */
export async function authenticate(
  world: World,
  incoming: Incoming,
  credential: Credential | undefined,
  protocol: Protocol,
): Promise<Authenticated> {
  const fail = (failure: AuthenticationFailure): never => {
    throw authenticationError(protocol, failure);
  };
  if (!credential) return fail({ kind: 'unsigned' });
  const { accessKeyId, sessionToken, signature: provided } = credential;
  const caller = world.callers.get(accessKeyId);
  // A temporary access key is valid only with its session token.
  if (!caller || (caller.sessionToken !== undefined && sessionToken === undefined)) {
    return fail({ kind: 'unknownKey', accessKeyId });
  }
  if (sessionToken !== undefined && sessionToken !== caller.sessionToken) {
    return fail({ kind: 'wrongToken', token: sessionToken });
  }
  const now = world.now();
  if (caller.expiresAt && caller.expiresAt <= now) return fail({ kind: 'expired', token: sessionToken ?? '' });
  checkTime(credential, now, protocol, fail);
  if (protocol === 'rest-xml') everyAmzHeaderSigned(incoming, credential);
  else if (!credential.signedHeaders.includes('host')) return fail({ kind: 'unsignedHost' });
  const signature = await expectedSignature(incoming, credential, caller, payloadHash(incoming, credential, protocol));
  if (!sameSignature(signature.signature, provided)) {
    const { stringToSign, canonicalRequest } = signature;
    return fail({ kind: 'wrongSignature', accessKeyId, provided, stringToSign, canonicalRequest });
  }
  return { caller, signature };
}

function checkTime(
  { longDate, shortDate, expiresInSeconds }: Credential,
  now: Date,
  protocol: Protocol,
  fail: (failure: AuthenticationFailure) => never,
): void {
  const signedAt = Date.parse(longDate.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  const age = now.getTime() - signedAt;
  const presigned = expiresInSeconds !== undefined;
  if (!longDate.startsWith(shortDate)) fail({ kind: 'wrongDay', scopeDate: shortDate, longDate, presigned });
  if (expiresInSeconds === undefined) {
    if (!(Math.abs(age) <= allowedSkewMs[protocol])) fail({ kind: 'skewed', requestTime: longDate, serverTime: now });
  } else if (!(age >= -allowedSkewMs[protocol])) {
    throw new AwsError('AccessDenied', 403, 'Request is not valid yet', {
      'X-Amz-Date': longDate,
      ServerTime: withoutMilliseconds(now),
    });
  } else if (age > expiresInSeconds * 1000) {
    throw new AwsError('AccessDenied', 403, 'Request has expired', {
      'X-Amz-Expires': String(expiresInSeconds),
      Expires: withoutMilliseconds(new Date(signedAt + expiresInSeconds * 1000)),
      ServerTime: withoutMilliseconds(now),
    });
  }
}

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html */
function everyAmzHeaderSigned({ headers }: Incoming, { signedHeaders }: Credential): void {
  const unsigned = Object.keys(headers).filter(
    (name) =>
      (name === 'host' || name.startsWith('x-amz-')) &&
      name !== 'x-amz-content-sha256' &&
      !signedHeaders.includes(name),
  );
  if (unsigned.length === 0) return;
  throw new AwsError('AccessDenied', 403, 'There were headers present in the request which were not signed', {
    HeadersNotSigned: unsigned.sort().join(', '),
  });
}

function payloadHash({ headers, body }: Incoming, { expiresInSeconds }: Credential, protocol: Protocol): string {
  if (protocol !== 'rest-xml') return sha256Hex(body);
  const declared = headers['x-amz-content-sha256'];
  if (declared !== undefined) return declared;
  if (expiresInSeconds !== undefined) return 'UNSIGNED-PAYLOAD';
  throw new AwsError('InvalidRequest', 400, 'Missing required header for this request: x-amz-content-sha256');
}

/** Why a caller was not identified, in the words of each protocol. */
interface AuthenticationFailures {
  readonly unsigned: { readonly kind: 'unsigned' };
  readonly unknownKey: { readonly kind: 'unknownKey'; readonly accessKeyId: string };
  readonly wrongToken: { readonly kind: 'wrongToken'; readonly token: string };
  readonly expired: { readonly kind: 'expired'; readonly token: string };
  readonly skewed: { readonly kind: 'skewed'; readonly requestTime: string; readonly serverTime: Date };
  readonly wrongSignature: {
    readonly kind: 'wrongSignature';
    readonly accessKeyId: string;
    readonly provided: string;
    readonly stringToSign: string;
    readonly canonicalRequest: string;
  };
  /** The day in the credential scope differs from the request's. */
  readonly wrongDay: {
    readonly kind: 'wrongDay';
    readonly scopeDate: string;
    readonly longDate: string;
    readonly presigned: boolean;
  };
  readonly unsignedHost: { readonly kind: 'unsignedHost' };
}
type AuthenticationFailure = AuthenticationFailures[keyof AuthenticationFailures];

function authenticationError(protocol: Protocol, failure: AuthenticationFailure): AwsError {
  const word = words[protocol][failure.kind] as (failure: AuthenticationFailure) => AwsError;
  return word(failure);
}

/** S3 allows 15 minutes, the other services 5. */
const allowedSkewMs: Readonly<Record<Protocol, number>> = {
  'rest-xml': 15 * 60_000,
  json: 5 * 60_000,
  'rest-json': 5 * 60_000,
  query: 5 * 60_000,
};

type Words = { readonly [K in keyof AuthenticationFailures]: (failure: AuthenticationFailures[K]) => AwsError };

const invalidToken = 'The security token included in the request is invalid.';
const expiredToken = 'The security token included in the request is expired';
const unsignedHost = "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.";
const differentSignature =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.';

const jsonCodes = [
  'MissingAuthenticationTokenException',
  'UnrecognizedClientException',
  'ExpiredTokenException',
  'InvalidSignatureException',
] as const;

/**
 * Sources: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html,
 * https://docs.aws.amazon.com/kms/latest/APIReference/CommonErrors.html and
 * https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
 */
const words: Readonly<Record<Protocol, Words>> = {
  'rest-xml': {
    unsigned: () => new AwsError('AccessDenied', 403, 'Access Denied'),
    unknownKey: ({ accessKeyId }) =>
      new AwsError('InvalidAccessKeyId', 403, 'The AWS Access Key Id you provided does not exist in our records.', {
        AWSAccessKeyId: accessKeyId,
      }),
    wrongToken: ({ token }) =>
      new AwsError('InvalidToken', 400, 'The provided token is malformed or otherwise invalid.', { 'Token-0': token }),
    expired: ({ token }) => new AwsError('ExpiredToken', 400, 'The provided token has expired.', { 'Token-0': token }),
    skewed: ({ requestTime, serverTime }) =>
      new AwsError(
        'RequestTimeTooSkewed',
        403,
        'The difference between the request time and the current time is too large.',
        {
          RequestTime: requestTime,
          ServerTime: withoutMilliseconds(serverTime),
          MaxAllowedSkewMilliseconds: String(allowedSkewMs['rest-xml']),
        },
      ),
    wrongSignature: ({ accessKeyId, stringToSign, provided, canonicalRequest }) =>
      new AwsError(
        'SignatureDoesNotMatch',
        403,
        'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
        {
          AWSAccessKeyId: accessKeyId,
          StringToSign: stringToSign,
          SignatureProvided: provided,
          StringToSignBytes: hexBytes(stringToSign),
          CanonicalRequest: canonicalRequest,
          CanonicalRequestBytes: hexBytes(canonicalRequest),
        },
      ),
    wrongDay: ({ scopeDate, longDate, presigned }) => {
      const problem = `Invalid credential date "${scopeDate}". This date is not the same as X-Amz-Date: "${longDate.slice(0, 8)}".`;
      return presigned
        ? new AwsError('AuthorizationQueryParametersError', 400, problem)
        : new AwsError('AuthorizationHeaderMalformed', 400, `The authorization header is malformed; ${problem}`);
    },
    unsignedHost: () =>
      new AwsError('AccessDenied', 403, 'There were headers present in the request which were not signed', {
        HeadersNotSigned: 'host',
      }),
  },
  json: withoutDetails(400, ...jsonCodes),
  'rest-json': withoutDetails(403, ...jsonCodes),
  query: {
    ...withoutDetails(403, '', 'InvalidClientTokenId', 'ExpiredToken', 'SignatureDoesNotMatch'),
    unsigned: () => new AwsError('MissingAuthenticationToken', 403, 'Request is missing Authentication Token'),
  },
};

/** The other services give no more details than this. */
function withoutDetails(
  status: number,
  ...[missing, unknown, expired, invalid]: readonly [missing: string, unknown: string, expired: string, invalid: string]
): Words {
  const told = (code: string, message: string) => new AwsError(code, status, message);
  return {
    unsigned: () => told(missing, 'Missing Authentication Token'),
    unknownKey: () => told(unknown, invalidToken),
    wrongToken: () => told(unknown, invalidToken),
    expired: () => told(expired, expiredToken),
    skewed: (failure) => told(invalid, signatureExpired(failure)),
    wrongSignature: () => told(invalid, differentSignature),
    wrongDay: (failure) => told(invalid, differentDay(failure)),
    unsignedHost: () => told(invalid, unsignedHost),
  };
}

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-signing.html */
function differentDay({ scopeDate, longDate }: AuthenticationFailures['wrongDay']): string {
  return `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${scopeDate}' != '${longDate.slice(0, 8)}', from '${longDate}'.`;
}

function signatureExpired({ requestTime, serverTime }: AuthenticationFailures['skewed']): string {
  const skew = allowedSkewMs.json;
  const now = amzDate(serverTime);
  return requestTime < now
    ? `Signature expired: ${requestTime} is now earlier than ${amzDate(new Date(serverTime.getTime() - skew))} (${now} - 5 min.)`
    : `Signature not yet current: ${requestTime} is still later than ${amzDate(new Date(serverTime.getTime() + skew))} (${now} + 5 min.)`;
}

function amzDate(date: Date): string {
  return date.toISOString().replace(/[-:]|\.\d+/g, '');
}

function withoutMilliseconds(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, 'Z');
}

/** S3 also shows the compared texts as bytes, so that invisible differences can be seen. */
function hexBytes(text: string): string {
  return [...Buffer.from(text)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
}
