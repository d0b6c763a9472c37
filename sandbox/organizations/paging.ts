import type { JsonInput } from '../wire/json.ts';
import { AwsError } from '../wire/operation.ts';

export interface OrganizationsPage<T> {
  readonly items: readonly T[];
  readonly rest: { readonly NextToken?: string };
}

/**
 * The part of a list that a request asks for by `MaxResults` (1 to 20) and `NextToken`.
 *
 * Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListPoliciesForTarget.html
 */
export function page<T>(input: JsonInput, all: readonly T[]): OrganizationsPage<T> {
  const maxResults = input.integer('MaxResults') ?? 20;
  const token = input.string('NextToken');
  const start = token === undefined ? 0 : Number(Buffer.from(token, 'base64').toString());
  if (maxResults < 1 || maxResults > 20 || !Number.isInteger(start)) {
    throw new AwsError('InvalidInputException', 400, 'You specified an invalid value.');
  }
  const end = start + maxResults;
  return {
    items: all.slice(start, end),
    rest: { ...(end < all.length && { NextToken: Buffer.from(String(end)).toString('base64') }) },
  };
}
