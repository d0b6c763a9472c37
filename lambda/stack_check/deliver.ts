import { request } from 'node:https';
import { within } from '../../core/time.ts';

type Delivered =
  | { readonly kind: 'delivered' }
  /** S3 won't accept it, now or later: the URL has expired, or was never signed. */
  | { readonly kind: 'refused'; readonly status: number }
  /** Worth retrying in another invocation. */
  | { readonly kind: 'unreachable'; readonly why: string };

interface Delivering {
  readonly send: Send;
  readonly pause: (milliseconds: number) => Promise<unknown>;
  readonly remainingMs: () => number;
}

const oneAttemptMs = 5_000;
const pausesMs: readonly number[] = [250, 500, 1_000, 2_000];

/** Sends a response. Retries while there is time if S3 is busy or unreachable; sending it twice does no harm. */
export async function deliver(url: URL, body: string, { send, pause, remainingMs }: Delivering): Promise<Delivered> {
  for (let nth = 0; ; nth++) {
    const delivered = await once(url, body, send, Math.min(oneAttemptMs, remainingMs()));
    const pauseMs = pausesMs[nth];
    if (delivered.kind !== 'unreachable' || pauseMs === undefined || remainingMs() < pauseMs) return delivered;
    await pause(pauseMs);
  }
}

async function once(url: URL, body: string, send: Send, milliseconds: number): Promise<Delivered> {
  try {
    const { status } = await within(milliseconds, (signal) => send(url, body, signal));
    if (status >= 200 && status < 300) return { kind: 'delivered' };
    const isBusy = status >= 500 || status === 429;
    return isBusy ? { kind: 'unreachable', why: `S3 answered ${status}.` } : { kind: 'refused', status };
  } catch (error) {
    // Logs only the code, because messages of network errors may contain the URL.
    const { name, code } = error as { name?: string; code?: string };
    return { kind: 'unreachable', why: `S3 could not be reached: ${code ?? name ?? 'unknown'}.` };
  }
}

/** Sends a response to the URL that CloudFormation reads. @throws if there was no answer in time */
export type Send = (url: URL, body: string, signal: AbortSignal) => Promise<{ readonly status: number }>;

/**
 * A presigned PUT. node:https doesn't follow redirects, which is intended: only the original address is trusted. The
 * signature may cover an empty content type, so the request sends that.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-lambda-function-code-cfnresponsemodule.html
 */
export const putOverHttps: Send = (url, body, signal) =>
  new Promise((resolve, reject) => {
    const headers = { 'content-type': '', 'content-length': Buffer.byteLength(body) };
    const sent = request(url, { method: 'PUT', headers, signal }, (response) => {
      response.resume();
      response.once('end', () => resolve({ status: response.statusCode ?? 0 }));
      response.once('error', reject);
    });
    sent.once('error', reject);
    sent.end(body);
  });

/**
 * Tests if a response would be accepted, before any work is done for it. @returns false only if it was rejected; no
 * answer proves nothing
 */
export type ResponseProbe = (url: URL, signal: AbortSignal) => Promise<boolean>;

/**
 * Announces the response with `Expect: 100-continue` and sends no body. S3 rejects a wrong signature based on the
 * headers alone, and stores no partial objects. The header is not among those that a presigned URL signs.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
 * https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPUT.html ("never adds partial objects")
 */
export const probeOverHttps: ResponseProbe = (url, signal) =>
  new Promise((resolve) => {
    const headers = { 'content-type': '', 'content-length': 1, expect: '100-continue' };
    const sent = request(url, { method: 'PUT', headers, signal });
    const settle = (isTaken: boolean) => {
      resolve(isTaken);
      sent.destroy();
    };
    sent.once('continue', () => settle(true));
    sent.once('response', ({ statusCode = 0 }) => settle(statusCode < 400 || statusCode === 429 || statusCode >= 500));
    sent.once('error', () => settle(true));
    sent.flushHeaders();
  });
