import { Aws } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { serviceName } from '../core/arn.ts';
import { administrationByThisAccount } from './data-protection.ts';
import { namesOf, statusChangeDetailType } from './names.ts';
import { given } from './props.ts';

export interface StatusNotificationsProps {
  /** @default - CloudFormation makes one up */
  readonly topicName?: string;

  /** @default - CloudFormation makes one up */
  readonly ruleName?: string;

  /** @default - the key has no alias */
  readonly keyAlias?: string;

  /**
   * Encrypts the topic's messages. An imported key must already let EventBridge and CloudWatch use it.
   *
   * @default - a key of its own
   */
  readonly key?: kms.IKey;

  /**
   * The `source` of the events to tell of. Another deployment in the account has another.
   *
   * @default 'secure-inbox.configuration-check'
   */
  readonly eventSource?: string;
}

/**
 * Who is told when a customer's status changes: whoever subscribes to the topic. CloudWatch's alarms may be sent to it
 * too.
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
        ...given({ alias: props.keyAlias }),
        description: 'Encrypts what subscribers are told of the status of customers',
        enableKeyRotation: true,
        policy: new iam.PolicyDocument({ statements: [administrationByThisAccount()] }),
      });
    for (const statement of encryptionForPublishers()) this.key.addToResourcePolicy(statement);

    this.topic = new sns.Topic(this, 'Topic', {
      ...given({ topicName: props.topicName }),
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
      ...given({ ruleName: props.ruleName }),
      description: "Tells subscribers when a customer's status has changed",
      eventPattern: {
        source: [props.eventSource ?? namesOf().eventSource],
        detailType: [statusChangeDetailType],
        account: [Aws.ACCOUNT_ID],
      },
      // The CDK's own target would allow EventBridge to publish a second time, without a Sid.
      targets: [{ bind: () => ({ arn: this.topic.topicArn, input: message() }) }],
    });
  }
}

/**
 * A JSON object in the order in which it is read; the diagnoses, with the remedies, come last. Not lines of text:
 * EventBridge does not escape what it puts into them, and AWS's answers have quotes. Every event has every field: one
 * that it lacked would leave nothing in its place.
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
 * Neither may use the key that AWS manages for SNS. For EventBridge's messages to an encrypted topic no condition on the
 * source is supported, and a role in place of these policies is advised against.
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
