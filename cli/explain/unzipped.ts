import { gunzipSync } from 'node:zlib';

/** Far more than a function or stream receives in one batch. */
const mostBytes = 64 * 1024 * 1024;

/**
 * Decodes JSON in base64, as functions receive it from Kinesis, Firehose and Kafka. It may also be compressed, as
 * subscriptions of CloudWatch Logs send it.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
 *
 * @returns undefined for anything else
 */
export function unzipped(text: string): string | undefined {
  const [, zipped] = /^(?:(H4sI)|[eW][wyg3])[\w+/=-]+$/.exec(text.slice(0, 200)) ?? [undefined, ''];
  if (zipped === '') return undefined;
  const bytes = Buffer.from(text, 'base64');
  if (zipped === undefined)
    return /^\s*[{[]\s*["{[]/.test(bytes.toString('latin1', 0, 200)) ? bytes.toString('utf8') : undefined;
  try {
    return gunzipSync(bytes, { maxOutputLength: mostBytes }).toString('utf8');
  } catch {
    return undefined;
  }
}
