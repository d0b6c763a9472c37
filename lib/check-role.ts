import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { serviceName } from '../core/arn.ts';
import { defined } from '../core/values.ts';

export interface CheckRoleProps {
  /** @default - CloudFormation generates one */
  readonly roleName?: string;
}

/**
 * The check's own role, before it assumes the delivery role.
 *
 * It is separate from the function, because the delivery role must trust it and the function needs the delivery role's
 * ARN. `ConfigurationCheck` adds its permissions.
 */
export class CheckRole extends Construct {
  readonly role: iam.Role;

  constructor(scope: Construct, id: string, props: CheckRoleProps = {}) {
    super(scope, id);

    this.role = new iam.Role(this, 'Role', {
      ...defined({ roleName: props.roleName }),
      description: 'Runs the Secure Inbox configuration check',
      assumedBy: new iam.ServicePrincipal(serviceName('lambda')),
    });
  }
}
