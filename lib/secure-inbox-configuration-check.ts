import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { IPrincipal } from 'aws-cdk-lib/aws-iam';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { CheckAlarms } from './alarms.ts';
import { CheckDashboard } from './check-dashboard.ts';
import { CheckRole } from './check-role.ts';
import { ConfigurationCheck } from './configuration-check.ts';
import { CustomerRegistry } from './customer-registry.ts';
import { DeliveryDenials } from './delivery-denials.ts';
import type { DeliveryRole } from './delivery-role.ts';
import { deliveryRoles } from './delivery-roles.ts';
import { DeploymentError } from './deployment-error.ts';
import { FleetHealthCheck } from './fleet-health-check.ts';
import { given } from './given.ts';
import { InternalStorage } from './internal-storage.ts';
import { namesOf } from './names.ts';
import { StackCheck } from './stack-check.ts';
import { StatusNotifications } from './status-notifications.ts';

export interface SecureInboxConfigurationCheckProps extends StackProps {
  /**
   * Becomes part of every name, so that another deployment can share the account. IAM's names are the account's, not
   * the Region's: a deployment in another Region of the account needs a name too. Customers' policies name the delivery
   * role and the internal bucket, so this should never change.
   *
   * @default - the names of the documentation
   */
  readonly deploymentName?: string;

  /**
   * The roles of the application that delivers real reports. It must not call its sessions of the delivery role
   * `check-…`: by that the check's are known.
   *
   * @default - only the check may take on the delivery role
   */
  readonly deliverers?: readonly IPrincipal[];

  /**
   * The role that delivers. Customers' policies name it; docs/operations.md says how to change it without a failed
   * delivery.
   *
   * @default - `secure-inbox-delivery`, with the deployment's name
   */
  readonly deliveryRoleName?: string;

  /**
   * Roles beside it that may deliver, while customers move from one to another.
   *
   * @default - none
   */
  readonly furtherDeliveryRoleNames?: readonly string[];

  /**
   * Of the function, in MiB.
   *
   * @default 256
   */
  readonly memorySize?: number;

  /**
   * Invocations of the function at once, taken from what the account has in the Region.
   *
   * @default - as many as the account has left
   */
  readonly reservedConcurrentExecutions?: number;

  /** @default RetentionDays.THREE_MONTHS */
  readonly logRetention?: RetentionDays;

  /**
   * Whether X-Ray traces the function.
   *
   * @default false
   */
  readonly tracing?: boolean;

  /**
   * How often every onboarded customer is checked: from 5 minutes to 12 hours.
   *
   * @default Duration.hours(1)
   */
  readonly healthCheckInterval?: Duration;

  /**
   * Customers whom the health check checks in one invocation of the function, from 1 to 10.
   *
   * @default 10
   */
  readonly healthCheckBatchSize?: number;

  /**
   * Invocations of the function by the health check at the same time.
   *
   * @default 5
   */
  readonly healthCheckConcurrency?: number;

  /**
   * The type of the child workflow that checks a batch of customers. EXPRESS costs a hundredth and has to end within
   * five minutes, for which `checkTimeout` may be one minute at most.
   *
   * @default STANDARD
   */
  readonly healthCheckChildExecutions?: 'STANDARD' | 'EXPRESS';

  /**
   * Of an invocation of the function, whatever the number of customers in it.
   *
   * @default Duration.minutes(5)
   */
  readonly checkTimeout?: Duration;

  /**
   * Keys refused to real deliveries in five minutes that are nothing unusual. An alarm goes off above it.
   *
   * @default 20
   */
  readonly usualDenials?: number;

  /**
   * Who is told when an alarm goes off. CloudWatch must be allowed to publish to it.
   *
   * @default - whoever is told of changes of a customer's status
   */
  readonly alarmTopic?: ITopic;

  /**
   * The accounts of customers whose stacks may run the check as their last step, 12 digits each.
   *
   * @default - no stack can
   */
  readonly onboardedAccounts?: readonly string[];
}

/** What the stack calls the props of its health check. */
const healthCheckProps = {
  interval: 'healthCheckInterval',
  batchSize: 'healthCheckBatchSize',
  maxConcurrency: 'healthCheckConcurrency',
  childExecutions: 'healthCheckChildExecutions',
  checkTimeout: 'checkTimeout',
} as const;

