import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { serviceName } from '../../core/arn.ts';
import { defined } from '../../core/values.ts';
import { logGroupIn } from '../encryption-keys.ts';
import { functionDefaults } from '../function-code.ts';

interface RunnerProps extends Required<Pick<lambda.FunctionProps, 'description' | 'code' | 'handler' | 'timeout'>> {
  readonly environment: Record<string, string>;
  /** The name of the function, its role and its log. @default - CloudFormation generates names */
  readonly functionName?: string;
  /** @default RetentionDays.THREE_MONTHS */
  readonly logRetention?: logs.RetentionDays;
  /** @default - keys of CloudWatch Logs and Lambda */
  readonly logKey?: IKey;
  readonly environmentKey?: IKey;
  /** Where an event goes if the function fails to handle it, and the permission for that. */
  readonly onFailure: { readonly action: string; readonly arn: string };
  /** @default - none reserved */
  readonly reservedConcurrentExecutions?: number;
  /** The function that it can invoke. */
  readonly mayInvoke?: string;
}

/** Creates a function for asynchronous events, with a role that can write its log and has the given permissions. */
export function runner(
  scope: Construct,
  id: string,
  { functionName, logRetention, logKey, environmentKey, onFailure, mayInvoke, ...settings }: RunnerProps,
): { readonly function: lambda.Function; readonly logGroup: logs.LogGroup; readonly role: iam.Role } {
  const logGroup = logGroupIn(scope, `${id}Logs`, {
    logRetention,
    logKey,
    logGroupName: functionName && `/aws/lambda/${functionName}`,
    // A retained log group would block the name for the next deployment.
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const role = new iam.Role(scope, `${id}Role`, {
    ...defined({ roleName: functionName }),
    description: settings.description,
    assumedBy: new iam.ServicePrincipal(serviceName('lambda')),
  });
  const allow = (sid: string, actions: string[], resource: string) =>
    role.addToPolicy(new iam.PolicyStatement({ sid, actions, resources: [resource] }));
  allow('WriteLogs', ['logs:CreateLogStream', 'logs:PutLogEvents'], logGroup.logGroupArn);
  allow('PassFailuresOn', [onFailure.action], onFailure.arn);
  if (mayInvoke !== undefined) allow('RunTheCheck', ['lambda:InvokeFunction'], mayInvoke);

  const made = new lambda.Function(scope, id, {
    ...defined({ functionName, environmentEncryption: environmentKey }),
    ...settings,
    ...functionDefaults,
    role,
    memorySize: 256,
    logGroup,
  });
  made.configureAsyncInvoke({
    // The customer's template has CloudFormation wait for half an hour, which covers a late start, two attempts and the
    // last resort.
    maxEventAge: Duration.minutes(5),
    retryAttempts: 1,
    // The CDK's own destinations would also allow every version of the function.
    onFailure: { bind: () => ({ destination: onFailure.arn }) },
  });
  return { function: made, logGroup, role };
}
