import type { Caller, World } from '../../model/world/world.ts';
import type { Incoming } from '../wire/incoming.ts';
import { AwsError } from '../wire/operation.ts';
import type { Protocol } from '../wire/protocol.ts';
import {
  type AuthenticationFailure,
  allowedSkewMs,
  authenticationError,
  withoutMilliseconds,
} from './authentication-errors.ts';
import type { Credential } from './credential.ts';
import { type ExpectedSignature, expectedSignature, sameSignature, sha256Hex } from './signature.ts';

export interface Authenticated {
  readonly caller: Caller;
  /** What chunk signatures of a streamed body go on from. */
  readonly signature: ExpectedSignature;
}

/** Recognizes the caller of a signed request, or throws the AwsError that AWS answers with. */
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
  // A temporary key exists only together with its session token.
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
