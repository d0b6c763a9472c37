import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { statusChangeDetail } from '../../lib/fleet-health-check/events.ts';
import { StatusNotifications } from '../../lib/status-notifications.ts';
import { app, idOf, synthesized } from './synthesized.ts';

const template = synthesized();
const topic = { Ref: idOf(template, 'AWS::SNS::Topic', 'StatusNotifications') };
const fromThisAccount = { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } };

describe('the topic', () => {
  it('is encrypted with a separate key, which rotates', () => {
    const key = idOf(template, 'AWS::KMS::Key', 'StatusNotifications');
    template.hasResourceProperties('AWS::SNS::Topic', {
      TopicName: 'secure-inbox-status',
      KmsMasterKeyId: { 'Fn::GetAtt': [key, 'Arn'] },
    });
    expect(template.findResources('AWS::KMS::Key')[key]?.['Properties']).toMatchObject({ EnableKeyRotation: true });
  });

  it('takes messages from EventBridge and from the alarms of this account, never over plain HTTP', () => {
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: [
          {
            Sid: 'AllowPublishThroughSSLOnly',
            Effect: 'Deny',
            Principal: '*',
            Action: 'sns:Publish',
            Resource: topic,
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
          {
            Sid: 'PublishStatusChanges',
            Effect: 'Allow',
            Principal: { Service: 'events.amazonaws.com' },
            Action: 'sns:Publish',
            Resource: topic,
          },
          {
            Sid: 'PublishAlarms',
            Effect: 'Allow',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Action: 'sns:Publish',
            Resource: topic,
            Condition: fromThisAccount,
          },
        ],
      },
    });
  });

  it('has a key that only the publishers and this account may use', () => {
    const key = template.findResources('AWS::KMS::Key')[idOf(template, 'AWS::KMS::Key', 'StatusNotifications')];
    const actions = ['kms:Decrypt', 'kms:GenerateDataKey*'];
    expect(key?.['Properties'].KeyPolicy.Statement.slice(1)).toEqual([
      {
        Sid: 'EncryptStatusChanges',
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: actions,
        Resource: '*',
      },
      {
        Sid: 'EncryptAlarms',
        Effect: 'Allow',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Action: actions,
        Resource: '*',
        Condition: fromThisAccount,
      },
    ]);
  });
});

describe('a change of status', () => {
  it('reaches the topic, and no other event does', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      Name: 'secure-inbox-status',
      State: 'ENABLED',
      EventPattern: {
        source: ['secure-inbox.configuration-check'],
        'detail-type': ['Customer Configuration Status Change'],
        account: [{ Ref: 'AWS::AccountId' }],
      },
      Targets: [Match.objectLike({ Arn: topic, RoleArn: Match.absent() })],
    });
  });

  it('has unquoted fields, so that EventBridge makes JSON of any content', () => {
    const { InputTemplate } = transformer();
    const filled = InputTemplate.replaceAll(/<([^>]+)>/g, (_, name: string) => JSON.stringify(`a "${name}"`));
    expect(Object.keys(JSON.parse(filled) as object)).toEqual([
      'customer',
      'status',
      'previousStatus',
      'summary',
      'firstSeenAt',
      'confirmedAt',
      'diagnoses',
    ]);
  });

  it('uses only fields that every event has', () => {
    const sent = Object.keys(statusChangeDetail).map((field) => `$.detail.${field.replace(/\.\$$/, '')}`);
    const told = Object.values(transformer().InputPathsMap);
    expect(told).toHaveLength(7);
    expect(told.filter((path) => !sent.includes(path))).toEqual([]);
  });

  it('of another deployment is not announced', () => {
    synthesized({ deploymentName: 'staging' }).hasResourceProperties('AWS::Events::Rule', {
      Name: 'secure-inbox-status-staging',
      EventPattern: Match.objectLike({ source: ['secure-inbox.configuration-check.staging'] }),
    });
  });
});

it('needs no fixed name in another app', () => {
  const stack = new Stack(app(), 'Own');
  new StatusNotifications(stack, 'Notifications');
  const own = Template.fromStack(stack);
  own.hasResourceProperties('AWS::SNS::Topic', { TopicName: Match.absent() });
  own.hasResourceProperties('AWS::Events::Rule', { Name: Match.absent() });
  own.resourceCountIs('AWS::KMS::Alias', 0);
});

function transformer(): { readonly InputPathsMap: Readonly<Record<string, string>>; readonly InputTemplate: string } {
  const rule = template.findResources('AWS::Events::Rule')[idOf(template, 'AWS::Events::Rule', 'StatusNotifications')];
  return rule?.['Properties'].Targets[0].InputTransformer;
}
