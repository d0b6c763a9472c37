import { checkRetries, type HealthCheckResources, integration, type State, serviceRetries } from './states.ts';

/** For calls to DynamoDB, EventBridge, SQS and CloudWatch. */
const serviceTimeoutSeconds = 30;

/** The function answers shortly before its own timeout; this covers a lost answer. */
const graceSeconds = 10;

/** @param items the payload's `Items`, each with the key of a registry object */
export function checkTask(
  { functionArn, checkTimeoutSeconds }: HealthCheckResources,
  items: State,
  rest: State,
): State {
  return {
    Type: 'Task',
    Resource: integration('lambda:invoke'),
    Parameters: { FunctionName: functionArn, Payload: items },
    TimeoutSeconds: checkTimeoutSeconds + graceSeconds,
    Retry: checkRetries,
    ...rest,
  };
}

/** The payload for a batch, and for one customer. */
export const theWholeBatch = { 'Items.$': '$.Items' } as const;
export const oneCustomer = (keyPath: string): State => ({ Items: [{ 'Key.$': keyPath }] });

export function serviceTask(action: string, parameters: State, rest: State): State {
  return {
    Type: 'Task',
    Resource: integration(action),
    Parameters: parameters,
    TimeoutSeconds: serviceTimeoutSeconds,
    Retry: serviceRetries,
    ...rest,
  };
}

/** @param detail a payload template */
export function announceTask(
  { eventBus, eventSource }: HealthCheckResources,
  detailType: string,
  detail: State,
  rest: State,
): State {
  const entry = { EventBusName: eventBus, Source: eventSource, DetailType: detailType, Detail: detail };
  return serviceTask('events:putEvents', { Entries: [entry] }, { ResultPath: null, ...rest });
}

/** Adds one to a metric. */
export function countTask(
  { metricsNamespace }: Pick<HealthCheckResources, 'metricsNamespace'>,
  metric: string,
  rest: State,
): State {
  const datum = { MetricName: metric, Value: 1, Unit: 'Count' };
  return serviceTask(
    'aws-sdk:cloudwatch:putMetricData',
    { Namespace: metricsNamespace, MetricData: [datum] },
    { ResultPath: null, ...rest },
  );
}

/** The kinds of messages in the dead-letter queue. */
const deadLetterKinds = {
  'not-checked': 'These customers were not checked.',
  'not-recorded': 'The customer was checked, but the result was not recorded, or not confirmed by a second check.',
  'not-announced': 'The status changed and was recorded, but the event was not sent.',
} as const;
export type DeadLetterKind = keyof typeof deadLetterKinds;

/**
 * Takes the error from `$.error`, where a Catch puts it.
 *
 * @param about a payload template with the `keys` of the affected registry objects
 */
export function deadLetterTask(
  { deadLetterQueueUrl }: HealthCheckResources,
  kind: DeadLetterKind,
  about: State,
  rest: State,
): State {
  const body = {
    schemaVersion: 1,
    kind,
    meaning: deadLetterKinds[kind],
    ...about,
    'error.$': '$.error',
    'execution.$': '$$.Execution.Id',
  };
  return serviceTask('sqs:sendMessage', { QueueUrl: deadLetterQueueUrl, MessageBody: body }, rest);
}
