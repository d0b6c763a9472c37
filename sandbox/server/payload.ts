import type { Incoming } from '../wire/incoming.ts';
import { AwsError } from '../wire/operation.ts';
import type { Authenticated } from './authenticate.ts';
import { decodeAwsChunked } from './aws-chunked.ts';
import { sha256Hex } from './signature.ts';

interface Payload {
  readonly body: Buffer;
  /** The request's headers together with the trailers of a streamed body, without the framing's own. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The body that an S3 client meant, verified against `x-amz-content-sha256`. */
export function s3Payload(incoming: Incoming, { signature }: Authenticated, longDate: string): Payload {
  const { body } = incoming;
  const headers = { ...hoistedHeaders(incoming.query), ...incoming.headers };
  const declared = headers['x-amz-content-sha256'] ?? 'UNSIGNED-PAYLOAD';
  if (declared === 'UNSIGNED-PAYLOAD') return { headers, body };
  if (declared.startsWith('STREAMING-')) {
    const decoded = decodeAwsChunked(declared, incoming, signature, longDate);
    return { body: decoded.body, headers: { ...withoutFraming(headers), ...decoded.trailers } };
  }
  const computed = sha256Hex(body);
  if (declared !== computed) {
    throw new AwsError(
      'XAmzContentSHA256Mismatch',
      400,
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
      { ClientComputedContentSHA256: declared, S3ComputedContentSHA256: computed },
    );
  }
  return { headers, body };
}

/** A presigned URL carries `x-amz-*` headers as parameters, beside those of the signature itself. */
function hoistedHeaders(query: URLSearchParams): Readonly<Record<string, string>> {
  return Object.fromEntries([...query].filter(([name]) => name.startsWith('x-amz-')));
}

function withoutFraming(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const encodings = (headers['content-encoding'] ?? '')
    .split(',')
    .map((encoding) => encoding.trim())
    .filter((encoding) => encoding !== '' && encoding !== 'aws-chunked');
  const { 'content-encoding': _encoding, ...rest } = headers;
  return encodings.length > 0 ? { ...rest, 'content-encoding': encodings.join(',') } : rest;
}
