import { Duration } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import * as events from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { Bucket, IBucket } from 'aws-cdk-lib/aws-s3';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { metricsNamespace as usualNamespace } from '../core/metrics.ts';
import { registryPrefix } from '../core/object-keys.ts';
import { defined } from '../core/values.ts';
import type { AlarmSettings } from './alarm-factory.ts';
import { healthCheckAlarms } from './fleet-health-check/alarms.ts';
import { definition } from './fleet-health-check/definition.ts';
import { assertWithinLimits, type HealthCheckSettings, type PropNames } from './fleet-health-check/limits.ts';
import { childWorkflowStatements, healthCheckPermissions } from './fleet-health-check/permissions.ts';
import { acknowledgeFindings } from './fleet-health-check/reviewed.ts';
import type { HealthCheckResources } from './fleet-health-check/states.ts';
import { deadLetters, resultsBucket, statusTable } from './fleet-health-check/storage.ts';
import { type StateMachineSettings, stateMachineIn } from './state-machine.ts';

// Longer than 250 lines: half of it documents the props.

/** The parts of a bucket that are needed. With exactOptionalPropertyTypes, the CDK's Bucket is not an IBucket. */
export type RegistryBucket = Pick<IBucket, 'bucketArn' | 'bucketName'>;

export interface FleetHealthCheckProps extends AlarmSettings, StateMachineSettings {
  /**
   * Contains one test event per customer below `customers/`. It needs versioning and EventBridge notifications, because
   * deleting an object also deletes the customer's status.
   */
  readonly registry: RegistryBucket;

  /** `customer_configuration_check`. It needs read access to the registry, and `REGISTRY_BUCKET`. */
  readonly check: IFunction;

  /**
   * The function's own timeout.
   *
   * @default Duration.minutes(5)
   */
  readonly checkTimeout?: Duration;

  /**
   * How often every customer is checked: from 5 minutes to 12 hours. A run that takes longer is stopped and raises an
   * alarm.
   *
   * @default Duration.hours(1)
   */
  readonly interval?: Duration;

  /**
   * Customers per invocation, from 1 to 10. Their reports together must fit into a state's 256 KiB.
   *
   * @default 10
   */
  readonly batchSize?: number;

  /**
   * Concurrent invocations, from 1 to 10,000.
   *
   * @default 5
   */
  readonly maxConcurrency?: number;

  /**
   * A run stops and fails if more than this percentage of its customers are in batches that could not be checked at all,
   * because no customer can cause that.
   *
   * @default 10
   */
  readonly toleratedFailurePercentage?: number;

  /**
   * The type of the child workflow that checks a batch. EXPRESS costs a hundredth and must end within five minutes, so
   * `checkTimeout` can be at most one minute.
   *
   * @default STANDARD
   */
  readonly childExecutions?: 'STANDARD' | 'EXPRESS';

  /** @default - the account's default event bus */
  readonly eventBus?: Pick<events.IEventBus, 'eventBusArn' | 'eventBusName'>;

  /** @default secure-inbox.configuration-check */
  readonly eventSource?: string;

  /** @default SecureInbox/ConfigurationCheck */
  readonly metricsNamespace?: string;

  /**
   * The name of the state machine and of its schedule.
   *
   * @default - CloudFormation generates names
   */
  readonly name?: string;

  /** @default - CloudFormation generates one */
  readonly statusTableName?: string;

  /**
   * Encrypts the statuses. The state machine gets permission to use it through DynamoDB.
   *
   * @default - a key that DynamoDB owns
   */
  readonly statusTableKey?: IKey;

  /** @default - CloudFormation generates one */
  readonly resultsBucketName?: string;

  /** @default - CloudFormation generates one */
  readonly deadLetterQueueName?: string;

  /**
   * The caller's names of `interval`, `batchSize` and the others, for messages.
   *
   * @default - the names here
   */
  readonly propNames?: Partial<PropNames>;
}

/**
 * Checks every customer in the registry on a schedule, stores each one's status, and announces changes.
 *
 * docs/health-check.md describes it; the parts of the state machine are in `fleet-health-check/`.
 */
export class FleetHealthCheck extends Construct {
  readonly stateMachine: sfn.StateMachine;
  /** One item per customer, by `registryKey`; the index `by-inbox-key` finds them by key and bucket. */
  readonly statusTable: Table;
  /** Customers that were not checked, and runs that could not start. */
  readonly deadLetterQueue: Queue;
  /** The results of each run's batches. */
  readonly results: Bucket;
  readonly schedule: scheduler.Schedule;
  readonly logGroup: logs.LogGroup;
  readonly alarms: ReturnType<typeof healthCheckAlarms>;

