import { catchAll, conditionNotMet, type HealthCheckResources, type State } from './states.ts';
import { serviceTask } from './tasks.ts';

export interface Update {
  /** Assignments. Attributes are written as `#name`, because a name can be a reserved word. */
  readonly set: readonly string[];
  readonly remove?: readonly string[];
  readonly condition: string;
  /** By name without the colon: the path of a string in the input, or a literal number or string. */
  readonly values: Readonly<Record<string, string | number>>;
}

/**
 * Updates a customer's item in one step, unless another execution did first.
 *
 * @param otherwise the next state if the condition is not met
 * @param failed the next state if the call to DynamoDB fails; the error is in `$.error`
 */
export function updateItemTask(
  { statusTable }: HealthCheckResources,
  { set, remove = [], condition, values }: Update,
  { otherwise, failed, ...rest }: State & { readonly otherwise: string; readonly failed: string },
): State {
  const expression = [`SET ${set.join(', ')}`, ...(remove.length > 0 ? [`REMOVE ${remove.join(', ')}`] : [])].join(' ');
  const names = new Set(`${expression} ${condition}`.match(/#\w+/g));
  return serviceTask(
    'dynamodb:updateItem',
    {
      TableName: statusTable,
      Key: { registryKey: { 'S.$': '$.item.Key' } },
      UpdateExpression: expression,
      ConditionExpression: condition,
      ExpressionAttributeNames: Object.fromEntries([...names].map((name) => [name, name.slice(1)])),
      ExpressionAttributeValues: Object.fromEntries(
        Object.entries(values).map(([name, value]) => [`:${name}`, attributeValue(value)]),
      ),
      ReturnValues: 'UPDATED_NEW',
    },
    {
      Catch: [{ ErrorEquals: [conditionNotMet], ResultPath: '$.error', Next: otherwise }, ...catchAll(failed)],
      ...rest,
    },
  );
}

/** DynamoDB expects numbers as strings. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html */
function attributeValue(value: string | number): State {
  if (typeof value === 'number') return { N: String(value) };
  return value.startsWith('$') ? { 'S.$': value } : { S: value };
}
