import type { Duration, StackProps } from 'aws-cdk-lib';
import type { IPrincipal } from 'aws-cdk-lib/aws-iam';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { EncryptionKeys } from './encryption-keys.ts';
import type { StackCheckProps } from './stack-check.ts';

export interface SecureInboxConfigurationCheckProps extends StackProps {
  /**
   * Becomes part of every name, so that several deployments can share the account. IAM names are unique across Regions, so
   * a deployment in another Region of the account needs a name too. Customers' policies name the delivery role and the
   * internal bucket, so do not change it.
   *
   * @default - the names in the documentation
   */
  readonly deploymentName?: string;

  /**
   * The roles of the application that delivers real reports. The delivery role's trust policy denies them sessions named
   * `check-…`, which belong to the check.
   *
   * @default - only the check may assume the delivery role
   */
  readonly deliverers?: readonly IPrincipal[];

  /**
   * The accounts of your customers, 12 digits each. The delivery role then reaches no bucket or key of any other account,
   * whatever its session policy; `onboardedAccounts` are added. If a customer's key is in another account than the bucket,
   * list both.
   *
   * @default - unless `customerOrganizations` is given, the delivery role can deliver to any bucket whose owner allows it
   */
  readonly customerAccounts?: readonly string[];

  /**
   * The organizations of your customers, such as `o-a1b2c3d4e5`: allows all of their accounts, in addition to
   * `customerAccounts`.
   *
   * @default - only `customerAccounts` applies
   */
  readonly customerOrganizations?: readonly string[];

  /**
   * Whether the delivery role may delete reports from the internal bucket, after delivery.
   *
   * @default false - it can delete only test objects, and reports expire
   */
  readonly deletesReports?: boolean;

  /**
   * How long a report stays in the internal bucket, delivered or not. It must exceed the longest time that you retry a
   * delivery.
   *
   * @default Duration.days(30)
   */
  readonly reportsKept?: Duration;

  /**
   * ARNs of principals that can read reports in the internal bucket, besides the delivery role; `*` and `?` are wildcards.
   * All others are denied, whatever their own policies allow.
   *
   * @default - none
   */
  readonly reportReaders?: readonly string[];

  /**
   * ARNs of principals that can also write and delete reports.
   *
   * @default - none
   */
  readonly reportAdministrators?: readonly string[];

  /**
   * Whether inboxes may be in this stack's account. Otherwise the role can't deliver there, and events that name the account
   * are rejected. If true, the role can write to every bucket of the account whose policy does not deny it.
   *
   * @default false
   */
  readonly inboxesInThisAccount?: boolean;

  /**
   * Whether reports of more than 5 GB can be delivered and checked, by multipart upload. The delivery role may then also copy
   * and complete parts, abort uploads, and decrypt with inbox keys through S3. Its policy then also allows writes without
   * encryption, which get the default of the customer's bucket.
   *
   * @default false
   */
  readonly multipartDeliveries?: boolean;

  /**
   * Whether the check may look up KMS denials in CloudTrail, for events that request it. Its role can then read all of the
   * account's last 90 days in CloudTrail, in each Region.
   *
   * @default false
   */
  readonly looksIntoCloudTrail?: boolean;

  /**
   * The name of the delivery role. Customers' policies contain it; docs/operations.md says how to change it without failed
   * deliveries.
   *
   * @default - `secure-inbox-delivery`, with the deployment's name
   */
  readonly deliveryRoleName?: string;

  /**
   * Names of more roles that can deliver, while customers move from one to another.
   *
   * @default - none
   */
  readonly furtherDeliveryRoleNames?: readonly string[];

  /**
   * The function's memory in MiB.
   *
   * @default 256
   */
  readonly memorySize?: number;

  /**
   * Concurrent invocations of the function, reserved from the account's quota in the Region.
   *
   * @default - none reserved
   */
  readonly reservedConcurrentExecutions?: number;

  /** @default RetentionDays.THREE_MONTHS */
  readonly logRetention?: RetentionDays;

  /**
   * Customer-managed keys for logs, statuses, environment variables and the topic.
   *
   * @default - AWS's keys, and a key of the stack for the topic
   */
  readonly encryptionKeys?: EncryptionKeys;

  /**
   * Whether X-Ray traces the function.
   *
   * @default false
   */
  readonly tracing?: boolean;

  /**
   * How often every onboarded customer is checked: from 5 minutes to 12 hours.
   *
   * @default Duration.hours(1)
   */
  readonly healthCheckInterval?: Duration;

  /**
   * Customers per invocation of the function in the health check, from 1 to 10.
   *
   * @default 10
   */
  readonly healthCheckBatchSize?: number;

  /**
   * Concurrent invocations of the function in the health check.
   *
   * @default 5
   */
  readonly healthCheckConcurrency?: number;

  /**
   * The type of the child workflow that checks a batch of customers. EXPRESS costs a hundredth and must end within five
   * minutes, so `checkTimeout` can be at most one minute.
   *
   * @default STANDARD
   */
  readonly healthCheckChildExecutions?: 'STANDARD' | 'EXPRESS';

  /**
   * The function's timeout, for any number of customers.
   *
   * @default Duration.minutes(5)
   */
  readonly checkTimeout?: Duration;

  /**
   * An alarm goes off if KMS denies more requests of real deliveries than this in five minutes.
   *
   * @default 20
   */
  readonly usualDenials?: number;

  /**
   * The topic for alarms. CloudWatch must be allowed to publish to it.
   *
   * @default - the topic for changes of a customer's status
   */
  readonly alarmTopic?: ITopic;

  /**
   * The URL of your copy of docs/operations.md, such as https://wiki.example.com/secure-inbox. Each alarm's description
   * ends with the address of its section.
   *
   * @default 'docs/operations.md', the path in this repository
   */
  readonly runbook?: string;

  /**
   * The accounts of customers whose stacks may run the check as their last step, 12 digits each.
   *
   * @default - no stack can
   */
  readonly onboardedAccounts?: readonly string[];

  /**
   * Limits for their stacks.
   *
   * @default - those of StackCheck: 20 checks per hour and account, 10 concurrent invocations
   */
  readonly stackCheck?: Pick<
    StackCheckProps,
    'checksPerHour' | 'reservedConcurrentExecutions' | 'lastResortConcurrentExecutions' | 'patience'
  >;
}
