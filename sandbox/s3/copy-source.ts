import { invalidArgument } from './errors.ts';

export interface CopySource {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string;
}

/**
 * Reads `x-amz-copy-source`: `BUCKET/KEY`, URL-encoded, perhaps with a leading slash, perhaps with `?versionId=…`.
 * A plus sign that is not encoded is a space.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html#API_CopyObject_RequestSyntax
 */
export function copySourceOf(header: string): CopySource {
  const [path = '', versionId] = header.replace(/^\//, '').split('?versionId=');
  const decoded = decode(path);
  const slash = decoded.indexOf('/');
  if (slash < 1 || slash === decoded.length - 1) {
    // S3 names the header as the argument's value too.
    throw invalidArgument('x-amz-copy-source', 'Invalid copy source object key', 'x-amz-copy-source');
  }
  return {
    bucket: decoded.slice(0, slash),
    key: decoded.slice(slash + 1),
    ...(versionId !== undefined && { versionId }),
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw invalidArgument('x-amz-copy-source', 'Invalid copy source encoding', 'x-amz-copy-source');
  }
}
