import { Duration, Token, Validations } from 'aws-cdk-lib';
import { Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { metricsNamespace } from '../core/metrics.ts';
import { permissionEdges } from '../core/permissions.ts';
import { defined } from '../core/values.ts';
import type { CustomerRegistry } from './customer-registry.ts';
import { keptOnceDeployed } from './data-protection.ts';
import { anyKey } from './delivery-permissions.ts';
import { DeploymentError } from './deployment-error.ts';
import { logGroupIn } from './encryption-keys.ts';
import { functionCode, functionDefaults } from './function-code.ts';
import type { InternalBucket } from './internal-storage.ts';
import { reviewedWildcards } from './reviewed.ts';

export interface ConfigurationCheckProps {
  /** The function's role. It gets exactly the permissions that the check needs. */
  readonly role: iam.Role;

  /** The role that delivers real reports; it must trust `role`. */
  readonly deliveryRole: iam.IRole;

  /**
   * Other roles that an event may name instead; they must also trust `role`.
   *
   * @default - none
   */
  readonly furtherDeliveryRoles?: readonly iam.IRole[];

  /** Where the test object is stored before it is copied. */
  readonly internalBucket: InternalBucket;

  /**
   * The service's own key. If the customer's key denies the internal object, the check copies an object under this key
   * instead, so that the first fault does not hide the next.
   */
  readonly serviceKey: IKey;

  /**
   * Where the function reads customers by their registry key.
   *
   * @default - it accepts only whole test events
   */
  readonly registry?: CustomerRegistry;

  /**
   * Whether inboxes may be in the service's own account. Otherwise events that name it are rejected.
   *
   * @default false
   */
  readonly inboxesInThisAccount?: boolean;

  /**
   * Whether the check may serve events with `"lookupEvents": true`. The role may then read the account's whole
   * CloudTrail history in each Region, because CloudTrail has no narrower permission. Without it, reports say that
   * CloudTrail could not be searched.
   *
   * @default false
   */
  readonly looksIntoCloudTrail?: boolean;

  /** @default - CloudFormation generates one */
  readonly functionName?: string;

  /**
   * In MiB.
   *
   * @default 256
   */
  readonly memorySize?: number;

  /**
   * The timeout of an invocation with any number of customers. The check answers shortly before it ends.
   *
   * @default Duration.minutes(5)
   */
  readonly timeout?: Duration;

  /**
   * Concurrent invocations, reserved from the account's quota in the Region, so that the check and other functions can't
   * starve each other.
   *
   * @default - none reserved
   */
  readonly reservedConcurrentExecutions?: number;

  /** @default RetentionDays.THREE_MONTHS */
  readonly logRetention?: logs.RetentionDays;

  /** @default - encrypted by CloudWatch Logs */
  readonly logKey?: IKey;

  /**
   * Encrypts the environment variables. The person who deploys needs permission to use it and to create a grant.
   *
   * @default - the account's AWS managed key for Lambda
   */
  readonly environmentKey?: IKey;

  /**
   * Whether X-Ray traces invocations.
   *
   * @default false
   */
  readonly tracing?: boolean;

  /**
   * The namespace of the metrics in CloudWatch. Functions with the same namespace count together.
   *
   * @default 'SecureInbox/ConfigurationCheck'
   */
  readonly metricsNamespace?: string;
}

/** The Lambda function that delivers a test object to a customer's Secure Inbox and reports what denied it. */
export class ConfigurationCheck extends Construct {
  readonly function: lambda.Function;
  readonly logGroup: logs.LogGroup;
  readonly metricsNamespace: string;

  /** @throws DeploymentError if no invocation could run */
  constructor(scope: Construct, id: string, props: ConfigurationCheckProps) {
    super(scope, id);
    assertRuns(props.reservedConcurrentExecutions);
    this.metricsNamespace = props.metricsNamespace ?? metricsNamespace;

    this.logGroup = logGroupIn(this, 'Logs', {
      logRetention: props.logRetention,
      logKey: props.logKey,
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
        [anyKey, "Customers' keys are not known at deployment. Describing a key grants no access."],
        ['*', 'CloudTrail and X-Ray support no resources for these actions.'],
        ...(props.registry === undefined
          ? []
          : [[props.registry.registrationsArn, 'Each customer is one object, and all are checked.'] as const]),
      ]),
    );

    this.function = new lambda.Function(this, 'Function', {
      ...defined({
        functionName: props.functionName,
        reservedConcurrentExecutions: props.reservedConcurrentExecutions,
        environmentEncryption: props.environmentKey,
      }),
      description:
        "Delivers a test object to a customer's Secure Inbox and reports which authorization layer denied it",
      ...functionDefaults,
      code: functionCode('check'),
      handler: 'handler.handler',
      role: props.role,
      memorySize: props.memorySize ?? 256,
      timeout: props.timeout ?? Duration.minutes(5),
      tracing: props.tracing ? lambda.Tracing.ACTIVE : lambda.Tracing.DISABLED,
      logGroup: this.logGroup,
      environment: {
        INTERNAL_BUCKET: props.internalBucket.bucketName,
        DELIVERY_ROLE_ARN: props.deliveryRole.roleArn,
        SERVICE_KMS_KEY_ARN: props.serviceKey.keyArn,
        METRICS_NAMESPACE: this.metricsNamespace,
        ...(props.inboxesInThisAccount && { INBOXES_IN_THIS_ACCOUNT: 'true' }),
        ...defined({ REGISTRY_BUCKET: props.registry?.bucket.bucketName }),
      },
    });
  }

  /** One of the function's own metrics, besides Lambda's. */
  metric(metricName: string, options: MetricOptions = {}): Metric {
    return new Metric({ namespace: this.metricsNamespace, metricName, ...options });
  }
}

function assertRuns(reservedConcurrentExecutions = 1): void {
  if (Token.isUnresolved(reservedConcurrentExecutions)) return;
  if (Number.isInteger(reservedConcurrentExecutions) && reservedConcurrentExecutions >= 1) return;
  throw new DeploymentError(
    `reservedConcurrentExecutions is ${reservedConcurrentExecutions}. Allowed: a whole number from 1, because with 0 Lambda runs ` +
      'no check. Raise it, or leave it out to reserve none.',
  );
}

/** The check does everything else as the delivery role. */
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
    // AssumeRole gives no reasons, so only the trust policy's text shows whether it is the cause.
    new iam.PolicyStatement({
      sid: 'ReadTheTrustPolicy',
      actions: ['iam:GetRole'],
      resources: deliveryRoleArns,
    }),
    // For another account's key, KMS does not say whether it is missing, disabled or denied. The key's owner must allow
    // this too; a key policy that trusts this whole account does.
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

/** CloudTrail supports no resources for this action: it is the account's whole history or nothing. */
function lookUpWhatKmsRefused(): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'LookUpWhatKmsRefused',
    actions: ['cloudtrail:LookupEvents'],
    resources: ['*'],
  });
}
