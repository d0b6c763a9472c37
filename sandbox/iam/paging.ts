import { checkConstraints } from '../wire/constraints.ts';
import { AwsError } from '../wire/operation.ts';
import type { QueryInput } from '../wire/query.ts';

interface IamPage<T> {
  readonly items: readonly T[];
  readonly rest: { readonly IsTruncated: boolean; readonly Marker?: string };
}

/**
 * The part of a list that a request asks for by `MaxItems` and `Marker`.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRolePolicies.html
 */
export function iamPage<T>(input: QueryInput, all: readonly T[]): IamPage<T> {
  const maxItems = input.integer('MaxItems') ?? 100;
  checkConstraints('ValidationError', [{ name: 'maxItems', value: maxItems, constraint: { min: 1, max: 1000 } }]);
  const start = fromMarker(input.string('Marker'));
  const end = start + maxItems;
  const isTruncated = end < all.length;
  return {
    items: all.slice(start, end),
    rest: {
      IsTruncated: isTruncated,
      ...(isTruncated && { Marker: Buffer.from(String(end)).toString('base64') }),
    },
  };
}

function fromMarker(marker: string | undefined): number {
  if (marker === undefined) return 0;
  const start = Number(Buffer.from(marker, 'base64').toString());
  if (!Number.isInteger(start) || start < 1) throw new AwsError('ValidationError', 400, `Invalid Marker: ${marker}`);
  return start;
}
