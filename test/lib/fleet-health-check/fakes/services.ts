import { answering, type FakeServices, type Operation, ServiceError } from './aws-json.ts';
import { type Execution, startExecution } from './executions.ts';
import { type Item, updated, type Value } from './expressions.ts';
import { type QueryInput, query } from './query.ts';

export interface AnnouncedEvent {
  readonly source: string;
  readonly detailType: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

/** The services that the state machine uses, and their state. */
export interface Account extends FakeServices {
  readonly items: Map<string, Item>;
  readonly events: AnnouncedEvent[];
  /** The bodies of the dead-letter queue's messages. */
  readonly messages: Readonly<Record<string, unknown>>[];
  /** `namespace/metric`, once for each data point. */
  readonly metrics: string[];
  /** Executions that other state machines started. */
  readonly executions: Execution[];
  /** Keys of the registry, in the order of the listing. */
  readonly registryKeys: () => readonly string[];
  /** The next calls of an operation fail with these errors; with `after`, the call took effect anyway. */
  readonly failures: Map<string, { readonly error: string; readonly after?: true }[]>;
}

export function accountWith(registryKeys: () => readonly string[]): Account {
  const items = new Map<string, Item>();
  const events: AnnouncedEvent[] = [];
  const messages: Readonly<Record<string, unknown>>[] = [];
  const metrics: string[] = [];
  const executions: Execution[] = [];
  const failures: Account['failures'] = new Map();

  const operations: Readonly<Record<string, Operation>> = {
    'DynamoDB_20120810.UpdateItem': (input) => updateItem(items, input as unknown as UpdateItemInput),
    'DynamoDB_20120810.Query': (input) => query(items, input as unknown as QueryInput),
    'DynamoDB_20120810.DeleteItem': ({ Key }) => void items.delete(keyOf(Key as Item)),
    'AWSEvents.PutEvents': ({ Entries }) => {
      for (const entry of Entries as readonly Record<string, unknown>[]) {
        events.push({
          source: String(entry['Source']),
          detailType: String(entry['DetailType']),
          resources: entry['Resources'] as readonly string[],
          detail: JSON.parse(String(entry['Detail'])) as Record<string, unknown>,
        });
      }
      return { FailedEntryCount: 0, Entries: [{ EventId: 'event' }] };
    },
    'AWSStepFunctions.StartExecution': (input) => startExecution(executions, input),
    'AmazonSQS.SendMessage': ({ MessageBody }) => {
      messages.push(JSON.parse(String(MessageBody)) as Record<string, unknown>);
      return { MessageId: 'message' };
    },
    'GraniteServiceVersion20100801.PutMetricData': ({ Namespace, MetricData }) => {
      for (const { MetricName } of MetricData as readonly { readonly MetricName: string }[]) {
        metrics.push(`${Namespace}/${MetricName}`);
      }
    },
  };
  const failing = Object.entries(operations).map(([target, operation]): [string, Operation] => [
    target,
    (input) => {
      const failure = failures.get(target.split('.')[1] ?? '')?.shift();
      if (failure && !failure.after) throw new ServiceError(failure.error, 'Injected.');
      const answer = operation(input);
      if (failure) throw new ServiceError(failure.error, 'Injected after the call took effect.');
      return answer;
    },
  ]);
  const services = answering(Object.fromEntries(failing), (query) => listing(registryKeys(), query));
  return { ...services, items, events, messages, metrics, executions, registryKeys, failures };
}

interface UpdateItemInput {
  readonly Key: Item;
  readonly UpdateExpression: string;
  readonly ConditionExpression?: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Readonly<Record<string, Value>>;
  readonly ReturnValues?: string;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html */
function updateItem(items: Map<string, Item>, input: UpdateItemInput): unknown {
  const key = keyOf(input.Key);
  const outcome = updated(items.get(key) ?? {}, {
    ...(input.ConditionExpression !== undefined && { condition: input.ConditionExpression }),
    update: input.UpdateExpression,
    bindings: { names: input.ExpressionAttributeNames ?? {}, values: input.ExpressionAttributeValues ?? {} },
  });
  if (!outcome) throw new ServiceError('ConditionalCheckFailedException', 'The conditional request failed');
  items.set(key, { ...outcome.item, ...input.Key });
  if (input.ReturnValues !== 'UPDATED_NEW') return {};
  return { Attributes: Object.fromEntries(outcome.updated.map((name) => [name, outcome.item[name]])) };
}

function keyOf(key: Item): string {
  const value = key['registryKey'];
  if (!value || !('S' in value)) throw new ServiceError('ValidationException', 'The provided key does not match');
  return value.S;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html, with pages of 200 keys instead of 1,000. */
function listing(keys: readonly string[], query: Readonly<Record<string, unknown>>): string {
  const prefix = String(query['prefix'] ?? '');
  const matching = keys.filter((key) => key.startsWith(prefix)).toSorted();
  const from = Number(query['continuation-token'] ?? 0);
  const page = matching.slice(from, from + Math.min(200, Number(query['max-keys'] ?? 200)));
  const more = from + page.length < matching.length;
  const contents = page.map(
    (key) =>
      `<Contents><Key>${key}</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified><ETag>&quot;0&quot;</ETag>` +
      '<Size>512</Size><StorageClass>STANDARD</StorageClass></Contents>',
  );
  const next = more ? `<NextContinuationToken>${from + page.length}</NextContinuationToken>` : '';
  return (
    '<?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">' +
    `<KeyCount>${page.length}</KeyCount><IsTruncated>${more}</IsTruncated>${next}${contents.join('')}</ListBucketResult>`
  );
}
