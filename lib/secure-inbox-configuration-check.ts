import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { defined } from '../core/values.ts';
import type { AlarmSettings } from './alarm-factory.ts';
import { CheckAlarms } from './alarms.ts';
import { CheckDashboard } from './check-dashboard.ts';
import { CheckRole } from './check-role.ts';
import { ConfigurationCheck } from './configuration-check.ts';
import { CustomerRegistry } from './customer-registry.ts';
import { DeliveryDenials } from './delivery-denials.ts';
import type { DeliverySettings } from './delivery-permissions.ts';
import type { DeliveryRole } from './delivery-role.ts';
import { deliveryRoles } from './delivery-roles.ts';
import { DeploymentError } from './deployment-error.ts';
import { FleetHealthCheck } from './fleet-health-check.ts';
import { InternalStorage } from './internal-storage.ts';
import { deploymentNames } from './names.ts';
import type { SecureInboxConfigurationCheckProps } from './secure-inbox-configuration-check-props.ts';
import { StackCheck } from './stack-check.ts';
import { StatusNotifications } from './status-notifications.ts';

// Longer than 250 lines: it connects all constructs of Account A in one place.

export type { SecureInboxConfigurationCheckProps };

/** The stack's names of the health check's props. */
const healthCheckProps = {
  interval: 'healthCheckInterval',
  batchSize: 'healthCheckBatchSize',
  maxConcurrency: 'healthCheckConcurrency',
  childExecutions: 'healthCheckChildExecutions',
  checkTimeout: 'checkTimeout',
} as const;

