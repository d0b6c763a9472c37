import { createHash } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import { XMLParser } from 'fast-xml-parser';
import type { Caller } from '../../../model/world/world.ts';

/** A request that the AWS SDK would not send. It is signed by the SDK's signer, but otherwise as the test says. */
export interface RawRequest {
  readonly method?: string;
  /** Percent-encoded, without the query. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent, but not signed. */
  readonly unsignedHeaders?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** The sent value, if it differs from the signed one. */
  readonly sentBody?: string | Buffer;
  /** The announced length, if it differs from the body's; `unknown` for a chunked body. */
  readonly announcedLength?: string;
  /** The sent path, if it differs from the signed one. */
  readonly sentPath?: string;
  readonly region?: string;
  readonly service?: string;
  readonly signingDate?: Date;
  readonly presignedForSeconds?: number;
  /** Changes the request after it was signed. */
  readonly tamper?: (headers: Record<string, string>, query: Record<string, string>) => void;
}

export interface RawResponse {
  readonly status: number;
  readonly statusMessage: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The elements of an S3 error. */
  readonly error: Readonly<Record<string, string>>;
}

export async function send(url: string, caller: Caller | undefined, request: RawRequest): Promise<RawResponse> {
  const { method = 'GET', body = '', unsignedHeaders = {}, tamper } = request;
  const path = request.sentPath ?? request.path;
  const signed = caller
    ? await sign(url, caller, request)
    : { headers: { ...request.headers }, query: { ...request.query } };
  const headers: Record<string, string> = { ...signed.headers, ...unsignedHeaders };
  const query: Record<string, string> = { ...signed.query };
  tamper?.(headers, query);
  const search = Object.entries(query).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
  );
  const sent = Buffer.from(request.sentBody ?? body);
  const announced = request.announcedLength ?? String(sent.length);
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      url,
      {
        method,
        path: search.length > 0 ? `${path}?${search.join('&')}` : path,
        headers: {
          ...headers,
          ...(announced === 'unknown' ? { 'transfer-encoding': 'chunked' } : { 'content-length': announced }),
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          if (!outgoing.writableEnded) outgoing.destroy();
          resolve({
            status: response.statusCode ?? 0,
            statusMessage: response.statusMessage ?? '',
            headers: response.headers as Record<string, string>,
            body: text,
            error: elementsOf(text),
          });
        });
      },
    );
    outgoing.on('error', reject);
    // Announcing a body without sending it leaves the request open.
    if (announced === String(sent.length) || announced === 'unknown') outgoing.end(sent);
    else outgoing.flushHeaders();
  });
}

async function sign(url: string, caller: Caller, request: RawRequest) {
  const { method = 'GET', path, query = {}, headers = {}, body = '', region = 'us-east-1', service = 's3' } = request;
  const isS3 = service === 's3';
  const signer = new SignatureV4({
    service,
    region,
    sha256: Sha256,
    uriEscapePath: !isS3,
    applyChecksum: isS3,
    credentials: {
      accessKeyId: caller.accessKeyId,
      secretAccessKey: caller.secretAccessKey,
      ...(caller.sessionToken !== undefined && { sessionToken: caller.sessionToken }),
    },
  });
  const unsigned = {
    method,
    path,
    query,
    protocol: 'http:',
    hostname: '127.0.0.1',
    headers: {
      host: new URL(url).host,
      ...(isS3 &&
        request.presignedForSeconds === undefined && {
          'x-amz-content-sha256': createHash('sha256').update(body).digest('hex'),
        }),
      ...headers,
    },
    body,
  };
  const when = { ...(request.signingDate && { signingDate: request.signingDate }) };
  const signed =
    request.presignedForSeconds === undefined
      ? await signer.sign(unsigned, when)
      : await signer.presign(
          {
            ...unsigned,
            body: undefined,
            headers: { ...unsigned.headers, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
          },
          { ...when, expiresIn: request.presignedForSeconds },
        );
  return { headers: signed.headers, query: signed.query as Record<string, string> };
}

const parser = new XMLParser({ parseTagValue: false, trimValues: false });

function elementsOf(text: string): Record<string, string> {
  if (!text.includes('<Error>')) return {};
  const { Error: error, ErrorResponse } = parser.parse(text);
  return error ?? ErrorResponse?.Error ?? {};
}
