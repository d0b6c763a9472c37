import type { Duration } from 'aws-cdk-lib';
import { accountIds, assertNone, DeploymentError, wrongValues } from '../deployment-error.ts';

interface StackCheckLimits {
  readonly checksPerHour: number;
  readonly reservedConcurrentExecutions?: number | 'unreserved' | undefined;
  readonly lastResortConcurrentExecutions?: number | 'unreserved' | undefined;
}

/** @throws DeploymentError with every invalid limit */
export function assertLimits({ checksPerHour, ...concurrency }: StackCheckLimits): void {
  assertNone([
    ...(isWhole(checksPerHour, 9_999)
      ? []
      : [`checksPerHour is ${checksPerHour}. Allowed: a whole number from 1 to 9999. Give the checks of one account.`]),
    ...Object.entries(concurrency)
      .filter(([, value]) => value !== undefined && value !== 'unreserved' && !isWhole(value))
      .map(
        ([name, value]) =>
          `${name} is ${value}. Allowed: a whole number from 1, or 'unreserved'. With 0 no stack would be answered.`,
      ),
  ]);
}

function isWhole(value: number, most = Number.MAX_SAFE_INTEGER): boolean {
  return Number.isInteger(value) && value >= 1 && value <= most;
}

/** As a function's props expect it. */
export function reserved(executions: number | 'unreserved'): { readonly reservedConcurrentExecutions?: number } {
  return executions === 'unreserved' ? {} : { reservedConcurrentExecutions: executions };
}

/**
 * Each account takes three of a stack's 500 resources, and the rest of Account A about a hundred.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
 */
export const mostOnboardedAccounts = 120;

/** @throws DeploymentError with every problem */
export function assertOnboardable(accounts: readonly string[]): void {
  const repeated = accounts.filter((account, index) => accounts.indexOf(account) !== index);
  const tooMany =
    `onboardedAccounts has ${accounts.length} accounts. Allowed: at most ${mostOnboardedAccounts}, because each takes three of a ` +
    "stack's 500 resources. Put the others into a StackCheck in another stack.";
  assertNone([
    ...wrongValues('onboardedAccounts', accounts, accountIds),
    ...repeated.map((account) => `onboardedAccounts has ${account} more than once. Remove the others.`),
    ...(accounts.length > mostOnboardedAccounts ? [tooMany] : []),
  ]);
}

/** ServiceTimeout of the customer's template. */
const stackWaitsSeconds = 1_800;
/** How long an event can wait for the function to start. */
const longestQueueSeconds = 300;
/** https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html */
const pauseBeforeRetrySeconds = 60;

/**
 * Lambda tries both functions twice, and the stack must get its answer within that time.
 *
 * @param lastResortTimeout the second function's timeout, and the first one's time in addition to checking
 * @throws DeploymentError if CloudFormation would time out first
 */
export function assertAnsweredInTime(patience: Duration, checkTimeout: Duration, lastResortTimeout: Duration): void {
  const ofAllElse = 4 * lastResortTimeout.toSeconds() + longestQueueSeconds + 2 * pauseBeforeRetrySeconds;
  const most = (stackWaitsSeconds - ofAllElse) / 2;
  if (patience.toSeconds() + checkTimeout.toSeconds() <= most) return;
  throw new DeploymentError(
    `patience is ${patience.toHumanString()} and checkTimeout is ${checkTimeout.toHumanString()}. Allowed: together at most ` +
      `${most} seconds, so that a stack gets its answer within the ${stackWaitsSeconds / 60} minutes that it waits, even if ` +
      'a function fails. Shorten one of them.',
  );
}
