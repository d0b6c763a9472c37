import { type IrrelevantType, regionalArn } from './resource-type.ts';

const arn = (service: string, nameProperty: string, prefix = ''): IrrelevantType => ({
  relevance: 'irrelevant',
  nameProperty,
  attributes: { Arn: regionalArn(service, prefix) },
});

const unreferred: IrrelevantType = { relevance: 'irrelevant' };

/**
 * Types that decide nothing about a delivery: they observe, schedule, notify or store something else. Policies and
 * environments may name them, so that each says what `Ref` and `Fn::GetAtt` yield.
 *
 * @see the "Return values" section of each type in the CloudFormation Template Reference
 */
export const irrelevantTypes: Readonly<Record<string, IrrelevantType>> = {
  'AWS::ApplicationInsights::Application': unreferred,
  'AWS::Budgets::Budget': unreferred,
  'AWS::CDK::Metadata': unreferred,
  'AWS::CloudFormation::WaitConditionHandle': unreferred,
  'AWS::CloudTrail::Trail': arn('cloudtrail', 'TrailName', 'trail/'),
  'AWS::CloudWatch::Alarm': arn('cloudwatch', 'AlarmName', 'alarm:'),
  'AWS::CloudWatch::CompositeAlarm': arn('cloudwatch', 'AlarmName', 'alarm:'),
  'AWS::CloudWatch::Dashboard': { relevance: 'irrelevant', nameProperty: 'DashboardName' },
  'AWS::Config::ConfigRule': arn('config', 'ConfigRuleName', 'config-rule/'),
  'AWS::DynamoDB::Table': arn('dynamodb', 'TableName', 'table/'),
  'AWS::DynamoDB::GlobalTable': arn('dynamodb', 'TableName', 'table/'),
  'AWS::Events::Archive': arn('events', 'ArchiveName', 'archive/'),
  'AWS::Events::EventBus': {
    relevance: 'irrelevant',
    nameProperty: 'Name',
    attributes: { Arn: regionalArn('events', 'event-bus/'), Name: ({ name }) => name },
  },
  'AWS::Events::EventBusPolicy': unreferred,
  'AWS::Events::Rule': arn('events', 'Name', 'rule/'),
  'AWS::Logs::LogGroup': {
    relevance: 'irrelevant',
    nameProperty: 'LogGroupName',
    attributes: { Arn: (group) => `${regionalArn('logs', 'log-group:')(group)}:*` },
  },
  'AWS::Logs::LogStream': { relevance: 'irrelevant', nameProperty: 'LogStreamName' },
  'AWS::Logs::MetricFilter': { relevance: 'irrelevant', nameProperty: 'FilterName' },
  'AWS::Logs::QueryDefinition': unreferred,
  'AWS::Logs::ResourcePolicy': unreferred,
  'AWS::Logs::SubscriptionFilter': { relevance: 'irrelevant', nameProperty: 'FilterName' },
  'AWS::ResourceGroups::Group': { relevance: 'irrelevant', nameProperty: 'Name' },
  'AWS::SNS::Subscription': unreferred,
  'AWS::SNS::Topic': {
    relevance: 'irrelevant',
    nameProperty: 'TopicName',
    ref: regionalArn('sns'),
    attributes: { TopicArn: regionalArn('sns'), TopicName: ({ name }) => name },
  },
  'AWS::SNS::TopicPolicy': unreferred,
  'AWS::SQS::Queue': {
    relevance: 'irrelevant',
    nameProperty: 'QueueName',
    ref: queueUrl,
    attributes: { Arn: regionalArn('sqs'), QueueName: ({ name }) => name, QueueUrl: queueUrl },
  },
  'AWS::SQS::QueuePolicy': unreferred,
  'AWS::SSM::Parameter': { relevance: 'irrelevant', nameProperty: 'Name' },
  'AWS::Scheduler::Schedule': {
    relevance: 'irrelevant',
    nameProperty: 'Name',
    attributes: {
      Arn: (schedule) => regionalArn('scheduler', `schedule/${schedule.property('GroupName') ?? 'default'}/`)(schedule),
    },
  },
  'AWS::Scheduler::ScheduleGroup': arn('scheduler', 'Name', 'schedule-group/'),
  'AWS::SecretsManager::Secret': {
    relevance: 'irrelevant',
    nameProperty: 'Name',
    ref: regionalArn('secretsmanager', 'secret:'),
  },
  'AWS::StepFunctions::StateMachine': {
    relevance: 'irrelevant',
    nameProperty: 'StateMachineName',
    ref: regionalArn('states', 'stateMachine:'),
    attributes: { Arn: regionalArn('states', 'stateMachine:'), Name: ({ name }) => name },
  },
  'AWS::XRay::Group': unreferred,
  'AWS::XRay::SamplingRule': unreferred,
  // The CDK's own helpers: they empty a bucket that is deleted, and keep logs for a time.
  'Custom::LogRetention': unreferred,
  'Custom::S3AutoDeleteObjects': unreferred,
};

function queueUrl({
  name,
  accountId,
  region,
  urlSuffix,
}: {
  readonly name: string;
  readonly accountId: string;
  readonly region: string;
  readonly urlSuffix: string;
}): string {
  return `https://sqs.${region}.${urlSuffix}/${accountId}/${name}`;
}
