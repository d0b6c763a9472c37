import type { AwsError } from './operation.ts';

/**
 * The part of a list that a request asks for, and the token of the next one, which clients can't read.
 *
 * @param token as an earlier answer had it
 * @throws wrong, for a token that no answer had
 */
export function numberedPage<T>(
  all: readonly T[],
  token: string | undefined,
  most: number,
  wrong: AwsError,
): { readonly items: readonly T[]; readonly next?: string } {
  const start = token === undefined ? 0 : Number(Buffer.from(token, 'base64').toString());
  if (!Number.isInteger(start) || (token !== undefined && start < 1)) throw wrong;
  const end = start + most;
  return {
    items: all.slice(start, end),
    ...(end < all.length && { next: Buffer.from(String(end)).toString('base64') }),
  };
}
