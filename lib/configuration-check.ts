import { dirname } from 'node:path';
import { AssetHashType, Aws, DockerImage, Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { permissionEdges } from '../lambda/customer_configuration_check/permissions.ts';
import type { InternalBucket } from './internal-storage.ts';
import { buildLambdaBundle, checkHandler } from './lambda-bundle.ts';

export interface ConfigurationCheckProps {
  /** What the function runs as. It receives exactly the permissions that the check needs. */
  readonly role: iam.Role;

  /** The role that delivers real reports; it must trust `role`. */
  readonly deliveryRole: iam.IRole;

  /** Where the test object is stored before it is copied. */
  readonly internalBucket: InternalBucket;

  /**
   * The service's own key. Where a customer's key refuses the internal object, the copy is still tried from an object
   * under this one, so that the first fault does not hide the next.
   */
  readonly serviceKey: IKey;

  /** @default - CloudFormation makes one up */
  readonly functionName?: string;

  /**
   * In MiB.
   *
   * @default 256
   */
  readonly memorySize?: number;

  /**
   * Of an invocation, whatever the number of customers in it. The check answers shortly before the time is up.
   *
   * @default Duration.minutes(5)
   */
  readonly timeout?: Duration;

  /** @default RetentionDays.THREE_MONTHS */
  readonly logRetention?: logs.RetentionDays;
}

/** The Lambda function that delivers a test object to a customer's Secure Inbox and says what refused it. */
export class ConfigurationCheck extends Construct {
  readonly function: lambda.Function;
  readonly logGroup: logs.LogGroup;

  constructor(scope: Construct, id: string, props: ConfigurationCheckProps) {
    super(scope, id);

    this.logGroup = new logs.LogGroup(this, 'Logs', {
      ...(props.functionName === undefined ? {} : { logGroupName: `/aws/lambda/${props.functionName}` }),
      retention: props.logRetention ?? logs.RetentionDays.THREE_MONTHS,
    });

    for (const statement of permissionsOfTheCheck(props.role, props.deliveryRole, this.logGroup)) {
      props.role.addToPolicy(statement);
    }

    this.function = new lambda.Function(this, 'Function', {
      ...(props.functionName === undefined ? {} : { functionName: props.functionName }),
      description:
        "Delivers a test object to a customer's Secure Inbox and reports which authorization layer denied it",
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      code: bundledCode(),
      handler: 'handler.handler',
      role: props.role,
      memorySize: props.memorySize ?? 256,
      timeout: props.timeout ?? Duration.minutes(5),
      loggingFormat: lambda.LoggingFormat.JSON,
      logGroup: this.logGroup,
      environment: {
        INTERNAL_BUCKET: props.internalBucket.bucketName,
        DELIVERY_ROLE_ARN: props.deliveryRole.roleArn,
        SERVICE_KMS_KEY_ARN: props.serviceKey.keyArn,
      },
    });
  }
}

/** Everything else is done as the delivery role. */
function permissionsOfTheCheck(
  role: iam.IRole,
  deliveryRole: iam.IRole,
  logGroup: logs.ILogGroup,
): readonly iam.PolicyStatement[] {
  const assumeActions = permissionEdges.filter((edge) => edge.on === 'delivery-role').map((edge) => edge.action);
  return [
    new iam.PolicyStatement({
      sid: 'DeliverAsRealReportsAre',
      actions: assumeActions,
      resources: [deliveryRole.roleArn],
    }),
    new iam.PolicyStatement({
      sid: 'AskWhetherOurOwnPoliciesDeny',
      actions: ['iam:SimulatePrincipalPolicy'],
      resources: [deliveryRole.roleArn, role.roleArn],
    }),
    // AssumeRole gives no reasons: whether the trust policy is one, only its text tells.
    new iam.PolicyStatement({
      sid: 'ReadTheTrustPolicy',
      actions: ['iam:GetRole'],
      resources: [deliveryRole.roleArn],
    }),
    // Of another account's key KMS does not say whether it is missing, disabled or closed to us. Its owner has to allow
    // this too; where a key policy trusts this whole account, it does.
    new iam.PolicyStatement({
      sid: 'LookAtKeys',
      actions: ['kms:DescribeKey'],
      resources: [`arn:${Aws.PARTITION}:kms:*:*:key/*`],
    }),
    new iam.PolicyStatement({
      sid: 'WriteLogs',
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logGroup.logGroupArn],
    }),
  ];
}

/** Bundled straight into the cloud assembly; the hash is of the bundle, so that only a changed one is deployed. */
function bundledCode(): lambda.Code {
  return lambda.Code.fromAsset(dirname(checkHandler), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Required by the interface and never pulled: the local bundling always succeeds or throws.
      image: DockerImage.fromRegistry('none'),
      local: {
        tryBundle(outputDir: string): boolean {
          buildLambdaBundle(outputDir);
          return true;
        },
      },
    },
  });
}
