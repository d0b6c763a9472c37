import type { Duration, StackProps } from 'aws-cdk-lib';
import type { IPrincipal } from 'aws-cdk-lib/aws-iam';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { EncryptionKeys } from './encryption-keys.ts';
import type { StackCheckProps } from './stack-check.ts';

export interface SecureInboxConfigurationCheckProps extends StackProps {
  /**
   * Becomes part of every name, so that another deployment can share the account. IAM's names are the account's, not
   * the Region's: a deployment in another Region of the account needs a name too. Customers' policies name the delivery
   * role and the internal bucket, so this should never change.
   *
   * @default - the names of the documentation
   */
  readonly deploymentName?: string;

  /**
   * The roles of the application that delivers real reports. The delivery role's trust policy refuses it sessions named
   * `check-…`, which are the check's.
   *
   * @default - only the check may assume the delivery role
   */
  readonly deliverers?: readonly IPrincipal[];

  /**
   * The accounts of your customers, 12 digits each. The delivery role then reaches no bucket and no key of any other
   * account, whatever its sessions are narrowed to; `onboardedAccounts` are added. A customer whose key belongs to another
   * account than its bucket needs both accounts here.
   *
   * @default - unless `customerOrganizations` is given, the delivery role can deliver to any bucket whose owner allows it
   */
  readonly customerAccounts?: readonly string[];

  /**
   * The organizations of your customers, like `o-a1b2c3d4e5`: the same for all of their accounts. An account that is in
   * `customerAccounts` need not be in one of them.
   *
   * @default - only `customerAccounts` counts
   */
  readonly customerOrganizations?: readonly string[];

  /**
   * Whether the application may delete a report from the internal bucket, as the delivery role, once it is delivered.
   *
   * @default false - it may delete test objects only, and reports expire
   */
  readonly deletesReports?: boolean;

  /**
   * How long a report stays in the internal bucket, delivered or not. It must be longer than the longest time that a
   * delivery is retried.
   *
   * @default Duration.days(30)
   */
  readonly reportsKept?: Duration;

  /**
   * ARNs of who may read reports in the internal bucket, besides the delivery role; `*` and `?` are patterns. Everybody else
   * is denied, whatever their own policies allow.
   *
   * @default - nobody
   */
  readonly reportReaders?: readonly string[];

  /**
   * ARNs of who may also write and delete them.
   *
   * @default - nobody
   */
  readonly reportAdministrators?: readonly string[];

  /**
   * Whether inboxes may be in the account of this stack. Otherwise the role can't deliver there, and an event that names
   * the account is refused. With it, the role can write into every bucket of the account whose policy does not refuse it.
   *
   * @default false
   */
  readonly inboxesInThisAccount?: boolean;

  /**
   * Whether reports of more than 5 GB are delivered, which takes a multipart upload, and whether such a delivery can be
   * checked. The delivery role may then also copy and complete parts, abort uploads, and have S3 decrypt with the keys of
   * inboxes. Its policy then no longer refuses a write that names no encryption, which gets the default of the customer's
   * bucket.
   *
   * @default false
   */
  readonly multipartDeliveries?: boolean;

  /**
   * Whether the check may look into CloudTrail for what KMS refused, where an event asks for it. Its role may then read all
   * that CloudTrail holds of the account's last 90 days, in each Region.
   *
   * @default false
   */
  readonly looksIntoCloudTrail?: boolean;

  /**
   * The role that delivers. Customers' policies name it; docs/operations.md says how to change it without a failed
   * delivery.
   *
   * @default - `secure-inbox-delivery`, with the deployment's name
   */
  readonly deliveryRoleName?: string;

  /**
   * Roles beside it that may deliver, while customers move from one to another.
   *
   * @default - none
   */
  readonly furtherDeliveryRoleNames?: readonly string[];

  /**
   * Of the function, in MiB.
   *
   * @default 256
   */
  readonly memorySize?: number;

  /**
   * Invocations of the function at once, taken from what the account has in the Region.
   *
   * @default - as many as the account has left
   */
  readonly reservedConcurrentExecutions?: number;

  /** @default RetentionDays.THREE_MONTHS */
  readonly logRetention?: RetentionDays;

  /**
   * Customer-managed keys for logs, statuses, environment variables and the topic.
   *
   * @default - keys of AWS's, and one of the stack's for the topic
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
   * Customers whom the health check checks in one invocation of the function, from 1 to 10.
   *
   * @default 10
   */
  readonly healthCheckBatchSize?: number;

  /**
   * Invocations of the function by the health check at the same time.
   *
   * @default 5
   */
  readonly healthCheckConcurrency?: number;

  /**
   * The type of the child workflow that checks a batch of customers. EXPRESS costs a hundredth and has to end within
   * five minutes, for which `checkTimeout` may be one minute at most.
   *
   * @default STANDARD
   */
  readonly healthCheckChildExecutions?: 'STANDARD' | 'EXPRESS';

  /**
   * Of an invocation of the function, whatever the number of customers in it.
   *
   * @default Duration.minutes(5)
   */
  readonly checkTimeout?: Duration;

  /**
   * Keys refused to real deliveries in five minutes that are nothing unusual. An alarm goes off above it.
   *
   * @default 20
   */
  readonly usualDenials?: number;

  /**
   * Who is told when an alarm goes off. CloudWatch must be allowed to publish to it.
   *
   * @default - whoever is told of changes of a customer's status
   */
  readonly alarmTopic?: ITopic;

  /**
   * Where your people find docs/operations.md, like https://wiki.example.com/secure-inbox. Each alarm's description ends
   * with the address of its section.
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
   * Limits of what their stacks may ask for.
   *
   * @default - those of StackCheck: 20 checks an hour for each account, 10 invocations at once
   */
  readonly stackCheck?: Pick<
    StackCheckProps,
    'checksPerHour' | 'reservedConcurrentExecutions' | 'lastResortConcurrentExecutions' | 'patience'
  >;
}
