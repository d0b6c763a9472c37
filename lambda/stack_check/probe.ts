import { request } from 'node:https';

/**
 * Asks whether a response would be taken, before anything is done for it. @returns false only where it was refused: an
 * answer that does not come says nothing
 */
export type ResponseProbe = (url: URL, signal: AbortSignal) => Promise<boolean>;

/**
 * Announces the response with `Expect: 100-continue` and sends nothing: S3 rejects a wrong signature by the headers alone,
 * and stores no part of an object. The header isn't among those that a presigned URL signs.
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