  constructor(scope: Construct, id: string, props: FleetHealthCheckProps) {
    super(scope, id);
    const settings = settingsOf(props);
    assertWithinLimits(settings, props.propNames);
    const { eventSource = 'secure-inbox.configuration-check', metricsNamespace = usualNamespace } = props;
    const eventBus = props.eventBus ?? events.EventBus.fromEventBusName(this, 'DefaultBus', 'default');

    this.statusTable = statusTable(this, { tableName: props.statusTableName, key: props.statusTableKey });
    this.results = resultsBucket(this, props.resultsBucketName);
    this.deadLetterQueue = deadLetters(this, props.deadLetterQueueName);

    const resources: HealthCheckResources = {
      registryBucket: props.registry.bucketName,
      registryPrefix,
      functionArn: props.check.functionArn,
      checkTimeoutSeconds: settings.checkTimeout.toSeconds(),
      statusTable: this.statusTable.tableName,
      resultsBucket: this.results.bucketName,
      deadLetterQueueUrl: this.deadLetterQueue.queueUrl,
      eventBus: eventBus.eventBusName,
      eventSource,
      metricsNamespace,
    };
    const { stateMachine, role, logGroup } = stateMachineIn(this, props, {
      type: sfn.StateMachineType.STANDARD,
      description: 'Checks the Secure Inboxes of all customers on a schedule',
      permissions: healthCheckPermissions(resources, {
        registryBucket: props.registry.bucketArn,
        statusTable: this.statusTable.tableArn,
        tableKey: props.statusTableKey,
        resultsBucket: this.results.bucketArn,
        deadLetterQueue: this.deadLetterQueue.queueArn,
        eventBus: eventBus.eventBusArn,
      }),
      definition: definition(resources, settings),
      notLogged:
        'Successes are in the status table. A log of every state of every customer would cost more than the table.',
      notTraced: 'The execution history has all times; X-Ray would be an additional cost.',
    });
    this.stateMachine = stateMachine;
    this.logGroup = logGroup;
    // A separate policy, because it names the state machine, which depends on the role's own policy.
    const childWorkflows = new iam.Policy(this, 'ChildWorkflows', {
      roles: [role],
      statements: [...childWorkflowStatements(this.stateMachine)],
    });

    this.schedule = this.startEvery(settings.interval, props.name);
    this.schedule.node.addDependency(childWorkflows);
    this.forgetWhoLeaves(props.registry);

    this.alarms = healthCheckAlarms(this, {
      ...props,
      stateMachine: this.stateMachine,
      deadLetterQueue: this.deadLetterQueue,
      metricsNamespace,
      interval: settings.interval,
    });
    acknowledgeFindings(this);
  }

  private startEvery(interval: Duration, scheduleName: string | undefined): scheduler.Schedule {
    return new scheduler.Schedule(this, 'Schedule', {
      ...defined({ scheduleName }),
      description: 'Checks the Secure Inboxes of all customers',
      schedule: scheduler.ScheduleExpression.rate(interval),
      target: new StepFunctionsStartExecution(this.stateMachine, {
        input: scheduler.ScheduleTargetInput.fromObject({}),
        // A later start would overlap the next run.
        maxEventAge: interval,
        deadLetterQueue: this.deadLetterQueue,
      }),
    });
  }

  /**
   * Deletes the status of a customer whose registry object gets a delete marker. Expiring versions and removed delete
   * markers have the same event type but do not match.
   * https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventBridge.html
   */
  private forgetWhoLeaves({ bucketName }: RegistryBucket): void {
    new events.Rule(this, 'CustomerLeaves', {
      description: 'Deletes the status of a customer whose registry object is deleted',
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Deleted'],
        detail: {
          bucket: { name: [bucketName] },
          object: { key: [{ prefix: registryPrefix }] },
          'deletion-type': ['Delete Marker Created'],
        },
      },
      targets: [
        new SfnStateMachine(this.stateMachine, {
          input: events.RuleTargetInput.fromObject({ forget: events.EventField.fromPath('$.detail.object.key') }),
          deadLetterQueue: this.deadLetterQueue,
        }),
      ],
    });
  }
}

function settingsOf(props: FleetHealthCheckProps): HealthCheckSettings {
  return {
    interval: props.interval ?? Duration.hours(1),
    checkTimeout: props.checkTimeout ?? Duration.minutes(5),
    batchSize: props.batchSize ?? 10,
    maxConcurrency: props.maxConcurrency ?? 5,
    toleratedFailurePercentage: props.toleratedFailurePercentage ?? 10,
    childExecutions: props.childExecutions ?? 'STANDARD',
  };
}