/** All of Account A: the internal bucket and key, the delivery role, the check, and what watches all customers. */
export class SecureInboxConfigurationCheck extends Stack {
  readonly deploymentName: string;
  readonly storage: InternalStorage;
  readonly deliveryRole: DeliveryRole;
  readonly furtherDeliveryRoles: readonly DeliveryRole[];
  readonly registry: CustomerRegistry;
  readonly check: ConfigurationCheck;
  readonly notifications: StatusNotifications;
  readonly healthCheck: FleetHealthCheck;
  readonly deliveryDenials: DeliveryDenials;
  readonly alarms: CheckAlarms;
  readonly dashboard: CheckDashboard;
  /** Absent without onboarded accounts. */
  readonly stackCheck?: StackCheck;

  /** @throws DeploymentError where the name cannot be used, or is that of another deployment to the same account */
  constructor(scope: Construct, id: string, props: SecureInboxConfigurationCheckProps = {}) {
    const {
      deploymentName = '',
      deliverers = [],
      deliveryRoleName,
      furtherDeliveryRoleNames,
      memorySize,
      reservedConcurrentExecutions,
      logRetention,
      tracing,
      healthCheckInterval = Duration.hours(1),
      healthCheckBatchSize,
      healthCheckConcurrency,
      healthCheckChildExecutions,
      checkTimeout,
      usualDenials,
      alarmTopic,
      onboardedAccounts = [],
      ...stackProps
    } = props;
    const names = namesOf(deploymentName);
    super(scope, id, stackProps);
    this.deploymentName = deploymentName;
    this.assertOnlyOneOfItsName();

    this.storage = new InternalStorage(this, 'InternalStorage', {
      bucketName: names.internalBucket,
      keyAlias: names.serviceKeyAlias,
    });

    const checkRole = new CheckRole(this, 'CheckRole', { roleName: names.check });

    const { deliveryRole, furtherDeliveryRoles } = deliveryRoles(this, {
      usualName: names.deliveryRole,
      ...given({ deliveryRoleName, furtherDeliveryRoleNames }),
      internalBucket: this.storage.bucket,
      trustedPrincipals: [checkRole.role, ...deliverers],
    });
    this.deliveryRole = deliveryRole;
    this.furtherDeliveryRoles = furtherDeliveryRoles;

    this.registry = new CustomerRegistry(this, 'CustomerRegistry', { bucketName: names.registryBucket });

    this.check = new ConfigurationCheck(this, 'ConfigurationCheck', {
      functionName: names.check,
      role: checkRole.role,
      deliveryRole: this.deliveryRole.role,
      furtherDeliveryRoles: furtherDeliveryRoles.map(({ role }) => role),
      internalBucket: this.storage.bucket,
      serviceKey: this.storage.key,
      registry: this.registry,
      metricsNamespace: names.metricsNamespace,
      ...given({ memorySize, timeout: checkTimeout, reservedConcurrentExecutions, logRetention, tracing }),
    });

    this.notifications = new StatusNotifications(this, 'StatusNotifications', {
      topicName: names.statusTopic,
      ruleName: names.statusRule,
      keyAlias: names.statusTopicKeyAlias,
      eventSource: names.eventSource,
    });

    const toldOfAlarms = alarmTopic ?? this.notifications.topic;
    this.healthCheck = new FleetHealthCheck(this, 'FleetHealthCheck', {
      registry: this.registry.bucket,
      check: this.check.function,
      interval: healthCheckInterval,
      eventSource: names.eventSource,
      metricsNamespace: names.metricsNamespace,
      alarmTopic: toldOfAlarms,
      name: names.healthCheck,
      statusTableName: names.statusTable,
      resultsBucketName: names.resultsBucket,
      deadLetterQueueName: names.deadLetterQueue,
      alarmName: names.alarm,
      ...given({
        batchSize: healthCheckBatchSize,
        maxConcurrency: healthCheckConcurrency,
        childExecutions: healthCheckChildExecutions,
        checkTimeout,
        logRetention,
      }),
      propNames: healthCheckProps,
    });

    this.deliveryDenials = new DeliveryDenials(this, 'DeliveryDenials', {
      deliveryRole: this.deliveryRole.role,
      checkRole: checkRole.role,
      healthCheck: this.healthCheck.stateMachine,
      statusTable: this.healthCheck.statusTable,
      deadLetterQueue: this.healthCheck.deadLetterQueue,
      metricsNamespace: names.metricsNamespace,
      alarmTopic: toldOfAlarms,
      name: names.deliveryDenials,
      alarmName: names.alarm,
      ...given({ usualDenials, logRetention }),
    });

    this.alarms = new CheckAlarms(this, 'Alarms', {
      check: this.check,
      notifications: this.notifications,
      action: new SnsAction(toldOfAlarms),
      alarmName: names.alarm,
      deniedPeriod: healthCheckInterval,
    });

    if (onboardedAccounts.length > 0) {
      this.stackCheck = new StackCheck(this, 'StackCheck', {
        check: this.check.function,
        internalBucket: this.storage.bucket,
        serviceKey: this.storage.key,
        onboardedAccounts,
        metricsNamespace: names.metricsNamespace,
        alarmTopic: toldOfAlarms,
        topicName: names.stackCheckTopic,
        functionName: names.stackCheck,
        lastResortName: names.stackCheckLastResort,
        deadLetterQueueName: names.stackCheckQueue,
        alarmName: names.alarm,
        ...given({ logRetention }),
      });
    }

    const { notFinished, failed, notChecked, inconclusive } = this.healthCheck.alarms;
    this.dashboard = new CheckDashboard(this, 'Dashboard', {
      check: this.check,
      alarms: [...this.alarms.all, notFinished, failed, notChecked, inconclusive, ...this.deliveryDenials.alarms.all],
      dashboardName: names.dashboard,
      queryName: names.deniedCustomersQuery,
    });
    this.dashboard.dashboard.addWidgets(this.deliveryDenials.graph());

    this.describeWhatToUse();
  }

