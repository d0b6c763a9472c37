import { acmeEvent, deliveryRole as role } from './acme.ts';
import { preflightReport, testFolder } from './given.ts';
import { useModeledSandbox } from './modeled-sandbox.ts';

useModeledSandbox();

/**
 * Small valid templates, like those in linters' own tests. None may be rejected, and none that works may be doubted.
 */

const { file } = testFolder('valid');
const event = file('event.json', acmeEvent());

const inbox = `
  Key:
    Type: AWS::KMS::Key
    Properties:
      KeyPolicy:
        Statement:
          - { Effect: Allow, Principal: { AWS: !Ref "AWS::AccountId" }, Action: "kms:*", Resource: "*" }
          - { Effect: Allow, Principal: { AWS: "${role}" }, Action: ["kms:GenerateDataKey", "kms:Decrypt"], Resource: "*" }
  Bucket: { Type: AWS::S3::Bucket, Properties: { BucketName: acme-inbox } }
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Bucket
      PolicyDocument: { Statement: [{ Effect: Allow, Principal: { AWS: "${role}" }, Action: "s3:PutObject", Resource: !Sub "\${Bucket.Arn}/*" }] }
`;

async function verdictOf(text: string): Promise<string> {
  return (await preflightReport('--event', event, '--inbox-template', file('template.yaml', text))).verdict;
}

const types = `
AWS::AccessAnalyzer::Analyzer AWS::ACMPCA::CertificateAuthority AWS::AmplifyUIBuilder::Form AWS::ApiGateway::RestApi
AWS::ApiGatewayV2::Api AWS::AppConfig::Application AWS::AppRunner::Service AWS::AppSync::GraphQLApi AWS::Athena::WorkGroup
AWS::AutoScaling::AutoScalingGroup AWS::Backup::BackupVault AWS::Batch::JobQueue AWS::Bedrock::Agent
AWS::CertificateManager::Certificate AWS::Cloud9::EnvironmentEC2 AWS::CloudFormation::CustomResource
AWS::CloudFormation::Macro AWS::CloudFormation::ModuleVersion AWS::CloudFormation::Stack AWS::CloudFormation::StackSet
AWS::CloudFormation::WaitCondition AWS::CloudFormation::WaitConditionHandle AWS::CloudFront::Distribution
AWS::CloudFront::OriginAccessControl AWS::CloudTrail::Trail AWS::CloudWatch::Alarm AWS::CodeBuild::Project
AWS::CodePipeline::Pipeline AWS::Cognito::UserPool AWS::Config::ConfigurationRecorder AWS::Config::DeliveryChannel
AWS::DataSync::Task AWS::DMS::Endpoint AWS::DynamoDB::Table AWS::EC2::FlowLog AWS::EC2::Instance AWS::EC2::SecurityGroup
AWS::EC2::Subnet AWS::EC2::VPC AWS::EC2::VPCEndpoint AWS::ECR::Repository AWS::ECS::Cluster AWS::EFS::FileSystem
AWS::EKS::Cluster AWS::ElastiCache::CacheCluster AWS::ElasticLoadBalancingV2::LoadBalancer AWS::EMR::Cluster
AWS::Events::Rule AWS::FSx::FileSystem AWS::Glue::Crawler AWS::GuardDuty::Detector AWS::IAM::Group
AWS::IAM::InstanceProfile AWS::IAM::OIDCProvider AWS::IAM::SAMLProvider AWS::IAM::ServiceLinkedRole AWS::IAM::User
AWS::Inspector::AssessmentTarget AWS::IoT::Thing AWS::Kinesis::Stream AWS::KinesisFirehose::DeliveryStream
AWS::KMS::SomethingNew AWS::LakeFormation::Resource AWS::Lambda::Function AWS::Lambda::Permission AWS::Lambda::Version
AWS::Logs::LogGroup AWS::Macie::Session AWS::MSK::Cluster AWS::Neptune::DBCluster AWS::NetworkFirewall::Firewall
AWS::OpenSearchService::Domain AWS::Organizations::Policy AWS::QuickSight::DataSet AWS::RAM::ResourceShare
AWS::RDS::DBInstance AWS::Redshift::Cluster AWS::Route53::RecordSet AWS::S3::AccessGrant AWS::S3::AccessPoint
AWS::S3::MultiRegionAccessPoint AWS::S3::StorageLens AWS::S3Express::DirectoryBucket AWS::S3ObjectLambda::AccessPoint
AWS::SageMaker::NotebookInstance AWS::SecretsManager::Secret AWS::SecurityHub::Hub AWS::Serverless::Function
AWS::ServiceCatalog::Portfolio AWS::SES::ReceiptRule AWS::SNS::Topic AWS::SNS::TopicPolicy AWS::SQS::Queue
AWS::SSM::Document AWS::SSM::Parameter AWS::StepFunctions::StateMachine AWS::Transfer::Server AWS::WAFv2::WebACL
AWS::Kendra::Index AWS::MediaLive::Channel AWS::Timestream::Database AWS::WorkSpaces::Workspace Alexa::ASK::Skill Custom::Anything Org::Team::Bucket::MODULE Vendor::Thing::Resource
`
  .trim()
  .split(/\s+/);

