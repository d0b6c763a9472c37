import { invalidArgument } from './errors.ts';

/** Reads `x-amz-tagging`. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html */
export function tagsOf(header: string | undefined): Readonly<Record<string, string>> {
  if (header === undefined) return {};
  const pairs = [...new URLSearchParams(header)];
  if (new Set(pairs.map(([key]) => key)).size < pairs.length) {
    throw invalidArgument(
      'x-amz-tagging',
      "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
      header,
    );
  }
  return Object.fromEntries(pairs);
}