/** All of Account A: the internal bucket and key, the delivery role, the check, and the health check of all customers. */
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

  /** @throws DeploymentError if the name is invalid or used by another deployment in the same account */
  constructor(scope: Construct, id: string, props: SecureInboxConfigurationCheckProps = {}) {
    const {
      deploymentName = '',
      deliverers = [],
      inboxesInThisAccount = false,
      looksIntoCloudTrail = false,
      deletesReports,
      multipartDeliveries,
      reportsKept,
      reportReaders,
      reportAdministrators,
      customerAccounts = [],
      customerOrganizations = [],
      deliveryRoleName,
      furtherDeliveryRoleNames,
      memorySize,
      reservedConcurrentExecutions,
      logRetention,
      encryptionKeys = {},
      tracing,
      healthCheckInterval = Duration.hours(1),
      healthCheckBatchSize,
      healthCheckConcurrency,
      healthCheckChildExecutions,
      checkTimeout,
      usualDenials,
      alarmTopic,
      runbook,
      onboardedAccounts = [],
      stackCheck,
      ...stackProps
    } = props;
    const names = deploymentNames(deploymentName);
    super(scope, id, stackProps);
    const { logs: logKey, environment: environmentKey } = encryptionKeys;
    this.deploymentName = deploymentName;
    this.assertOnlyOneOfItsName();

    this.storage = new InternalStorage(this, 'InternalStorage', {
      bucketName: names.internalBucket,
      keyAlias: names.serviceKeyAlias,
      ...defined({ reportsKept }),
    });

    const checkRole = new CheckRole(this, 'CheckRole', { roleName: names.check });

    const { deliveryRole, furtherDeliveryRoles } = deliveryRoles(this, {
      usualName: names.deliveryRole,
      ...defined({ deliveryRoleName, furtherDeliveryRoleNames }),
      internalBucket: this.storage.bucket,
      check: checkRole.role,
      deliverers,
      ...defined({ deletesReports, multipartDeliveries }),
      inboxesInThisAccount,
      ...customersOf({ customerAccounts, customerOrganizations }, onboardedAccounts),
    });
    this.deliveryRole = deliveryRole;
    this.furtherDeliveryRoles = furtherDeliveryRoles;
    this.storage.closeToOthers(
      [deliveryRole, ...furtherDeliveryRoles].map(({ role }) => role),
      defined({ reportReaders, reportAdministrators }),
    );

    this.registry = new CustomerRegistry(this, 'CustomerRegistry', { bucketName: names.registryBucket });

    this.check = new ConfigurationCheck(this, 'ConfigurationCheck', {
      functionName: names.check,
      role: checkRole.role,
      deliveryRole: this.deliveryRole.role,
      furtherDeliveryRoles: furtherDeliveryRoles.map(({ role }) => role),
      internalBucket: this.storage.bucket,
      serviceKey: this.storage.key,
      registry: this.registry,
      inboxesInThisAccount,
      looksIntoCloudTrail,
      metricsNamespace: names.metricsNamespace,
      ...defined({ memorySize, timeout: checkTimeout, reservedConcurrentExecutions, logRetention, tracing }),
      ...defined({ logKey, environmentKey }),
    });

    this.notifications = new StatusNotifications(this, 'StatusNotifications', {
      topicName: names.statusTopic,
      ruleName: names.statusRule,
      ...defined({ key: encryptionKeys.statusTopic }),
      keyAlias: names.statusTopicKeyAlias,
      eventSource: names.eventSource,
    });

    const alarmSettings: AlarmSettings = {
      alarmTopic: alarmTopic ?? this.notifications.topic,
      alarmName: names.alarm,
      ...defined({ runbook }),
    };
    this.healthCheck = new FleetHealthCheck(this, 'FleetHealthCheck', {
      registry: this.registry.bucket,
      check: this.check.function,
      interval: healthCheckInterval,
      eventSource: names.eventSource,
      metricsNamespace: names.metricsNamespace,
      ...alarmSettings,
      name: names.healthCheck,
      statusTableName: names.statusTable,
      resultsBucketName: names.resultsBucket,
      deadLetterQueueName: names.deadLetterQueue,
      ...defined({
        batchSize: healthCheckBatchSize,
        maxConcurrency: healthCheckConcurrency,
        childExecutions: healthCheckChildExecutions,
        checkTimeout,
        logRetention,
        logKey,
        statusTableKey: encryptionKeys.statusTable,
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
      ...alarmSettings,
      name: names.deliveryDenials,
      ...defined({ usualDenials, logRetention, logKey }),
    });

    this.alarms = new CheckAlarms(this, 'Alarms', {
      check: this.check,
      notifications: this.notifications,
      ...alarmSettings,
      deniedPeriod: healthCheckInterval,
    });

    if (onboardedAccounts.length > 0) {
      this.stackCheck = new StackCheck(this, 'StackCheck', {
        check: this.check.function,
        internalBucket: this.storage.bucket,
        serviceKey: this.storage.key,
        registry: this.registry,
        onboardedAccounts,
        metricsNamespace: names.metricsNamespace,
        ...alarmSettings,
        topicName: names.stackCheckTopic,
        functionName: names.stackCheck,
        lastResortName: names.stackCheckLastResort,
        deadLetterQueueName: names.stackCheckQueue,
        ...defined({ logRetention, logKey, environmentKey, ...stackCheck }),
      });
    }

    this.dashboard = new CheckDashboard(this, 'Dashboard', {
      check: this.check,
      dashboardName: names.dashboard,
      queryName: names.deniedCustomersQuery,
    });
    this.dashboard.dashboard.addWidgets(this.deliveryDenials.graph());

    this.describeWhatToUse(inboxesInThisAccount);
  }

  /** Two deployments with conflicting names would otherwise fail only halfway through the second deployment. */
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
      `The stacks ${other.node.path} and ${this.node.path} both have ${name}, so their roles, buckets and alarms ` +
        'would have the same names. Set another deploymentName for one of them, or the env.account of each.',
    );
  }

  private describeWhatToUse(inboxesInThisAccount: boolean): void {
    const outputs: Readonly<Record<string, readonly [description: string, value: string]>> = {
      FunctionName: ['The check. Invoke it with a test event', this.check.function.functionName],
      DeliveryRoleArn: ["Parameter DeliveryRoleArn of a customer's stack", this.deliveryRole.role.roleArn],
      ...(this.furtherDeliveryRoles.length > 0 && {
        FurtherDeliveryRoleArns: [
          "Parameter MoreDeliveryRoleArns of a customer's stack",
          this.furtherDeliveryRoles.map(({ role }) => role.roleArn).join(','),
        ] as const,
      }),
      ...(inboxesInThisAccount && {
        InboxesInThisAccount: ["Whether inboxes can be in the service's account", 'true'] as const,
      }),
      InternalBucketName: ["Parameter SenderInternalBucketName of a customer's stack", this.storage.bucket.bucketName],
      ServiceKeyArn: ["Encrypts reports that are stored without a customer's key", this.storage.key.keyArn],
      RegistryBucketName: ['Contains the test event of each onboarded customer', this.registry.bucket.bucketName],
      StatusTopicArn: [
        "Subscribe to it to get changes of a customer's status, and alarms",
        this.notifications.topic.topicArn,
      ],
      StateMachineArn: [
        'The health check. Start it to check all customers now',
        this.healthCheck.stateMachine.stateMachineArn,
      ],
      DashboardName: ['The CloudWatch dashboard', this.dashboard.dashboard.dashboardName],
      ...Object.fromEntries(
        [...(this.stackCheck?.topics ?? [])].map(([accountId, { topicArn }]) => [
          `CheckTopicArnOf${accountId}`,
          [`Parameter CheckTopicArn of the customer's stack in account ${accountId}`, topicArn] as const,
        ]),
      ),
    };
    for (const [name, [description, value]] of Object.entries(outputs)) {
      new CfnOutput(this, name, { description, value });
    }
  }
}

/** `onboardedAccounts` alone do not confine deliveries, because there can be other customers. */
function customersOf(
  {
    customerAccounts,
    customerOrganizations,
  }: Required<Pick<DeliverySettings, 'customerAccounts' | 'customerOrganizations'>>,
  onboardedAccounts: readonly string[],
): DeliverySettings {
  if (customerAccounts.length + customerOrganizations.length === 0) return {};
  return { customerAccounts: [...new Set([...customerAccounts, ...onboardedAccounts])], customerOrganizations };
}
