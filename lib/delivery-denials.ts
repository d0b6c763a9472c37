import { Duration, Stack, Validations } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import * as events from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { serviceName } from '../core/arn.ts';
import { metricsNamespace as usualNamespace } from '../core/metrics.ts';
import type { AlarmSettings } from './alarm-factory.ts';
import { keptOnceDeployed } from './data-protection.ts';
import { denialAlarms } from './delivery-denials/alarms.ts';
import { denialDefinition, denialMetrics } from './delivery-denials/definition.ts';
import { deniedKeys, deniedRole, type NamedRole } from './delivery-denials/patterns.ts';
import { denialPolicy } from './delivery-denials/permissions.ts';
import { logGroupIn } from './encryption-keys.ts';
import { statesPrincipal } from './fleet-health-check/states.ts';
import { DeploymentError, definedProps } from './props.ts';
import { reviewedWildcards } from './reviewed.ts';

export interface DeliveryDenialsProps extends AlarmSettings {
  /** The role that delivers real reports. */
  readonly deliveryRole: NamedRole;

  /** The check's role, whose own denials are in its reports. */
  readonly checkRole: NamedRole;

  /** The state machine that checks `{"prefix": registry key}`. */
  readonly healthCheck: Pick<sfn.IStateMachine, 'stateMachineArn'>;

  /** The customers' statuses, with indexes by inbox key and inbox bucket. */
  readonly statusTable: Pick<ITable, 'tableArn' | 'tableName' | 'encryptionKey'>;

  /** For denials that EventBridge could not deliver. */
  readonly deadLetterQueue: IQueue;

  /**
   * An alarm goes off if KMS denies more requests of real deliveries than this in five minutes.
   *
   * @default 20
   */
  readonly usualDenials?: number;

  /** @default SecureInbox/ConfigurationCheck */
  readonly metricsNamespace?: string;

  /**
   * The name of the state machine.
   *
   * @default - CloudFormation generates one
   */
  readonly name?: string;

  /** @default RetentionDays.THREE_MONTHS */
  readonly logRetention?: logs.RetentionDays;

  /** @default - encrypted by CloudWatch Logs */
  readonly logKey?: IKey;
}

/**
 * Checks a customer as soon as KMS denies a real delivery the use of its key, without waiting for the schedule.
 *
 * It needs a trail in the account, because it uses CloudTrail's management events. docs/health-check.md says what it sees
 * and what it does not.
 */
export class DeliveryDenials extends Construct {
  readonly stateMachine: sfn.StateMachine;
  readonly logGroup: logs.LogGroup;
  /** KMS denied the delivery role the use of a key. */
  readonly keyRule: events.Rule;
  /** STS denied the delivery role to a caller. */
  readonly roleRule: events.Rule;
  readonly alarms: ReturnType<typeof denialAlarms>;

  private readonly metricsNamespace: string;

  /** @throws DeploymentError if `usualDenials` is not a whole number */
  constructor(scope: Construct, id: string, props: DeliveryDenialsProps) {
    super(scope, id);
    const { usualDenials = 20, metricsNamespace = usualNamespace } = props;
    assertCountable(usualDenials);
    this.metricsNamespace = metricsNamespace;

    this.logGroup = logGroupIn(this, 'Logs', {
      ...definedProps({ logRetention: props.logRetention, logKey: props.logKey }),
      logGroupName: props.name && `/aws/vendedlogs/states/${props.name}`,
      removalPolicy: keptOnceDeployed,
    });
    const role = new iam.Role(this, 'Role', {
      description: 'Checks customers whose keys deny real deliveries',
      assumedBy: statesPrincipal(this, serviceName('states')),
      inlinePolicies: {
        states: denialPolicy({
          statusTable: props.statusTable.tableArn,
          healthCheck: props.healthCheck.stateMachineArn,
          metricsNamespace,
          tableKey: props.statusTable.encryptionKey,
        }),
      },
    });
    const definition = denialDefinition({
      statusTable: props.statusTable.tableName,
      healthCheckArn: props.healthCheck.stateMachineArn,
      metricsNamespace,
    });
    this.stateMachine = new sfn.StateMachine(this, 'StateMachine', {
      ...definedProps({ stateMachineName: props.name }),
      // A burst of denials starts one execution of a second or two for each.
      stateMachineType: sfn.StateMachineType.EXPRESS,
      definitionBody: sfn.DefinitionBody.fromString(Stack.of(this).toJsonString(definition)),
      role,
      // Without execution data, which has the requests of real deliveries.
      logs: { destination: this.logGroup, level: sfn.LogLevel.ERROR, includeExecutionData: false },
    });

    this.keyRule = this.follow(
      'KeyDenied',
      'KMS denied a key to a real delivery',
      deniedKeys(this, props.deliveryRole),
      props,
    );
    this.roleRule = this.follow(
      'RoleDenied',
      'STS denied the delivery role to a caller',
      deniedRole(this, props.deliveryRole, props.checkRole),
      props,
    );

    this.alarms = denialAlarms(this, {
      ...props,
      stateMachine: this.stateMachine,
      metric: (name) => this.metric(name),
      usualDenials,
    });
    this.acknowledgeFindings();
  }

  /** Denials over time, for a dashboard. */
  graph(width = 24): cloudwatch.IWidget {
    return new cloudwatch.GraphWidget({
      title: 'Denials of real deliveries',
      width,
      left: Object.values(denialMetrics).map((name) => this.metric(name)),
    });
  }

  private metric(metricName: string): cloudwatch.Metric {
    return new cloudwatch.Metric({
      namespace: this.metricsNamespace,
      metricName,
      statistic: cloudwatch.Stats.SUM,
      period: Duration.minutes(5),
    });
  }

  private follow(
    id: string,
    description: string,
    eventPattern: events.EventPattern,
    { deadLetterQueue }: DeliveryDenialsProps,
  ): events.Rule {
    const rule = new events.Rule(this, id, {
      description,
      eventPattern,
      targets: [
        new SfnStateMachine(this.stateMachine, {
          deadLetterQueue,
          // By then the schedule has usually checked the customer anyway.
          maxEventAge: Duration.hours(1),
        }),
      ],
    });
    // For CloudTrail, GenerateDataKey, Decrypt and AssumeRole are read events, which merely enabled rules do not get.
    // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail-management.html
    (rule.node.defaultChild as events.CfnRule).state = 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';
    return rule;
  }

  private acknowledgeFindings(): void {
    Validations.of(this.stateMachine).acknowledge(
      {
        id: 'AwsSolutions-SF1',
        reason: 'Successes are counted. A log of every state of every denial would add nothing.',
      },
      { id: 'AwsSolutions-SF2', reason: 'It makes four AWS calls one after another; there is nothing to trace.' },
    );
    Validations.of(this).acknowledge(
      ...reviewedWildcards(this, [
        ['*', 'CloudWatch supports no resources for metrics, which are limited by namespace, or for log delivery.'],
      ]),
    );
  }
}

function assertCountable(usualDenials: number): void {
  if (Number.isInteger(usualDenials) && usualDenials >= 0) return;
  throw new DeploymentError(
    `usualDenials is ${usualDenials}. Allowed: a whole number from 0. Give the denials in five minutes above which an ` +
      'alarm goes off, such as 20.',
  );
}
