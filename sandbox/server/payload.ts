import type { Incoming } from '../wire/incoming.ts';
import { AwsError } from '../wire/operation.ts';
import type { Authenticated } from './authenticate.ts';
import { type ExpectedSignature, hmacHex, sameSignature, sha256Hex } from './signature.ts';

interface Decoded {
  readonly body: Buffer;
  readonly trailers: Readonly<Record<string, string>>;
}

const forms: Readonly<Record<string, { readonly signed: boolean; readonly trailer: boolean }>> = {
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD': { signed: true, trailer: false },
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER': { signed: true, trailer: true },
  'STREAMING-UNSIGNED-PAYLOAD-TRAILER': { signed: false, trailer: true },
};

/**
 * Decodes an aws-chunked body: repeated `SIZE[;chunk-signature=…]\r\n DATA \r\n`, a chunk of size 0, and trailers. Each
 * signature is computed from the one before it, the first from the request's own.
 *
 * Sources: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html and
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
export function decodeAwsChunked(
  form: string,
  { headers, body }: Incoming,
  seed: ExpectedSignature,
  longDate: string,
): Decoded {
  const known = forms[form];
  if (!known) {
    throw new AwsError(
      'InvalidArgument',
      400,
      'x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, or a valid sha256 value.',
      { ArgumentName: 'x-amz-content-sha256', ArgumentValue: form },
    );
  }
  const verify = known.signed ? chainOf(seed, longDate) : undefined;
  const reader = new LineReader(body);
  const chunks: Buffer[] = [];
  for (;;) {
    const [size = '', extension = ''] = reader.line().split(';');
    if (!/^[0-9a-fA-F]+$/.test(size)) throw incompleteBody();
    const chunk = reader.bytes(Number.parseInt(size, 16));
    verify?.chunk(chunk, extension.replace('chunk-signature=', ''));
    if (chunk.length === 0) break;
    chunks.push(chunk);
    if (reader.line() !== '') throw incompleteBody();
  }
  const trailers = known.trailer ? readTrailers(reader, headers['x-amz-trailer'], verify) : {};
  const decoded = Buffer.concat(chunks);
  if (decoded.length !== Number(headers['x-amz-decoded-content-length'])) throw incompleteBody();
  return { body: decoded, trailers };
}

/** Reads the lines and blocks of a body in turn. A body that ends within one is incomplete. */
class LineReader {
  #at = 0;
  readonly #body: Buffer;
  constructor(body: Buffer) {
    this.#body = body;
  }
  line(): string {
    const end = this.#body.indexOf('\r\n', this.#at);
    if (end < 0) throw incompleteBody();
    const line = this.#body.toString('latin1', this.#at, end);
    this.#at = end + 2;
    return line;
  }
  bytes(count: number): Buffer {
    const block = this.#body.subarray(this.#at, this.#at + count);
    if (block.length < count) throw incompleteBody();
    this.#at += count;
    return block;
  }
  get atEnd(): boolean {
    return this.#at >= this.#body.length;
  }
}

interface Chain {
  readonly chunk: (data: Buffer, provided: string) => void;
  readonly trailer: (canonical: string, provided: string) => void;
}

function chainOf(seed: ExpectedSignature, longDate: string): Chain {
  let previous = seed.signature;
  const continueWith = (algorithm: string, hashes: readonly string[], provided: string) => {
    const stringToSign = [algorithm, longDate, seed.scope, previous, ...hashes].join('\n');
    const expected = hmacHex(seed.signingKey, stringToSign);
    if (!sameSignature(expected, provided)) {
      throw new AwsError(
        'SignatureDoesNotMatch',
        403,
        'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
        { StringToSign: stringToSign, SignatureProvided: provided },
      );
    }
    previous = expected;
  };
  return {
    chunk: (data, provided) => continueWith('AWS4-HMAC-SHA256-PAYLOAD', [sha256Hex(''), sha256Hex(data)], provided),
    trailer: (canonical, provided) => continueWith('AWS4-HMAC-SHA256-TRAILER', [sha256Hex(canonical)], provided),
  };
}

function readTrailers(
  reader: LineReader,
  announced: string | undefined,
  verify: Chain | undefined,
): Decoded['trailers'] {
  const trailers: Record<string, string> = {};
  let signature: string | undefined;
  while (!reader.atEnd) {
    const line = reader.line().trim();
    if (line === '') continue;
    const name = line.slice(0, line.indexOf(':')).toLowerCase();
    const value = line.slice(line.indexOf(':') + 1).trim();
    if (name === 'x-amz-trailer-signature') signature = value;
    else trailers[name] = value;
  }
  const names = announced?.split(',').map((name) => name.trim().toLowerCase()) ?? [];
  if (names.length === 0 || names.some((name) => !Object.hasOwn(trailers, name))) throw malformedTrailer();
  const canonical = Object.entries(trailers)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}:${value}\n`)
    .join('');
  verify?.trailer(canonical, signature ?? '');
  return trailers;
}

function incompleteBody(): AwsError {
  return new AwsError(
    'IncompleteBody',
    400,
    'You did not provide the number of bytes specified by the Content-Length HTTP header',
  );
}

function malformedTrailer(): AwsError {
  return new AwsError(
    'MalformedTrailerError',
    400,
    'The request contained trailing data that was not well-formed or did not conform to our published schema.',
  );
}

interface Payload {
  readonly body: Buffer;
  /** The request's headers with the trailers of a streamed body, without the framing's own headers. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The body that an S3 client sent, decoded and verified against `x-amz-content-sha256`. */
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

/** A presigned URL has `x-amz-*` headers as query parameters, in addition to those of the signature. */
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
