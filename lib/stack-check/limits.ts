import type { Duration } from 'aws-cdk-lib';
import { DeploymentError } from '../props.ts';

interface StackCheckLimits {
  readonly checksPerHour: number;
  readonly reservedConcurrentExecutions?: number | 'unreserved' | undefined;
  readonly lastResortConcurrentExecutions?: number | 'unreserved' | undefined;
}

/** @throws DeploymentError naming each limit that is none */
export function assertLimits({ checksPerHour, ...concurrency }: StackCheckLimits): void {
  const problems = [
    ...(isWhole(checksPerHour, 9_999)
      ? []
      : [`checksPerHour is ${checksPerHour}. Allowed: a whole number from 1 to 9999. Give the checks of one account.`]),
    ...Object.entries(concurrency)
      .filter(([, value]) => value !== undefined && value !== 'unreserved' && !isWhole(value))
      .map(
        ([name, value]) =>
          `${name} is ${value}. Allowed: a whole number from 1, or 'unreserved'. With 0 no stack would be answered.`,
      ),
  ];
  if (problems.length > 0) throw new DeploymentError(problems.join('\n'));
}

function isWhole(value: number, most = Number.MAX_SAFE_INTEGER): boolean {
  return Number.isInteger(value) && value >= 1 && value <= most;
}

/** As a function takes it. */
export function reserved(executions: number | 'unreserved'): { readonly reservedConcurrentExecutions?: number } {
  return executions === 'unreserved' ? {} : { reservedConcurrentExecutions: executions };
}

/**
 * Each account takes three resources of the 500 that a stack may have, of which the rest of Account A takes about a
 * hundred. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
 */
export const mostOnboardedAccounts = 120;

/** @throws DeploymentError naming everything that is wrong with them */
export function assertOnboardable(accounts: readonly string[]): void {
  const problems = [
    ...accounts
      .filter((account) => !/^\d{12}$/.test(account))
      .map(
        (account) =>
          `onboardedAccounts has ${JSON.stringify(account)}. Allowed: the 12 digits of an AWS account id, in quotes so ` +
          'that leading zeros survive. Correct it or take it out.',
      ),
    ...accounts
      .filter((account, index) => accounts.indexOf(account) !== index)
      .map((account) => `onboardedAccounts has ${account} more than once. Take out the others.`),
  ];
  if (accounts.length > mostOnboardedAccounts) {
    problems.push(
      `onboardedAccounts has ${accounts.length} accounts. Allowed: at most ${mostOnboardedAccounts}, as each takes three of the ` +
        '500 resources of a stack. Give the others to a StackCheck in a stack of its own.',
    );
  }
  if (problems.length > 0) throw new DeploymentError(problems.join('\n'));
}

/** ServiceTimeout of the customer's template. */
const stackWaitsSeconds = 1_800;
/** An event may wait so long for the function to start. */
const longestQueueSeconds = 300;
/** https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html */
const pauseBeforeRetrySeconds = 60;

/**
 * Both functions are tried twice, and the stack has to be answered after that.
 *
 * @param lastResortTimeout what the second function has, and the first one beside the time for checking
 * @throws DeploymentError where CloudFormation would give up first
 */
export function assertAnsweredInTime(patience: Duration, checkTimeout: Duration, lastResortTimeout: Duration): void {
  const ofAllElse = 4 * lastResortTimeout.toSeconds() + longestQueueSeconds + 2 * pauseBeforeRetrySeconds;
  const most = (stackWaitsSeconds - ofAllElse) / 2;
  if (patience.toSeconds() + checkTimeout.toSeconds() <= most) return;
  throw new DeploymentError(
    `patience is ${patience.toHumanString()} and checkTimeout is ${checkTimeout.toHumanString()}. Allowed: together at most ` +
      `${most} seconds, so that a stack is answered within the ${stackWaitsSeconds / 60} minutes that it waits, whatever ` +
      'fails. Shorten one of them.',
  );
}
