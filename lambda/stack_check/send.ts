import { request } from 'node:https';

/** Puts a response where CloudFormation waits for it. @throws where nobody answered in time */
export type Send = (url: URL, body: string, signal: AbortSignal) => Promise<{ readonly status: number }>;

/**
 * A presigned PUT. Redirects are not followed, as node:https does not follow any: where to is trusted, where on is not.
 * The signature may cover an empty content type, so that is what is sent.
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
