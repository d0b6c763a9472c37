import { names } from '../../core/vocabulary.ts';

/** The query parameters that S3 requires in a presigned URL, for both signature versions. */
const schemes = {
  // https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
  'X-Amz-Signature': names(`
    X-Amz-Algorithm X-Amz-Credential X-Amz-Date X-Amz-Expires X-Amz-SignedHeaders X-Amz-Signature
  `),
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/RESTAuthentication.html#RESTAuthenticationQueryStringAuth
  Signature: ['AWSAccessKeyId', 'Expires', 'Signature'],
} as const;

/** S3's own tolerance for differing clocks. */
const toleratedMs = 15 * 60_000;

/**
 * Checks that a response URL looks valid: it has a complete S3 signature for this Region and has not expired. Only S3
 * knows if the signature is correct.
 *
 * @returns the problem, without any value of the query, because the query is a credential
 */
export function presigned(url: URL, region: string, now: Date): string | undefined {
  const query = url.searchParams;
  const scheme = query.has('X-Amz-Signature') ? 'X-Amz-Signature' : 'Signature';
  const wrong = schemes[scheme].filter((name) => query.getAll(name).length !== 1 || !query.get(name));
  if (wrong.length > 0) return `ResponseURL is not presigned: it needs ${wrong.join(', ')} once each.`;
  const of = (name: string) => query.get(name) ?? '';
  const time = scheme === 'Signature' ? ofVersion2(of) : ofVersion4(of, region);
  if (typeof time === 'string') return time;
  if (time.to <= now.getTime()) return 'ResponseURL has expired.';
  if (time.from > now.getTime() + toleratedMs) return 'ResponseURL is signed for a time to come.';
  return undefined;
}

interface Validity {
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
}

type Query = (name: string) => string;

function ofVersion2(of: Query): Validity | string {
  const expires = of('Expires');
  return /^\d{1,12}$/.test(expires)
    ? { from: 0, to: Number(expires) * 1_000 }
    : 'Expires of ResponseURL is not a number of seconds.';
}

function ofVersion4(of: Query, region: string): Validity | string {
  if (of('X-Amz-Algorithm') !== 'AWS4-HMAC-SHA256') return 'X-Amz-Algorithm of ResponseURL is not AWS4-HMAC-SHA256.';
  const [, year, month, day, hours, minutes, seconds] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(of('X-Amz-Date')) ?? [];
  const from = Date.parse(`${year}-${month}-${day}T${hours}:${minutes}:${seconds}Z`);
  if (Number.isNaN(from)) return 'X-Amz-Date of ResponseURL is not a time.';
  const scope = `/${year}${month}${day}/${region}/s3/aws4_request`;
  if (!/^\w+$/.test(of('X-Amz-Credential').slice(0, -scope.length)) || !of('X-Amz-Credential').endsWith(scope)) {
    return `X-Amz-Credential of ResponseURL is not for S3 in ${region} on the day of X-Amz-Date.`;
  }
  // S3 accepts at most a week.
  const expires = of('X-Amz-Expires');
  if (!/^[1-9]\d{0,5}$/.test(expires) || Number(expires) > 604_800) {
    return 'X-Amz-Expires of ResponseURL is not a number of seconds up to a week.';
  }
  return { from, to: from + Number(expires) * 1_000 };
}
