import { type State, tooLarge } from './states.ts';

/** Waits that grow and are drawn at random, so that what was refused together does not come back together. */
const backingOff = { IntervalSeconds: 2, BackoffRate: 2, MaxDelaySeconds: 60, JitterStrategy: 'FULL' } as const;

/**
 * What says nothing about the customers that were to be checked.
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
  // The same customers would answer as much again.
  { ErrorEquals: [tooLarge], MaxAttempts: 0 },
  { ErrorEquals: lambdaUnavailable, MaxAttempts: 6, ...backingOff },
  // A crash of the function. One that takes too long is not tried again: each attempt takes as long.
  { ErrorEquals: ['States.TaskFailed'], MaxAttempts: 1, ...backingOff },
];

export const conditionNotMet = 'DynamoDB.ConditionalCheckFailedException';

export const serviceRetries: readonly State[] = [
  // An answer, not a failure.
  { ErrorEquals: [conditionNotMet], MaxAttempts: 0 },
  { ErrorEquals: ['States.TaskFailed', 'States.Timeout'], MaxAttempts: 6, ...backingOff },
];
