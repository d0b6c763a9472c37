import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { deliveryPolicy } from './delivery-permissions.ts';
import type { InternalBucket } from './internal-storage.ts';

export interface DeliveryRoleProps {
  /** Where reports wait for their delivery. */
  readonly internalBucket: InternalBucket;

  /**
   * Who may deliver: the check's role, and the roles of the application that delivers real reports. At least one.
   */
  readonly trustedPrincipals: readonly iam.IPrincipal[];

  /**
   * Customers' bucket and key policies name this role, so it should never change.
   *
   * @default - CloudFormation makes one up
   */
  readonly roleName?: string;
}

/**
 * The role that delivers real reports, and that the check takes on: a check as anybody else would prove nothing.
 *
 * Whoever assumes it should pass a session policy for one customer's bucket, prefix and key, as the check does.
 */
export class DeliveryRole extends Construct {
  readonly role: iam.Role;

  constructor(scope: Construct, id: string, props: DeliveryRoleProps) {
    super(scope, id);

    this.role = new iam.Role(this, 'Role', {
      ...(props.roleName === undefined ? {} : { roleName: props.roleName }),
      description: 'Stores reports and delivers them to the Secure Inboxes of customers',
      assumedBy: new iam.CompositePrincipal(...props.trustedPrincipals),
      inlinePolicies: { delivery: deliveryPolicy(props.internalBucket) },
    });
  }
}
