import type { MessageDenial } from '../../../core/aws-words/message.ts';

/**
 * Errors that are no refusal, and what each means: by the code or the words of AWS. The first row that fits is the one.
 */
const noDenials: readonly { readonly error: RegExp; readonly means: string }[] = [
  {
    error: /ExpiredToken|RequestExpired|token has expired/,
    means: 'The caller’s credentials have expired: it says nothing about permissions. Get new ones and try again.',
  },
  {
    error:
      /InvalidAccessKeyId|InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch|InvalidSignatureException|InvalidToken|must be provided in the credential/,
    means:
      'AWS does not accept the caller’s credentials: it says nothing about permissions. Check which credentials are used.',
  },
  {
    error: /RequestTimeTooSkewed/,
    means: 'The caller’s clock is wrong: it says nothing about permissions. Set it right and try again.',
  },
  {
    error: /SlowDown|Throttl|TooManyRequests|ServiceUnavailable|InternalError/,
    means: 'AWS could not serve the request at that moment: it says nothing about permissions. Try again.',
  },
  { error: /NoSuchKey/, means: 'The object does not exist; the caller may look for it, so nothing is refused.' },
];

/** @returns what it means, or undefined where the text names none of these */
export function isNoDenial(text: string): string | undefined {
  return noDenials.find(({ error }) => error.test(text))?.means;
}

/** Who else than AWS refuses things. */
const strangers: readonly { readonly sign: RegExp; readonly who: string; readonly isSure?: true }[] = [
  {
    sign: /from proxy after CONNECT|Tunnel connection failed|ProxyError|X-Squid-Error|\bsquid\/|Zscaler|\bERR_ACCESS_DENIED\b|Proxy-Connection/i,
    who: 'A proxy on the way',
    isSure: true,
  },
  { sign: /Access denied for user\b|ERROR 1045|SQLSTATE/i, who: 'A database', isSure: true },
  {
    sign: /Permission denied \(publickey|requested access to the resource is denied|Resource not accessible by integration|cannot (?:get|list|watch|create|patch|delete) resource "/i,
    who: 'Another system',
    isSure: true,
  },
  {
    sign: /storage\.objects\.|storage\.googleapis\.com|AuthorizationPermissionMismatch|blob\.core\.windows\.net/i,
    who: 'Another cloud',
    isSure: true,
  },
  {
    sign: /\b(?:nginx|openresty|Apache\/|Apache Server|lighttpd|Microsoft-IIS|envoy|haproxy|Varnish)\b/i,
    who: 'A web server or reverse proxy',
  },
  {
    sign: /cloudflare|\bcf-ray\b|\(CloudFront\)|The request could not be satisfied|Request blocked|AkamaiGHost|Incapsula/i,
    who: 'A content delivery network or its firewall',
  },
  { sign: /<(?:html|title|h1)\b/i, who: 'A web server or proxy' },
];

/** What only AWS has in its answers. */
const signOfAws = /\bAccessDenied(?:Exception)?\b|x-amz-|amzn|RequestId|HostId|\bS3\b|when calling the|\barn:[\w-]+:/;
const codeOfAws = /<Code>|\(AccessDenied\)/;

/** A 403 is no word of S3 where another one answered it. */
export function isOfStranger(text: string, { wording }: MessageDenial): string | undefined {
  if (wording !== 'opaque' && wording !== 'none') return undefined;
  if (!/\b403\b|denied|forbidden/i.test(text)) return undefined;
  const found = strangers.find(({ sign, isSure }) => sign.test(text) && !(isSure ? codeOfAws : signOfAws).test(text));
  return (
    found &&
    `${found.who} answered this, not AWS: it says nothing about the policies of S3 or KMS. Ask its administrators why, or send the request without it.`
  );
}
