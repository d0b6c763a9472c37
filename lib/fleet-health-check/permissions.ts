import { ArnFormat, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { useTableKey } from '../encryption-keys.ts';
import { countInOneNamespace } from '../state-machine.ts';
import { mapLabel, resultsPrefix } from './definition.ts';
import type { HealthCheckResources } from './states.ts';

/** ARNs of the resources that the states use by name. */
interface HealthCheckArns {
  readonly registryBucket: string;
  readonly statusTable: string;
  /** The table's key, unless DynamoDB owns it. */
  readonly tableKey: IKey | undefined;
  readonly resultsBucket: string;
  readonly deadLetterQueue: string;
  readonly eventBus: string;
}

/** The states' permissions, each on one resource. */
export function healthCheckPermissions(
  resources: HealthCheckResources,
  arns: HealthCheckArns,
): readonly iam.PolicyStatement[] {
  return [
    new iam.PolicyStatement({
      sid: 'ListTheRegistry',
      actions: ['s3:ListBucket'],
      resources: [arns.registryBucket],
      conditions: { StringLike: { 's3:prefix': `${resources.registryPrefix}*` } },
    }),
    new iam.PolicyStatement({ sid: 'Check', actions: ['lambda:InvokeFunction'], resources: [resources.functionArn] }),
    new iam.PolicyStatement({
      sid: 'RecordStatuses',
      actions: ['dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
      resources: [arns.statusTable],
    }),
    ...(arns.tableKey ? [useTableKey(arns.tableKey)] : []),
    new iam.PolicyStatement({
      sid: 'Announce',
      actions: ['events:PutEvents'],
      resources: [arns.eventBus],
      conditions: { StringEquals: { 'events:source': resources.eventSource } },
    }),
    new iam.PolicyStatement({
      sid: 'ReportFailures',
      actions: ['sqs:SendMessage'],
      resources: [arns.deadLetterQueue],
    }),
    countInOneNamespace(resources.metricsNamespace),
    new iam.PolicyStatement({
      // https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html
      sid: 'WriteOutcomes',
      actions: ['s3:PutObject', 's3:GetObject', 's3:ListMultipartUploadParts', 's3:AbortMultipartUpload'],
      resources: [`${arns.resultsBucket}/${resultsPrefix}/*`],
    }),
  ];
}

/**
 * A Distributed Map starts its child workflows as executions of its own state machine.
 * https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html
 */
export function childWorkflowStatements(machine: StateMachine): readonly iam.PolicyStatement[] {
  const [executions, childExecutions] = executionsOf(machine);
  return [
    new iam.PolicyStatement({
      sid: 'StartChildWorkflows',
      actions: ['states:StartExecution'],
      resources: [machine.stateMachineArn],
    }),
    new iam.PolicyStatement({
      sid: 'FollowChildWorkflows',
      actions: ['states:DescribeExecution', 'states:StopExecution'],
      resources: [executions],
    }),
    new iam.PolicyStatement({
      sid: 'RedriveChildWorkflows',
      actions: ['states:RedriveExecution'],
      resources: [childExecutions],
    }),
  ];
}

/** ARN patterns of the executions of the state machine and of its map's child workflows. */
export function executionsOf(machine: StateMachine): readonly [all: string, children: string] {
  const executions = (child: string) =>
    Stack.of(machine).formatArn({
      service: 'states',
      resource: 'execution',
      resourceName: `${machine.stateMachineName}${child}:*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  return [executions(''), executions(`/${mapLabel}`)];
}
