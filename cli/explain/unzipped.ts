import { gunzipSync } from 'node:zlib';

/** Far more than a function or stream gets at once. */
const mostBytes = 64 * 1024 * 1024;

/**
 * Log events as subscriptions of CloudWatch Logs send them: compressed, in base64.
 *
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
 *
 * @returns undefined for anything else
 */
export function unzipped(text: string): string | undefined {
  if (!/^H4sI[\w+/=-]+$/.test(text.slice(0, 200))) return undefined;
  try {
    return gunzipSync(Buffer.from(text, 'base64'), { maxOutputLength: mostBytes }).toString('utf8');
  } catch {
    return undefined;
  }
}
