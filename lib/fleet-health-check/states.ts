import { Aws } from 'aws-cdk-lib';
import { arnOf } from '../../core/arn.ts';

/** A state of the Amazon States Language. https://states-language.net/spec.html */
export type State = Readonly<Record<string, unknown>>;
export type States = Readonly<Record<string, State>>;

/** The resources that the states use. */
export interface HealthCheckResources {
  readonly registryBucket: string;
  readonly registryPrefix: string;
  readonly functionArn: string;
  /** The function's own timeout. */
  readonly checkTimeoutSeconds: number;
  readonly statusTable: string;
  readonly resultsBucket: string;
  readonly deadLetterQueueUrl: string;
  readonly eventBus: string;
  readonly eventSource: string;
  readonly metricsNamespace: string;
}

/**
 * More than 256 KiB. A Catch of States.ALL does not catch it.
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
const tooLarge = 'States.DataLimitExceeded';

/** The error is put into the input as `$.error`. */
export function catchAll(next: string): readonly State[] {
  return [tooLarge, 'States.ALL'].map((error) => ({ ErrorEquals: [error], ResultPath: '$.error', Next: next }));
}

/** @param action an action such as `lambda:invoke` */
export function integration(action: string): string {
  return arnOf({ partition: Aws.PARTITION, service: 'states', resource: action });
}

/** Growing, random pauses, so that calls that were throttled together are not retried together. */
const backingOff = { IntervalSeconds: 2, BackoffRate: 2, MaxDelaySeconds: 60, JitterStrategy: 'FULL' } as const;

/**
 * Errors that say nothing about the customers in the batch.
 * https://docs.aws.amazon.com/step-functions/latest/dg/sfn-best-practices.html#bp-lambda-serviceexception
 */
export const lambdaUnavailable = [
  'Lambda.TooManyRequestsException',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.ClientExecutionTimeoutException',
] as const;

export const checkRetries: readonly State[] = [
  // A retry would have the same size.
  { ErrorEquals: [tooLarge], MaxAttempts: 0 },
  { ErrorEquals: lambdaUnavailable, MaxAttempts: 6, ...backingOff },
  // A crash of the function. A timeout is not retried, because each attempt takes as long.
  { ErrorEquals: ['States.TaskFailed'], MaxAttempts: 1, ...backingOff },
];

export const conditionNotMet = 'DynamoDB.ConditionalCheckFailedException';

export const serviceRetries: readonly State[] = [
  // This is an answer, not a failure.
  { ErrorEquals: [conditionNotMet], MaxAttempts: 0 },
  { ErrorEquals: ['States.TaskFailed', 'States.Timeout'], MaxAttempts: 6, ...backingOff },
];
