import { notImplementedHeader } from '../s3/errors.ts';
import type { BodyLimit, Heading } from '../wire/incoming.ts';
import { AwsError } from '../wire/operation.ts';

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const largestPut = 5 * 1024 ** 3;

/** More than any service other than S3 accepts in one request. */
const largestOther = 16 * 1024 ** 2;

/** Enough for a form that names its action. */
const largestUnsigned = 64 * 1024;

/** @param service the service that the request is signed for; absent if it is not signed */
export function bodyLimit(service: string | undefined): BodyLimit {
  if (service === 's3') return { bytes: largestPut, tooLarge: entityTooLarge };
  return { bytes: service === undefined ? largestUnsigned : largestOther, tooLarge: requestTooLarge };
}

/** The reason not to read a body; undefined to read it. */
export function unreadable({ headers }: Heading, service: string | undefined): AwsError | undefined {
  const { bytes, tooLarge } = bodyLimit(service);
  const proposed = Number(headers['x-amz-decoded-content-length'] ?? headers['content-length'] ?? 0);
  if (proposed > bytes) return tooLarge(proposed);
  const isChunked = headers['transfer-encoding'] !== undefined;
  if (isChunked && service === undefined) return requestTooLarge();
  if (isChunked && service === 's3' && headers['x-amz-decoded-content-length'] === undefined) return chunked();
  return undefined;
}

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
function entityTooLarge(proposed: number): AwsError {
  return new AwsError('EntityTooLarge', 400, 'Your proposed upload exceeds the maximum allowed size', {
    ProposedSize: String(proposed),
    MaxSizeAllowed: String(largestPut),
  });
}

function requestTooLarge(): AwsError {
  return new AwsError('RequestEntityTooLarge', 413, 'The request is larger than the service accepts.');
}

/** S3 requires the size of an upload in advance. */
function chunked(): AwsError {
  return notImplementedHeader('Transfer-Encoding');
}
