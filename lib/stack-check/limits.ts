import { DeploymentError } from '../deployment-error.ts';

export interface StackCheckLimits {
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
