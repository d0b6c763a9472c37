import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { DeliveryDenials, type DeliveryDenialsProps } from '../../../lib/delivery-denials.ts';
import { resolve } from '../fleet-health-check/synthesized-definition.ts';
import { app } from '../synthesized.ts';

const inAccountA = 'us-east-1:111111111111';
export const healthCheckArn = `arn:aws:states:${inAccountA}:stateMachine:secure-inbox-health-check`;
export const statusTableArn = `arn:aws:dynamodb:${inAccountA}:table/secure-inbox-customer-status`;
export const deadLetterQueueArn = `arn:aws:sqs:${inAccountA}:secure-inbox-not-checked`;
const roleArn = 'arn:aws:iam::111111111111:role';

/** A stack with only the follow-up of denials; everything else is elsewhere. */
export function denialsTemplate(props: Partial<DeliveryDenialsProps> = {}): Template {
  const stack = new Stack(app(), 'Stack', { env: { account: '111111111111', region: 'us-east-1' } });
  new DeliveryDenials(stack, 'Denials', {
    deliveryRole: Role.fromRoleArn(stack, 'DeliveryRole', `${roleArn}/secure-inbox-delivery`),
    checkRole: Role.fromRoleArn(stack, 'CheckRole', `${roleArn}/customer_configuration_check`),
    healthCheck: StateMachine.fromStateMachineArn(stack, 'HealthCheck', healthCheckArn),
    statusTable: Table.fromTableArn(stack, 'Statuses', statusTableArn),
    deadLetterQueue: Queue.fromQueueArn(stack, 'DeadLetters', deadLetterQueueArn),
    ...props,
  });
  return Template.fromStack(stack);
}

/** The event pattern of the rule with this description. */
export function eventPattern(template: Template, description: string): Readonly<Record<string, unknown>> {
  const rules = Object.values(
    template.findResources('AWS::Events::Rule', { Properties: { Description: description } }),
  );
  const [rule] = rules;
  if (!rule || rules.length > 1) throw new Error(`${rules.length} rules have the description ${description}.`);
  return resolved(rule['Properties'].EventPattern) as Readonly<Record<string, unknown>>;
}

/** Includes the values of CloudFormation's functions. */
function resolved(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(resolved);
  if (typeof value !== 'object' || value === null) return value;
  const [[first] = ['']] = Object.entries(value);
  if (first === 'Ref' || first.startsWith('Fn::')) return resolve(value);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolved(inner)]));
}
