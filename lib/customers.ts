import type { DeliverySettings } from './delivery-permissions.ts';
import { DeploymentError } from './deployment-error.ts';

/**
 * An account takes 15 characters of the 10,240 that the inline policies of a role may have.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
const mostAccounts = 500;

const kinds = {
  customerAccounts: {
    pattern: /^\d{12}$/,
    allowed: 'the 12 digits of an AWS account id, in quotes so that leading zeros survive',
  },
  // https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html
  customerOrganizations: { pattern: /^o-[a-z0-9]{10,32}$/, allowed: 'the id of an organization, like o-a1b2c3d4e5' },
} as const;

/** @throws DeploymentError naming everything that is wrong with them */
export function assertCustomers(customers: Required<Pick<DeliverySettings, keyof typeof kinds>>): void {
  const problems = (Object.keys(kinds) as (keyof typeof kinds)[]).flatMap((name) => {
    const { pattern, allowed } = kinds[name];
    return customers[name]
      .filter((value) => !pattern.test(value))
      .map((value) => `${name} has ${JSON.stringify(value)}. Allowed: ${allowed}. Correct it or remove it.`);
  });
  const { length } = customers.customerAccounts;
  if (length > mostAccounts) {
    problems.push(
      `customerAccounts has ${length} accounts. Allowed: at most ${mostAccounts}, which is what a role's policy has room for. ` +
        "Name your customers' organizations instead (customerOrganizations), or divide them among several deployments.",
    );
  }
  if (problems.length > 0) throw new DeploymentError(problems.join('\n'));
}
