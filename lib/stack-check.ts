import { ArnFormat, Aws, Duration, Stack, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { serviceName } from '../core/arn.ts';
import { metricsNamespace } from '../core/metrics.ts';
import { defined } from '../core/values.ts';
import type { AlarmSettings } from './alarm-factory.ts';
import type { CustomerRegistry } from './customer-registry.ts';
import { functionCode } from './function-code.ts';
import type { InternalBucket } from './internal-storage.ts';
import { stackCheckAlarms } from './stack-check/alarms.ts';
import { assertAnsweredInTime, assertLimits, assertOnboardable, reserved } from './stack-check/limits.ts';
import { allowToLookUp, allowToRemember, requestsBucket } from './stack-check/requests.ts';
import { runner } from './stack-check/runner.ts';

export interface StackCheckProps extends AlarmSettings {
  /** `customer_configuration_check` */
  readonly check: Pick<lambda.IFunction, 'functionArn'>;

  /** The check's own bucket and key, to reject what a customer may not request. */
  readonly internalBucket: InternalBucket;
  readonly serviceKey: IKey;

  /**
   * Where customers are registered. A stack with the name of a customer in another account is not checked.
   *
   * @default - a stack can use any customer name
   */
  readonly registry?: CustomerRegistry;

  /** The accounts of customers whose stacks may request a check, 12 digits each. Each gets a topic. */
  readonly onboardedAccounts: readonly string[];

  /**
   * The name of each topic, without the hyphen and the customer's account that follow.
   *
   * @default 'secure-inbox-check'
   */
  readonly topicName?: string;

  /**
   * How long a check that does not pass is repeated, because new policies take a while to take effect. Together with
   * `checkTimeout` at most nine and a half minutes.
   *
   * @default Duration.minutes(3)
   */
  readonly patience?: Duration;

  /**
   * The longest duration of one check: the timeout of its function.
   *
   * @default Duration.minutes(5)
   */
  readonly checkTimeout?: Duration;

  /** @default - CloudFormation generates names */
  readonly functionName?: string;
  readonly lastResortName?: string;
  readonly deadLetterQueueName?: string;

  /**
   * Checks per hour that the stacks of one account can start, from 1 to 9,999. One runs at a time.
   *
   * @default 20
   */
  readonly checksPerHour?: number;

  /**
   * Reserved concurrency of the function that receives requests, which is also its limit. A request that waits five minutes
   * is answered with `inconclusive`. `'unreserved'` is for accounts whose quota leaves nothing to reserve (Lambda keeps 100
   * executions unreserved).
   *
   * @default 10
   */
  readonly reservedConcurrentExecutions?: number | 'unreserved';

  /**
   * The same for the function that answers if the first one fails.
   *
   * @default 2
   */
  readonly lastResortConcurrentExecutions?: number | 'unreserved';

  /** @default 'SecureInbox/ConfigurationCheck' */
  readonly metricsNamespace?: string;

  /** @default RetentionDays.THREE_MONTHS */
  readonly logRetention?: RetentionDays;

  /** @default - keys of CloudWatch Logs and Lambda */
  readonly logKey?: IKey;
  readonly environmentKey?: IKey;
}

/** Timeout of the last resort, which only sends a response. */
const lastResortTimeout = Duration.minutes(1);

/**
 * Lets a customer's stack run the check as its last step, through an SNS topic to which only the customer's account can
 * publish. docs/stack-check.md describes how, and what is trusted.
 */
export class StackCheck extends Construct {
  /** By account. */
  readonly topics: ReadonlyMap<string, sns.Topic>;
  /** The ARN prefix of the topics, which is followed by the account. */
  readonly topicArnPrefix: string;
  readonly function: lambda.Function;
  /** Answers a stack that the function failed to answer. */
  readonly lastResort: lambda.Function;
  /** The state of each account: the running check and the started ones. */
  readonly requests: s3.Bucket;
  /** Requests without an answer. */
  readonly deadLetterQueue: sqs.Queue;
  readonly alarms: ReturnType<typeof stackCheckAlarms>;

  /** @throws DeploymentError for invalid or too many accounts, and for limits or times out of range */
  constructor(scope: Construct, id: string, props: StackCheckProps) {
    super(scope, id);
    assertOnboardable(props.onboardedAccounts);
    const { topicName = 'secure-inbox-check', patience = Duration.minutes(3), checksPerHour = 20 } = props;
    assertLimits({
      checksPerHour,
      reservedConcurrentExecutions: props.reservedConcurrentExecutions,
      lastResortConcurrentExecutions: props.lastResortConcurrentExecutions,
    });
    const checkTimeout = props.checkTimeout ?? Duration.minutes(5);
    assertAnsweredInTime(patience, checkTimeout, lastResortTimeout);
    this.topicArnPrefix = Stack.of(this).formatArn({
      service: 'sns',
      resource: `${topicName}-`,
      arnFormat: ArnFormat.NO_RESOURCE_NAME,
    });

    this.requests = requestsBucket(this);

    const code = functionCode('stack-check');
    const environment = {
      TOPIC_ARN_PREFIX: this.topicArnPrefix,
      URL_SUFFIX: Aws.URL_SUFFIX,
      CHECK_FUNCTION_ARN: props.check.functionArn,
      INTERNAL_BUCKET: props.internalBucket.bucketName,
      SERVICE_KMS_KEY_ARN: props.serviceKey.keyArn,
      REQUESTS_BUCKET: this.requests.bucketName,
      ...defined({ REGISTRY_BUCKET: props.registry?.bucket.bucketName }),
      CHECKS_PER_HOUR: String(checksPerHour),
      PATIENCE_SECONDS: String(patience.toSeconds()),
    };

    this.deadLetterQueue = new sqs.Queue(this, 'NotAnswered', {
      ...defined({ queueName: props.deadLetterQueueName }),
      // Each message has a presigned URL, which expires after two hours.
      retentionPeriod: Duration.days(4),
      encryption: sqs.QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
    });
    Validations.of(this.deadLetterQueue).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'It is the dead-letter queue of a function, which cdk-nag does not see.',
    });

    const common = {
      logRetention: props.logRetention,
      logKey: props.logKey,
      environmentKey: props.environmentKey,
    };
    const lastResort = runner(this, 'LastResort', {
      ...defined({ ...common, functionName: props.lastResortName }),
      description: "Answers a customer's stack that could not be checked",
      code,
      handler: 'stack-check.lastResort',
      timeout: lastResortTimeout,
      environment,
      onFailure: { action: 'sqs:SendMessage', arn: this.deadLetterQueue.queueArn },
      ...reserved(props.lastResortConcurrentExecutions ?? 2),
    });
    this.lastResort = lastResort.function;

    const checking = runner(this, 'Function', {
      ...defined({ ...common, functionName: props.functionName }),
      description: "Runs the configuration check for a customer's stack and answers the stack",
      code,
      handler: 'stack-check.handler',
      timeout: patience.plus(checkTimeout).plus(lastResortTimeout),
      environment,
      onFailure: { action: 'lambda:InvokeFunction', arn: this.lastResort.functionArn },
      mayInvoke: props.check.functionArn,
      ...reserved(props.reservedConcurrentExecutions ?? 10),
    });
    this.function = checking.function;
    allowToRemember(checking.role, this.requests);
    if (props.registry) allowToLookUp(checking.role, props.registry);

    // One permission for all topics, because a function's policy has room for only a few dozen. The twelve wildcards match
    // no topic of a deployment with another name.
    // https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
    this.function.addPermission('Topics', {
      principal: new iam.ServicePrincipal(serviceName('sns')),
      sourceArn: `${this.topicArnPrefix}${'?'.repeat(12)}`,
    });

    this.topics = new Map(
      props.onboardedAccounts.map((accountId) => [accountId, this.topicFor(accountId, `${topicName}-${accountId}`)]),
    );

    this.alarms = stackCheckAlarms(this, {
      ...props,
      deadLetterQueue: this.deadLetterQueue,
      logGroup: checking.logGroup,
      metricsNamespace: props.metricsNamespace ?? metricsNamespace,
    });
  }

  private topicFor(accountId: string, topicName: string): sns.Topic {
    const topic = new sns.Topic(this, `Topic${accountId}`, {
      topicName,
      displayName: 'Secure Inbox check',
      enforceSSL: true,
    });
    // CloudFormation publishes as the person who deploys the stack or as the stack's service role, both of that account,
    // and never as a service principal.
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/fas-requests-and-permission-evaluation.html
    topic.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'PublishByTheCustomer',
        principals: [new iam.AccountPrincipal(accountId)],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
      }),
    );
    new sns.Subscription(this, `Subscription${accountId}`, {
      topic,
      protocol: sns.SubscriptionProtocol.LAMBDA,
      endpoint: this.function.functionArn,
    });
    Validations.of(topic).acknowledge({
      id: 'AwsSolutions-SNS2',
      reason:
        "The person who deploys a customer's stack would also need a permission for a key of ours. A message lasts seconds; " +
        'it has ARNs and a URL that answers this one request.',
    });
    return topic;
  }
}