  /** Two that would take each other's names fail halfway through the second deployment, and not before. */
  private assertOnlyOneOfItsName(): void {
    const other = this.node.root.node
      .findAll()
      .find(
        (construct) =>
          construct instanceof SecureInboxConfigurationCheck &&
          construct !== this &&
          construct.deploymentName === this.deploymentName &&
          construct.account === this.account,
      );
    if (other === undefined) return;
    const name = this.deploymentName ? `the deploymentName ${this.deploymentName}` : 'no deploymentName';
    throw new DeploymentError(
      `The stacks ${other.node.path} and ${this.node.path} both have ${name}, so that their roles, buckets and alarms ` +
        'would have the same names. Give one of them another deploymentName, or each the env.account that it is deployed to.',
    );
  }

  private describeWhatToUse(): void {
    const outputs: Readonly<Record<string, readonly [description: string, value: string]>> = {
      FunctionName: ['Invoke it with a test event', this.check.function.functionName],
      DeliveryRoleArn: ["Parameter DeliveryRoleArn of a customer's stack", this.deliveryRole.role.roleArn],
      ...(this.furtherDeliveryRoles.length > 0 && {
        FurtherDeliveryRoleArns: [
          "Parameter MoreDeliveryRoleArns of a customer's stack",
          this.furtherDeliveryRoles.map(({ role }) => role.roleArn).join(','),
        ] as const,
      }),
      InternalBucketName: ["Parameter SenderInternalBucketName of a customer's stack", this.storage.bucket.bucketName],
      ServiceKeyArn: ["Encrypts what is stored under no customer's key", this.storage.key.keyArn],
      RegistryBucketName: ['Holds the test event of each onboarded customer', this.registry.bucket.bucketName],
      StatusTopicArn: [
        "Subscribe to it to be told when a customer's status changes",
        this.notifications.topic.topicArn,
      ],
      StateMachineArn: [
        'The health check; start it to check everybody now',
        this.healthCheck.stateMachine.stateMachineArn,
      ],
      DashboardName: ['Of CloudWatch', this.dashboard.dashboard.dashboardName],
      ...(this.stackCheck && {
        CheckTopicArnPrefix: [
          "With a customer's account behind it, parameter CheckTopicArn of that customer's stack",
          this.stackCheck.topicArnPrefix,
        ] as const,
      }),
    };
    for (const [name, [description, value]] of Object.entries(outputs)) {
      new CfnOutput(this, name, { description, value });
    }
  }
}
