import type { Duration } from 'aws-cdk-lib';
import { DeploymentError } from '../deployment-error.ts';

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
