import { ArnFormat, Aws, Stack, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { serviceName } from '../core/arn.ts';
import { defined } from '../core/values.ts';
import { keptOnceDeployed } from './data-protection.ts';
import { logGroupIn } from './encryption-keys.ts';

/** A deployment's settings of a state machine. */
export interface StateMachineSettings {
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

interface Machine {
  readonly type: sfn.StateMachineType;
  /** The description of its role. */
  readonly description: string;
  readonly permissions: readonly iam.PolicyStatement[];
  readonly definition: object;
  /** Why its successes are not logged, and why it is not traced: cdk-nag's rules AwsSolutions-SF1 and -SF2. */
  readonly notLogged: string;
  readonly notTraced: string;
}

/** Creates a state machine with its own role and a log of its errors. */
export function stateMachineIn(
  scope: Construct,
  { name, logRetention, logKey }: StateMachineSettings,
  { type, description, permissions, definition, notLogged, notTraced }: Machine,
): { readonly stateMachine: sfn.StateMachine; readonly role: iam.Role; readonly logGroup: logs.LogGroup } {
  const logGroup = logGroupIn(scope, 'Logs', {
    logRetention,
    logKey,
    // With this prefix, log groups don't fill CloudWatch Logs' resource policy, whose size is limited.
    // https://docs.aws.amazon.com/step-functions/latest/dg/bp-cwl.html
    logGroupName: name && `/aws/vendedlogs/states/${name}`,
    removalPolicy: keptOnceDeployed,
  });
  const role = new iam.Role(scope, 'Role', {
    description,
    assumedBy: statesPrincipal(scope),
    inlinePolicies: { states: new iam.PolicyDocument({ statements: [...permissions] }) },
  });
  const stateMachine = new sfn.StateMachine(scope, 'StateMachine', {
    ...defined({ stateMachineName: name }),
    stateMachineType: type,
    definitionBody: sfn.DefinitionBody.fromString(Stack.of(scope).toJsonString(definition)),
    role,
    // Without execution data, which contains reports or requests of real deliveries.
    logs: { destination: logGroup, level: sfn.LogLevel.ERROR, includeExecutionData: false },
  });
  Validations.of(stateMachine).acknowledge(
    { id: 'AwsSolutions-SF1', reason: notLogged },
    { id: 'AwsSolutions-SF2', reason: notTraced },
  );
  return { stateMachine, role, logGroup };
}

/**
 * Step Functions on behalf of a state machine in this account and Region. Otherwise someone who can start state machines
 * elsewhere could have the service assume the role.
 * https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html#prevent-cross-service-confused-deputy
 */
function statesPrincipal(scope: Construct): iam.IPrincipal {
  const ownMachines = Stack.of(scope).formatArn({
    service: 'states',
    resource: 'stateMachine',
    resourceName: '*',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  return new iam.ServicePrincipal(serviceName('states')).withConditions({
    StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
    ArnLike: { 'aws:SourceArn': ownMachines },
  });
}

/** To write metrics. */
export function countInOneNamespace(metricsNamespace: string): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'CountInOneNamespace',
    actions: ['cloudwatch:PutMetricData'],
    // The namespace is the only possible limit.
    // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
    resources: ['*'],
    conditions: { StringEquals: { 'cloudwatch:namespace': metricsNamespace } },
  });
}

/** Why the role's policy has a wildcard. */
export const everyMetric = [
  '*',
  'CloudWatch supports no resources for metrics, which are limited by namespace, or for log delivery.',
] as const;
