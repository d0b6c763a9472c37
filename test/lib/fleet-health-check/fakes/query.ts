import { ServiceError } from './aws-json.ts';
import { fits, type Item, type Value } from './expressions.ts';

export interface QueryInput {
  readonly IndexName?: string;
  readonly KeyConditionExpression: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Readonly<Record<string, Value>>;
  readonly Limit?: number;
}

/** Key attributes of the table's indexes. A query must give the first one, the partition key. */
const indexes: Readonly<Record<string, readonly string[]>> = {
  'by-inbox-key': ['inboxKeyArn', 'inboxBucket'],
  'by-inbox-bucket': ['inboxBucket'],
};

/**
 * Queries an index of the status table, which contains only items that have all of its key attributes.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html
 */
export function query(items: ReadonlyMap<string, Item>, input: QueryInput): unknown {
  const keys = indexes[input.IndexName ?? ''];
  const names = input.ExpressionAttributeNames ?? {};
  if (!keys)
    throw new ServiceError('ValidationException', `The table does not have the specified index: ${input.IndexName}`);
  if (!Object.values(names).includes(keys[0] ?? '')) {
    throw new ServiceError('ValidationException', `Query condition missed key schema element: ${keys[0]}`);
  }
  const projected = ['registryKey', ...keys];
  const found = [...items.values()]
    .filter((item) => keys.every((key) => item[key] !== undefined))
    .filter((item) =>
      fits(item, input.KeyConditionExpression, { names, values: input.ExpressionAttributeValues ?? {} }),
    )
    .slice(0, input.Limit)
    .map((item) => Object.fromEntries(projected.map((name) => [name, item[name]])));
  return { Items: found, Count: found.length, ScannedCount: found.length };
}
