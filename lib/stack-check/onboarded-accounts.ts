import { DeploymentError } from '../deployment-error.ts';

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
