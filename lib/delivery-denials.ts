import { Duration, Validations } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import * as events from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { metricsNamespace as usualNamespace } from '../core/metrics.ts';
import type { AlarmSettings } from './alarm-factory.ts';
import { denialAlarms } from './delivery-denials/alarms.ts';
import { denialDefinition, denialMetrics } from './delivery-denials/definition.ts';
import { deniedKeys, deniedRole, type NamedRole } from './delivery-denials/patterns.ts';
import { denialPermissions } from './delivery-denials/permissions.ts';
import { DeploymentError } from './deployment-error.ts';
import { reviewedWildcards } from './reviewed.ts';
import { everyMetric, type StateMachineSettings, stateMachineIn } from './state-machine.ts';

export interface DeliveryDenialsProps extends AlarmSettings, StateMachineSettings {
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

    const { stateMachine, logGroup } = stateMachineIn(this, props, {
      // A burst of denials starts one execution of a second or two for each.
      type: sfn.StateMachineType.EXPRESS,
      description: 'Checks customers whose keys deny real deliveries',
      permissions: denialPermissions({
        statusTable: props.statusTable.tableArn,
        healthCheck: props.healthCheck.stateMachineArn,
        metricsNamespace,
        tableKey: props.statusTable.encryptionKey,
      }),
      definition: denialDefinition({
        statusTable: props.statusTable.tableName,
        healthCheckArn: props.healthCheck.stateMachineArn,
        metricsNamespace,
      }),
      notLogged: 'Successes are counted. A log of every state of every denial would add nothing.',
      notTraced: 'It makes four AWS calls one after another; there is nothing to trace.',
    });
    this.stateMachine = stateMachine;
    this.logGroup = logGroup;

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
    Validations.of(this).acknowledge(...reviewedWildcards(this, [everyMetric]));
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
}

function assertCountable(usualDenials: number): void {
  if (Number.isInteger(usualDenials) && usualDenials >= 0) return;
  throw new DeploymentError(
    `usualDenials is ${usualDenials}. Allowed: a whole number from 0. Give the denials in five minutes above which an ` +
      'alarm goes off, such as 20.',
  );
}
