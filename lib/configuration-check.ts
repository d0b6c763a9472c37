import { Duration, Validations } from 'aws-cdk-lib';
import { Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { metricsNamespace } from '../core/metrics.ts';
import { permissionEdges } from '../core/permissions.ts';
import type { CustomerRegistry } from './customer-registry.ts';
import { keptOnceDeployed } from './data-protection.ts';
import { anyKey } from './delivery-permissions.ts';
import { logGroupIn } from './encryption-keys.ts';
import { functionCode } from './function-code.ts';
import type { InternalBucket } from './internal-storage.ts';
import { given } from './props.ts';
import { reviewedWildcards } from './reviewed.ts';

export interface ConfigurationCheckProps {
  /** What the function runs as. It receives exactly the permissions that the check needs. */
  readonly role: iam.Role;

  /** The role that delivers real reports; it must trust `role`. */
  readonly deliveryRole: iam.IRole;

  /**
   * Roles that an event may name instead of it; they must trust `role` too.
   *
   * @default - none
   */
  readonly furtherDeliveryRoles?: readonly iam.IRole[];

  /** Where the test object is stored before it is copied. */
  readonly internalBucket: InternalBucket;

  /**
   * The service's own key. Where a customer's key refuses the internal object, the copy is still tried from an object
   * under this one, so that the first fault does not hide the next.
   */
  readonly serviceKey: IKey;

  /**
   * Where the function reads the customers that it is given the keys of.
   *
   * @default - it takes whole test events only
   */
  readonly registry?: CustomerRegistry;

  /**
   * Whether customers' inboxes may be in the service's own account. Otherwise an event that names it is refused.
   *
   * @default false
   */
  readonly inboxesInThisAccount?: boolean;

  /**
   * Whether events that say `"lookupEvents": true` are served: the role may then read all that CloudTrail holds of the
   * account in each Region, as CloudTrail knows no narrower permission. Without it their reports say that it could not be
   * asked.
   *
   * @default false
   */
  readonly looksIntoCloudTrail?: boolean;

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

  /**
   * Invocations at once, taken from what the account has in the Region, so that the check can neither starve other
   * functions nor be starved by them.
   *
   * @default - as many as the account has left
   */
  readonly reservedConcurrentExecutions?: number;

  /** @default RetentionDays.THREE_MONTHS */
  readonly logRetention?: logs.RetentionDays;

  /** @default - the log is encrypted by CloudWatch Logs */
  readonly logKey?: IKey;

  /**
   * Encrypts the environment variables. Whoever deploys must be allowed to use it and to grant Lambda its use.
   *
   * @default - the account's AWS managed key for Lambda
   */
  readonly environmentKey?: IKey;

  /**
   * Whether invocations are traced by X-Ray.
   *
   * @default false
   */
  readonly tracing?: boolean;

  /**
   * The namespace of the metrics in CloudWatch. Two functions that share one count together.
   *
   * @default 'SecureInbox/ConfigurationCheck'
   */
  readonly metricsNamespace?: string;
}

/** The Lambda function that delivers a test object to a customer's Secure Inbox and says what refused it. */
export class ConfigurationCheck extends Construct {
  readonly function: lambda.Function;
  readonly logGroup: logs.LogGroup;
  readonly metricsNamespace: string;

  constructor(scope: Construct, id: string, props: ConfigurationCheckProps) {
    super(scope, id);
    this.metricsNamespace = props.metricsNamespace ?? metricsNamespace;

    this.logGroup = logGroupIn(this, 'Logs', {
      ...given({ logRetention: props.logRetention, logKey: props.logKey }),
      logGroupName: props.functionName && `/aws/lambda/${props.functionName}`,
      removalPolicy: keptOnceDeployed,
    });

    const deliveryRoles = [props.deliveryRole, ...(props.furtherDeliveryRoles ?? [])];
    for (const statement of permissionsOfTheCheck(props.role, deliveryRoles, this.logGroup)) {
      props.role.addToPolicy(statement);
    }
    if (props.looksIntoCloudTrail) props.role.addToPolicy(lookUpWhatKmsRefused());
    props.registry?.grantRead(props.role);
    Validations.of(props.role).acknowledge(
      ...reviewedWildcards(this, [
        [anyKey, "Customers' keys are not known when this is deployed. Describing one opens nothing."],
        ['*', 'CloudTrail and X-Ray know no resources for what is allowed here.'],
        ...(props.registry === undefined
          ? []
          : [[props.registry.registrationsArn, 'Each customer is one object, and all are checked.'] as const]),
      ]),
    );

    this.function = new lambda.Function(this, 'Function', {
      ...given({ functionName: props.functionName }),
      description:
        "Delivers a test object to a customer's Secure Inbox and reports which authorization layer denied it",
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      code: functionCode('check'),
      handler: 'handler.handler',
      role: props.role,
      memorySize: props.memorySize ?? 256,
      timeout: props.timeout ?? Duration.minutes(5),
      ...given({ reservedConcurrentExecutions: props.reservedConcurrentExecutions }),
      tracing: props.tracing ? lambda.Tracing.ACTIVE : lambda.Tracing.DISABLED,
      loggingFormat: lambda.LoggingFormat.JSON,
      logGroup: this.logGroup,
      ...given({ environmentEncryption: props.environmentKey }),
      environment: {
        INTERNAL_BUCKET: props.internalBucket.bucketName,
        DELIVERY_ROLE_ARN: props.deliveryRole.roleArn,
        SERVICE_KMS_KEY_ARN: props.serviceKey.keyArn,
        METRICS_NAMESPACE: this.metricsNamespace,
        ...(props.inboxesInThisAccount && { INBOXES_IN_THIS_ACCOUNT: 'true' }),
        ...given({ REGISTRY_BUCKET: props.registry?.bucket.bucketName }),
      },
    });
  }

  /** One of the metrics that the function counts by itself, beside those of Lambda. */
  metric(metricName: string, options: MetricOptions = {}): Metric {
    return new Metric({ namespace: this.metricsNamespace, metricName, ...options });
  }
}

/** Everything else is done as the delivery role. */
function permissionsOfTheCheck(
  role: iam.IRole,
  deliveryRoles: readonly iam.IRole[],
  logGroup: logs.ILogGroup,
): readonly iam.PolicyStatement[] {
  const deliveryRoleArns = deliveryRoles.map(({ roleArn }) => roleArn);
  const assumeActions = permissionEdges.filter((edge) => edge.on === 'delivery-role').map((edge) => edge.action);
  return [
    new iam.PolicyStatement({
      sid: 'DeliverAsRealReportsAre',
      actions: assumeActions,
      resources: deliveryRoleArns,
    }),
    new iam.PolicyStatement({
      sid: 'AskWhetherOurOwnPoliciesDeny',
      actions: ['iam:SimulatePrincipalPolicy'],
      resources: [...deliveryRoleArns, role.roleArn],
    }),
    // AssumeRole gives no reasons: whether the trust policy is one, only its text tells.
    new iam.PolicyStatement({
      sid: 'ReadTheTrustPolicy',
      actions: ['iam:GetRole'],
      resources: deliveryRoleArns,
    }),
    // Of another account's key KMS does not say whether it is missing, disabled or closed to us. Its owner has to allow
    // this too; where a key policy trusts this whole account, it does.
    new iam.PolicyStatement({
      sid: 'LookAtKeys',
      actions: ['kms:DescribeKey'],
      resources: [anyKey],
    }),
    new iam.PolicyStatement({
      sid: 'WriteLogs',
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logGroup.logGroupArn],
    }),
  ];
}

/** CloudTrail knows no resources for this action: the account's whole history or nothing. */
function lookUpWhatKmsRefused(): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'LookUpWhatKmsRefused',
    actions: ['cloudtrail:LookupEvents'],
    resources: ['*'],
  });
}
