import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { serviceName } from '../../core/arn.ts';
import { logGroupIn } from '../encryption-keys.ts';
import { given } from '../props.ts';

export interface RunnerProps
  extends Required<Pick<lambda.FunctionProps, 'description' | 'code' | 'handler' | 'timeout'>> {
  readonly environment: Record<string, string>;
  /** Of the function, its role and its log. @default - CloudFormation makes names up */
  readonly functionName?: string;
  /** @default RetentionDays.THREE_MONTHS */
  readonly logRetention?: logs.RetentionDays;
  /** @default - those of CloudWatch Logs and of Lambda */
  readonly logKey?: IKey;
  readonly environmentKey?: IKey;
  /** Where an event goes that the function has failed to handle, and what it takes to send it there. */
  readonly onFailure: { readonly action: string; readonly arn: string };
  /** @default - as many as the account has left */
  readonly reservedConcurrentExecutions?: number;
  /** The function that it may invoke. */
  readonly mayInvoke?: string;
}

/** Makes a function that takes events asynchronously, with a role that allows it to write its log and what is given. */
export function runner(
  scope: Construct,
  id: string,
  { functionName, logRetention, logKey, environmentKey, onFailure, mayInvoke, ...settings }: RunnerProps,
): { readonly function: lambda.Function; readonly logGroup: logs.LogGroup; readonly role: iam.Role } {
  const logGroup = logGroupIn(scope, `${id}Logs`, {
    ...given({ logRetention, logKey }),
    logGroupName: functionName && `/aws/lambda/${functionName}`,
    // One that stayed when nobody is onboarded any more would have the name that the next one needs.
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const role = new iam.Role(scope, `${id}Role`, {
    ...given({ roleName: functionName }),
    description: settings.description,
    assumedBy: new iam.ServicePrincipal(serviceName('lambda')),
  });
  const allow = (sid: string, actions: string[], resource: string) =>
    role.addToPolicy(new iam.PolicyStatement({ sid, actions, resources: [resource] }));
  allow('WriteLogs', ['logs:CreateLogStream', 'logs:PutLogEvents'], logGroup.logGroupArn);
  allow('PassFailuresOn', [onFailure.action], onFailure.arn);
  if (mayInvoke !== undefined) allow('RunTheCheck', ['lambda:InvokeFunction'], mayInvoke);

  const made = new lambda.Function(scope, id, {
    ...given({ functionName, environmentEncryption: environmentKey }),
    ...settings,
    runtime: lambda.Runtime.NODEJS_24_X,
    architecture: lambda.Architecture.ARM_64,
    role,
    memorySize: 256,
    loggingFormat: lambda.LoggingFormat.JSON,
    logGroup,
  });
  made.configureAsyncInvoke({
    // CloudFormation waits for half an hour, as the customer's template says. A late start, two attempts and the last
    // resort fit into that.
    maxEventAge: Duration.minutes(5),
    retryAttempts: 1,
    // The CDK's own destinations would allow any version of the function too.
    onFailure: { bind: () => ({ destination: onFailure.arn }) },
  });
  return { function: made, logGroup, role };
}
