import { Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { checkSessionPrefix, testObjectPrefix } from '../core/object-keys.ts';
import { permissionEdges } from '../core/permissions.ts';
import { defined } from '../core/values.ts';
import { anyKey, anyObject, type DeliverySettings, deliveryPolicy } from './delivery-permissions.ts';
import { accountIds, assertNone, wrongValues } from './deployment-error.ts';
import type { InternalBucket } from './internal-storage.ts';
import { reviewedWildcards } from './reviewed.ts';

export interface DeliveryRoleProps extends DeliverySettings {
  /** Where reports wait for delivery. */
  readonly internalBucket: InternalBucket;

  /** The check's role. Only its sessions can have names like `check-…`, which the follow-up of denials ignores. */
  readonly check: iam.IPrincipal;

  /**
   * The roles of the application that delivers real reports. They must not name their sessions `check-…`.
   *
   * @default - only the check may assume the role
   */
  readonly deliverers?: readonly iam.IPrincipal[];

  /**
   * Customers' bucket and key policies name this role, so do not change it.
   *
   * @default - CloudFormation generates one
   */
  readonly roleName?: string;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#ck_rolesessionname */
const sessionsOfTheCheck = { 'sts:RoleSessionName': `${checkSessionPrefix}*` };

/**
 * The role that delivers real reports. The check assumes it too, because a check as another principal proves nothing.
 *
 * Each caller should pass a session policy for one customer's bucket, prefix and key, as the check does.
 */
export class DeliveryRole extends Construct {
  readonly role: iam.Role;

  constructor(scope: Construct, id: string, props: DeliveryRoleProps) {
    super(scope, id);

    this.role = new iam.Role(this, 'Role', {
      ...defined({ roleName: props.roleName }),
      description: 'Stores reports and delivers them to the Secure Inboxes of customers',
      assumedBy: new iam.CompositePrincipal(
        new iam.PrincipalWithConditions(props.check, { StringLike: sessionsOfTheCheck }),
        ...(props.deliverers ?? []).map(
          (deliverer) => new iam.PrincipalWithConditions(deliverer, { StringNotLike: sessionsOfTheCheck }),
        ),
      ),
      inlinePolicies: { delivery: deliveryPolicy(props.internalBucket, permissionEdges, props) },
    });

    const { internalBucket, customerAccounts = [], customerOrganizations = [] } = props;
    assertCustomers(customerAccounts, customerOrganizations);
    const narrowed = 'and the session policy of each delivery narrows it to one customer.';
    Validations.of(this.role).acknowledge(
      ...reviewedWildcards(this, [
        [internalBucket.arnForObjects('*'), 'Any report can wait in the internal bucket, which contains nothing else.'],
        [internalBucket.arnForObjects(`${testObjectPrefix}*`), 'Each check deletes its own test object.'],
        [anyObject, `Customers' buckets are not known at deployment, ${narrowed}`],
        [anyKey, `Customers' keys are not known at deployment, can be used only through S3, ${narrowed}`],
      ]),
    );
  }
}

/**
 * An account takes 15 of the 10,240 characters that a role's inline policies can have.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
const mostAccounts = 500;

/** https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html */
const organizationIds = { pattern: /^o-[a-z0-9]{10,32}$/, allowed: 'the id of an organization, like o-a1b2c3d4e5' };

/** @throws DeploymentError with every problem */
function assertCustomers(accounts: readonly string[], organizations: readonly string[]): void {
  const { length } = accounts;
  const tooMany =
    `customerAccounts has ${length} accounts. Allowed: at most ${mostAccounts}, because a role's policy has no room for more. ` +
    "Name your customers' organizations instead (customerOrganizations), or divide them among several deployments.";
  assertNone([
    ...wrongValues('customerAccounts', accounts, accountIds),
    ...wrongValues('customerOrganizations', organizations, organizationIds),
    ...(length > mostAccounts ? [tooMany] : []),
  ]);
}
