import { names } from '../../../core/vocabulary.ts';
import { type IrrelevantType, type Referable, regionalArn } from './resource-type.ts';

function named(nameProperty: string, more: Referable = {}): IrrelevantType {
  return { relevance: 'irrelevant', nameProperty, ...more };
}

function arn(service: string, nameProperty: string, prefix = ''): IrrelevantType {
  return named(nameProperty, { attributes: { Arn: regionalArn(service, prefix) } });
}

const scheduleArn: ReturnType<typeof regionalArn> = (schedule) =>
  regionalArn('scheduler', `schedule/${schedule.property('GroupName') ?? 'default'}/`)(schedule);

const queueUrl: ReturnType<typeof regionalArn> = ({ name, accountId, region, urlSuffix }) =>
  `https://sqs.${region}.${urlSuffix}/${accountId}/${name}`;

/** Nothing that is read refers to these. */
const unreferred = names(`
  AWS::ApplicationInsights::Application AWS::Budgets::Budget AWS::CDK::Metadata
  AWS::CloudFormation::WaitConditionHandle AWS::Events::EventBusPolicy AWS::Logs::QueryDefinition
  AWS::Logs::ResourcePolicy AWS::SNS::Subscription AWS::SNS::TopicPolicy AWS::SQS::QueuePolicy AWS::XRay::Group
  AWS::XRay::SamplingRule
`);

/** Helpers that the CDK adds. They empty a deleted bucket, and set the retention of logs. */
const helpersOfCdk = names('Custom::LogRetention Custom::S3AutoDeleteObjects');

/**
 * Types that don't affect a delivery: they observe, schedule, notify or store something else. Policies and environments
 * may name them, so each has values for `Ref` and `Fn::GetAtt`.
 *
 * @see the "Return values" section of each type in the CloudFormation Template Reference
 */
export const irrelevantTypes: Readonly<Record<string, IrrelevantType>> = {
  ...Object.fromEntries([...unreferred, ...helpersOfCdk].map((type) => [type, { relevance: 'irrelevant' } as const])),
  'AWS::CloudTrail::Trail': arn('cloudtrail', 'TrailName', 'trail/'),
  'AWS::CloudWatch::Alarm': arn('cloudwatch', 'AlarmName', 'alarm:'),
  'AWS::CloudWatch::CompositeAlarm': arn('cloudwatch', 'AlarmName', 'alarm:'),
  'AWS::CloudWatch::Dashboard': named('DashboardName'),
  'AWS::Config::ConfigRule': arn('config', 'ConfigRuleName', 'config-rule/'),
  'AWS::DynamoDB::Table': arn('dynamodb', 'TableName', 'table/'),
  'AWS::DynamoDB::GlobalTable': arn('dynamodb', 'TableName', 'table/'),
  'AWS::Events::Archive': arn('events', 'ArchiveName', 'archive/'),
  'AWS::Events::EventBus': named('Name', {
    attributes: { Arn: regionalArn('events', 'event-bus/'), Name: ({ name }) => name },
  }),
  'AWS::Events::Rule': arn('events', 'Name', 'rule/'),
  'AWS::Logs::LogGroup': named('LogGroupName', {
    attributes: { Arn: (group) => `${regionalArn('logs', 'log-group:')(group)}:*` },
  }),
  'AWS::Logs::LogStream': named('LogStreamName'),
  'AWS::Logs::MetricFilter': named('FilterName'),
  'AWS::Logs::SubscriptionFilter': named('FilterName'),
  'AWS::ResourceGroups::Group': named('Name'),
  'AWS::SNS::Topic': named('TopicName', {
    ref: regionalArn('sns'),
    attributes: { TopicArn: regionalArn('sns'), TopicName: ({ name }) => name },
  }),
  'AWS::SQS::Queue': named('QueueName', {
    ref: queueUrl,
    attributes: { Arn: regionalArn('sqs'), QueueName: ({ name }) => name, QueueUrl: queueUrl },
  }),
  'AWS::SSM::Parameter': named('Name'),
  'AWS::Scheduler::Schedule': named('Name', { attributes: { Arn: scheduleArn } }),
  'AWS::Scheduler::ScheduleGroup': arn('scheduler', 'Name', 'schedule-group/'),
  'AWS::SecretsManager::Secret': named('Name', { ref: regionalArn('secretsmanager', 'secret:') }),
  'AWS::StepFunctions::StateMachine': named('StateMachineName', {
    ref: regionalArn('states', 'stateMachine:'),
    attributes: { Arn: regionalArn('states', 'stateMachine:'), Name: ({ name }) => name },
  }),
};
