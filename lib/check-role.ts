import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { serviceName } from '../core/arn.ts';
import { given } from './props.ts';

export interface CheckRoleProps {
  /** @default - CloudFormation makes one up */
  readonly roleName?: string;
}

/**
 * Who the check is before it takes on the delivery role.
 *
 * It exists apart from the function, because the delivery role must trust it before the function can be told of the
 * delivery role. `ConfigurationCheck` gives it its permissions.
 */
export class CheckRole extends Construct {
  readonly role: iam.Role;

  constructor(scope: Construct, id: string, props: CheckRoleProps = {}) {
    super(scope, id);

    this.role = new iam.Role(this, 'Role', {
      ...given({ roleName: props.roleName }),
      description: 'Runs the Secure Inbox configuration check',
      assumedBy: new iam.ServicePrincipal(serviceName('lambda')),
    });
  }
}
