/** Account A can't be deployed as the app describes it. The message is for the author of the app. */
export class DeploymentError extends Error {
  override readonly name = 'DeploymentError';
}

/** @throws DeploymentError with every problem, if there are any */
export function assertNone(problems: readonly string[]): void {
  if (problems.length > 0) throw new DeploymentError(problems.join('\n'));
}

interface Allowed {
  readonly pattern: RegExp;
  readonly allowed: string;
}

export const accountIds: Allowed = {
  pattern: /^\d{12}$/,
  allowed: 'the 12 digits of an AWS account id, in quotes so that leading zeros survive',
};

/** A problem for each value of a prop that is not allowed. */
export function wrongValues(prop: string, values: readonly string[], { pattern, allowed }: Allowed): readonly string[] {
  return values
    .filter((value) => !pattern.test(value))
    .map((value) => `${prop} has ${JSON.stringify(value)}. Allowed: ${allowed}. Correct it or remove it.`);
}
