import type { Construct } from 'constructs';
import { DeliveryRole, type DeliveryRoleProps } from './delivery-role.ts';
import { DeploymentError } from './deployment-error.ts';

interface DeliveryRolesProps extends Omit<DeliveryRoleProps, 'roleName'> {
  /** The default name of the role. */
  readonly usualName: string;

  /** @default - the usual name */
  readonly deliveryRoleName?: string;

  /** @default - none */
  readonly furtherDeliveryRoleNames?: readonly string[];
}

interface DeliveryRoles {
  /** The role that the check assumes. */
  readonly deliveryRole: DeliveryRole;
  /** Roles that customers are moving to or from. */
  readonly furtherDeliveryRoles: readonly DeliveryRole[];
}

/**
 * A role keeps its construct ID when it becomes the one in use. Otherwise CloudFormation would re-create roles that swap
 * places, with a new unique ID (`AROA…`) that no customer's policy has.
 *
 * @throws DeploymentError for a repeated name
 */
export function deliveryRoles(scope: Construct, props: DeliveryRolesProps): DeliveryRoles {
  const { usualName, deliveryRoleName = usualName, furtherDeliveryRoleNames = [], ...rest } = props;
  const all = [deliveryRoleName, ...furtherDeliveryRoleNames];
  const repeated = all.find((name, index) => all.indexOf(name) !== index);
  if (repeated !== undefined) {
    throw new DeploymentError(
      `furtherDeliveryRoleNames has ${repeated}, which is already named. Allowed: each role once. Remove it, or set another ` +
        'deliveryRoleName.',
    );
  }
  const named = (roleName: string): DeliveryRole =>
    new DeliveryRole(scope, roleName === usualName ? 'DeliveryRole' : `DeliveryRole-${roleName}`, {
      ...rest,
      roleName,
    });
  return { deliveryRole: named(deliveryRoleName), furtherDeliveryRoles: furtherDeliveryRoleNames.map(named) };
}
