import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { IPrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { CheckRole } from './check-role.ts';
import { ConfigurationCheck } from './configuration-check.ts';
import { DeliveryRole } from './delivery-role.ts';
import { InternalStorage } from './internal-storage.ts';
import { names } from './names.ts';

export interface SecureInboxConfigurationCheckProps extends StackProps {
  /**
   * The roles of the application that delivers real reports.
   *
   * @default - only the check may take on the delivery role
   */
  readonly deliverers?: readonly IPrincipal[];
}

/** All of Account A: the internal bucket and key, the delivery role, and the check. */
export class SecureInboxConfigurationCheck extends Stack {
  readonly storage: InternalStorage;
  readonly deliveryRole: DeliveryRole;
  readonly check: ConfigurationCheck;

  constructor(scope: Construct, id: string, props: SecureInboxConfigurationCheckProps = {}) {
    const { deliverers = [], ...stackProps } = props;
    super(scope, id, stackProps);

    this.storage = new InternalStorage(this, 'InternalStorage', {
      bucketName: names.internalBucket,
      keyAlias: names.serviceKeyAlias,
    });

    const checkRole = new CheckRole(this, 'CheckRole', { roleName: names.check });

    this.deliveryRole = new DeliveryRole(this, 'DeliveryRole', {
      roleName: names.deliveryRole,
      internalBucket: this.storage.bucket,
      trustedPrincipals: [checkRole.role, ...deliverers],
    });

    this.check = new ConfigurationCheck(this, 'ConfigurationCheck', {
      functionName: names.check,
      role: checkRole.role,
      deliveryRole: this.deliveryRole.role,
      internalBucket: this.storage.bucket,
      serviceKey: this.storage.key,
    });

    new CfnOutput(this, 'FunctionName', {
      description: 'Invoke it with a test event',
      value: this.check.function.functionName,
    });
    new CfnOutput(this, 'DeliveryRoleArn', {
      description: "Parameter DeliveryRoleArn of a customer's stack",
      value: this.deliveryRole.role.roleArn,
    });
    new CfnOutput(this, 'InternalBucketName', {
      description: "Parameter SenderInternalBucketName of a customer's stack",
      value: this.storage.bucket.bucketName,
    });
    new CfnOutput(this, 'ServiceKeyArn', {
      description: "Encrypts what is stored under no customer's key",
      value: this.storage.key.keyArn,
    });
  }
}