const transforms = types.some((type) => type.startsWith('AWS::Serverless')) ? 'AWS::Serverless-2016-10-31' : '';

it.each(types)('a resource of type %s, its Ref and an attribute of it', async (type) => {
  const text = `Transform: ${transforms}
Resources:${inbox}
  Other:
    Type: ${type}
    DependsOn: Bucket
    DeletionPolicy: Retain
    Properties: { Name: other, BucketName: !Ref Bucket, List: [!GetAtt Bucket.Arn, { Ref: Key }], Nested: { Value: 1, On: true } }
  User: { Type: Custom::User, Properties: { ServiceToken: !Ref Other } }
Outputs:
  Name: { Value: !Ref Other }
  Attribute: { Value: !GetAtt Other.Some.Attribute }
  Text: { Value: !Join ["-", [!Ref Other, !GetAtt [Other, Arn]]] }
`;
  expect(await verdictOf(text)).toBe('passed');
});

const otherTexts: Readonly<Record<string, string>> = {
  'conditions that use each other': `
Parameters: { Stage: { Type: String } }
Conditions:
  A: !Equals [!Ref Stage, prod]
  B: !Or [!Condition A, !Equals [!Ref "AWS::Region", us-east-1]]
  C: !And [!Not [!Condition A], !Condition B]
Resources:${inbox}
  Topic: { Type: AWS::SNS::Topic, Condition: C, Properties: { TopicName: !If [A, a, !Ref "AWS::NoValue"] } }
Outputs: { T: { Condition: C, Value: !Ref Topic } }`,
  'rules with functions of their own': `
Parameters: { Vpc: { Type: "AWS::EC2::VPC::Id" } }
Rules:
  R: { Assertions: [{ Assert: !Contains [[a, b], !Ref Vpc], AssertDescription: none }] }
Resources:${inbox}`,
  'an interface, hooks and descriptions': `
Description: "Größe"
Metadata: { "AWS::CloudFormation::Interface": { ParameterGroups: [{ Label: { default: a }, Parameters: [P] }] } }
Parameters: { P: { Type: Number, MinValue: 1, NoEcho: true, AllowedPattern: "^\\\\p{Alnum}+$" } }
Resources:${inbox}`,
  'lists of parameters': `
Parameters: { Subnets: { Type: "List<AWS::EC2::Subnet::Id>" }, Zones: { Type: CommaDelimitedList, Default: "a, b" } }
Resources:${inbox}
  Group: { Type: AWS::AutoScaling::AutoScalingGroup, Properties: { Zones: !Ref Zones, S: !Join [",", !Ref Subnets], F: !Select [1, !Ref Subnets] } }
Outputs: { F: { Value: !Select [1, !Ref Subnets] }, J: { Value: !Join [",", !Ref Subnets] } }`,
  'user data and dates': `
Resources:${inbox}
  Host: { Type: AWS::EC2::Instance, Properties: { UserData: !Base64 { "Fn::Sub": "#!/bin/sh\\naws s3 cp x s3://\${Bucket}" }, On: 2012-10-17 } }`,
  'values of other stacks in what no delivery meets': `
Resources:${inbox}
  Host:
    Type: AWS::EC2::Instance
    CreationPolicy: { ResourceSignal: { Timeout: PT5M } }
    UpdatePolicy: { AutoScalingRollingUpdate: { MinInstancesInService: !ImportValue min } }
    Properties:
      Subnet: !Select [0, !Split [",", !ImportValue { "Fn::Sub": "\${AWS::StackName}-subnets" }]]
      Zone: !Select [2, !GetAZs { Ref: "AWS::Region" }]
      Password: "{{resolve:secretsmanager:MySecret:SecretString:password}}"`,
  'texts with variables of their own': `
Parameters: { Name: { Type: String } }
Resources:${inbox}
  Topic: { Type: AWS::SNS::Topic, Properties: { TopicName: !Sub ["\${N}-\${!Literal}", { N: !Ref Name }] } }
Outputs: { N: { Value: !Sub ["\${N}", { N: !GetAtt Topic.TopicName }], Export: { Name: !Sub "\${AWS::StackId}" } } }`,
  'mappings of lists, and a mapping within another': `
Mappings: { Zones: { us-east-1: { All: [a, b] } }, Names: { us-east-1: { Key: us-east-1 } } }
Resources:${inbox}
Outputs: { Z: { Value: !Select [0, !FindInMap [Zones, !FindInMap [Names, !Ref "AWS::Region", Key], All]] } }`,
  'a transform in what no delivery meets': `
Resources:${inbox}
  Api: { Type: AWS::ApiGateway::RestApi, Properties: { Body: { "Fn::Transform": { Name: AWS::Include, Parameters: { Location: x } } } } }`,
  'users, groups and policies of theirs': `
Resources:${inbox}
  Reader: { Type: AWS::IAM::User, Properties: { Policies: [{ PolicyName: p, PolicyDocument: { Statement: [{ Effect: Allow, Action: "*", Resource: "*" }] } }] } }
  Keys: { Type: AWS::IAM::AccessKey, Properties: { UserName: !Ref Reader } }
Outputs: { Secret: { Value: !GetAtt Keys.SecretAccessKey } }`,
  'a role that AWS manages policies of': `
Resources:${inbox}
  Role:
    Type: AWS::IAM::Role
    Properties:
      ManagedPolicyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess", !ImportValue policy]
      PermissionsBoundary: !Sub "arn:aws:iam::\${AWS::AccountId}:policy/boundary"
      AssumeRolePolicyDocument: { Statement: { Effect: Allow, Principal: { Federated: "cognito-identity.amazonaws.com" }, Action: "sts:AssumeRoleWithWebIdentity" } }`,
  'a property of a bucket that is new': `
Resources:${inbox}
  Logs: { Type: AWS::S3::Bucket, Properties: { BrandNew: { Setting: !ImportValue x } } }`,
  'a list of transforms': `
Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]
Resources:${inbox}
  Queue: { Type: AWS::SQS::Queue, DeletionPolicy: !If [A, Retain, Delete] }
Conditions: { A: !Equals [!Ref "AWS::StackName", x] }
Outputs: { L: { Value: !Length [a, b] } }`,
};

it.each(Object.entries(otherTexts))('%s', async (_, text) => {
  expect(await verdictOf(text)).toBe('passed');
});

// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html
it('a template whose rule its parameters break is refused, as CloudFormation does', async () => {
  const withRule = (assert: string) => `
Parameters: { Stage: { Type: String, Default: dev }, Vpc: { Type: "AWS::EC2::VPC::Id" } }
Rules: { R: { Assertions: [{ Assert: ${assert}, AssertDescription: not that one }] } }
Resources:${inbox}`;
  await expect(verdictOf(withRule('!Equals [!Ref Stage, prod]'))).rejects.toThrow('not that one');
  expect(await verdictOf(withRule('!Equals [!Ref Stage, dev]'))).toBe('passed');
  expect(await verdictOf(withRule('!Equals [!Ref Vpc, vpc-1]'))).toBe('passed');
});

it('a template that creates neither a bucket nor a key says nothing about a delivery', async () => {
  expect(await verdictOf('Resources: { Topic: { Type: AWS::SNS::Topic } }')).toBe('inconclusive');
});

it('is as many templates as a linter has', () => {
  expect(types.length + Object.keys(otherTexts).length).toBeGreaterThanOrEqual(118);
});
