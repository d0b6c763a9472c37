import { Aws } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { serviceName } from '../core/arn.ts';
import { defined } from '../core/values.ts';
import { administrationByThisAccount } from './data-protection.ts';
import { deploymentNames, statusChangeDetailType } from './names.ts';

export interface StatusNotificationsProps {
  /** @default - CloudFormation generates one */
  readonly topicName?: string;

  /** @default - CloudFormation generates one */
  readonly ruleName?: string;

  /** @default - the key has no alias */
  readonly keyAlias?: string;

  /**
   * Encrypts the topic's messages. An imported key must already allow EventBridge and CloudWatch to use it.
   *
   * @default - a separate key
   */
  readonly key?: kms.IKey;

  /**
   * The `source` of the events to publish, different for each deployment in the account.
   *
   * @default 'secure-inbox.configuration-check'
   */
  readonly eventSource?: string;
}

/**
 * The topic that gets every change of a customer's status. CloudWatch alarms can use it too.
 */
export class StatusNotifications extends Construct {
  readonly topic: sns.Topic;
  readonly key: kms.IKey;
  readonly rule: events.Rule;

  constructor(scope: Construct, id: string, props: StatusNotificationsProps = {}) {
    super(scope, id);

    this.key =
      props.key ??
      new kms.Key(this, 'Key', {
        ...defined({ alias: props.keyAlias }),
        description: "Encrypts messages about customers' status",
        enableKeyRotation: true,
        policy: new iam.PolicyDocument({ statements: [administrationByThisAccount()] }),
      });
    for (const statement of encryptionForPublishers()) this.key.addToResourcePolicy(statement);

    this.topic = new sns.Topic(this, 'Topic', {
      ...defined({ topicName: props.topicName }),
      displayName: 'Secure Inbox status',
      masterKey: this.key,
      enforceSSL: true,
    });
    for (const { service, use, conditions } of publishers) {
      this.topic.addToResourcePolicy(
        new iam.PolicyStatement({
          sid: `Publish${use}`,
          principals: [new iam.ServicePrincipal(service)],
          actions: ['sns:Publish'],
          resources: [this.topic.topicArn],
          conditions,
        }),
      );
    }

    this.rule = new events.Rule(this, 'Rule', {
      ...defined({ ruleName: props.ruleName }),
      description: "Publishes changes of a customer's status",
      eventPattern: {
        source: [props.eventSource ?? deploymentNames().eventSource],
        detailType: [statusChangeDetailType],
        account: [Aws.ACCOUNT_ID],
      },
      // The CDK's own target would add a second statement for EventBridge, without a Sid.
      targets: [{ bind: () => ({ arn: this.topic.topicArn, input: message() }) }],
    });
  }
}

/**
 * A JSON object with the most important fields first and the diagnoses last. It is not text, because EventBridge does not
 * escape inserted values, and AWS's answers contain quotes. Every event has every field, because EventBridge inserts
 * nothing for a missing one.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
function message(): events.RuleTargetInput {
  const field = (name: string): string => events.EventField.fromPath(`$.detail.${name}`);
  return events.RuleTargetInput.fromObject({
    customer: field('customer'),
    status: field('status'),
    previousStatus: field('previousStatus'),
    summary: field('summary'),
    firstSeenAt: field('firstSeenAt'),
    confirmedAt: field('confirmedAt'),
    diagnoses: field('diagnoses'),
  });
}

/**
 * Neither can use the AWS managed key for SNS. EventBridge supports no condition on the source for encrypted topics, and
 * advises against a role instead of these policies.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
 */
const publishers = [
  { service: serviceName('events'), use: 'StatusChanges', conditions: {} },
  {
    service: serviceName('cloudwatch'),
    use: 'Alarms',
    conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
  },
] as const;

function encryptionForPublishers(): iam.PolicyStatement[] {
  return publishers.map(
    ({ service, use, conditions }) =>
      new iam.PolicyStatement({
        sid: `Encrypt${use}`,
        principals: [new iam.ServicePrincipal(service)],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        resources: ['*'],
        conditions,
      }),
  );
}
