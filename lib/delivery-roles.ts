import type { Construct } from 'constructs';
import { DeliveryRole, type DeliveryRoleProps } from './delivery-role.ts';
import { DeploymentError } from './props.ts';

export interface DeliveryRolesProps extends Omit<DeliveryRoleProps, 'roleName'> {
  /** What the role is called unless somebody says otherwise. */
  readonly usualName: string;

  /** @default - the usual name */
  readonly deliveryRoleName?: string;

  /** @default - none */
  readonly furtherDeliveryRoleNames?: readonly string[];
}

export interface DeliveryRoles {
  /** The one that the check takes on. */
  readonly deliveryRole: DeliveryRole;
  /** Those that customers are moving to or from. */
  readonly furtherDeliveryRoles: readonly DeliveryRole[];
}

/**
 * Each role is the same resource whichever of them is the one in use. Otherwise CloudFormation would make a role again
 * when two change places, under another id (`AROA…`), and no customer's policy would know it any more.
 *
 * @throws DeploymentError for a name that is given twice
 */
export function deliveryRoles(scope: Construct, props: DeliveryRolesProps): DeliveryRoles {
  const { usualName, deliveryRoleName = usualName, furtherDeliveryRoleNames = [], ...rest } = props;
  const all = [deliveryRoleName, ...furtherDeliveryRoleNames];
  const repeated = all.find((name, index) => all.indexOf(name) !== index);
  if (repeated !== undefined) {
    throw new DeploymentError(
      `furtherDeliveryRoleNames has ${repeated}, which is named already. Allowed: each role once. Take it out, or give ` +
        'another name as deliveryRoleName.',
    );
  }
  const named = (roleName: string): DeliveryRole =>
    new DeliveryRole(scope, roleName === usualName ? 'DeliveryRole' : `DeliveryRole-${roleName}`, {
      ...rest,
      roleName,
    });
  return { deliveryRole: named(deliveryRoleName), furtherDeliveryRoles: furtherDeliveryRoleNames.map(named) };
}
