import { plain } from '../../../model/template/read-value.ts';
import { masked } from '../../masked.ts';
import { deploy, templateError } from './deploy.ts';

const everything = `
AWSTemplateFormatVersion: '2010-09-09'
Description: One of everything that a template may have
Metadata:
  AWS::CloudFormation::Interface: { ParameterGroups: [] }
Parameters:
  Stage: { Type: String, Default: prod, AllowedValues: [prod, test] }
  BootstrapVersion: { Type: 'AWS::SSM::Parameter::Value<String>', Default: /cdk-bootstrap/hnb659fds/version }
Rules:
  CheckBootstrapVersion:
    Assertions:
      - Assert: !Not [!Contains [['1', '2'], !Ref BootstrapVersion]]
        AssertDescription: CDK bootstrap stack version 6 required.
  ProductionIsInNorthVirginia:
    RuleCondition: !Equals [!Ref Stage, prod]
    Assertions:
      - Assert: !And
          - !Equals [!Ref AWS::Region, us-east-1]
          - !EachMemberIn [[!Ref Stage], [prod, test]]
          - !EachMemberEquals [[!Ref Stage], prod]
        AssertDescription: Production is in us-east-1.
Mappings:
  Names:
    prod: { bucket: inbox }
    test: { bucket: inbox-test }
Conditions:
  IsProduction: !Equals [!Ref Stage, prod]
  IsTest: !Not [!Condition IsProduction]
  IsAnything: !Or [!Condition IsProduction, !Condition IsTest]
  IsBoth: !And [!Condition IsProduction, !Condition IsTest]
  IsMapped: !Equals [!FindInMap [Names, !Ref Stage, bucket], !Sub 'inbox']
Resources:
  Inbox:
    Type: AWS::S3::Bucket
    Condition: IsAnything
    DeletionPolicy: Retain
    UpdateReplacePolicy: Retain
    DependsOn: [Alarm]
    Metadata: { Reason: '{{resolve:ssm:/never-read}}' }
    Properties:
      BucketName: !FindInMap [Names, !Ref Stage, bucket]
      LifecycleConfiguration: !Foo never read
      VersioningConfiguration: !If [IsBoth, { Status: Enabled }, !Ref AWS::NoValue]
  Backup:
    Type: AWS::S3::Bucket
    Condition: IsBoth
    Properties: { Unknown: !Ref Nothing }
  Alarm:
    Type: AWS::CloudWatch::Alarm
    Properties: { Threshold: !Foo never read }
  CDKMetadata: { Type: 'AWS::CDK::Metadata', Properties: { Analytics: v2 } }
Outputs:
  Name: { Description: d, Value: !Ref Inbox, Export: { Name: inbox } }
  Alarm: { Value: !GetAtt Alarm.Arn }
  Backup: { Condition: IsBoth, Value: !Ref Backup }
`;

test('deploys a template with everything in it', () => {
  const { resources, outputs } = deploy(everything);
  expect(
    resources.map(({ logicalId, type, name, properties }) => ({
      logicalId,
      type,
      name,
      properties: plain(properties),
    })),
  ).toEqual([{ logicalId: 'Inbox', type: 'AWS::S3::Bucket', name: 'inbox', properties: { BucketName: 'inbox' } }]);
  expect(outputs).toEqual({
    Name: 'inbox',
    Alarm: 'arn:aws:cloudwatch:us-east-1:222222222222:alarm:inbox-Alarm',
  });
});

test.each([
  ['Fn::Split', "!Equals [!Select [0, !Split [':', !Ref P]], arn]"],
  ['Fn::Sub', '!Equals [!Sub "${P}", arn]'],
  ['Condition', '!Not [!Condition C]'],
])('refuses %s in a rule, where CloudFormation has only functions that compare', (name, assert) => {
  const text = `
Parameters: { P: { Type: String, Default: arn } }
Rules: { R: { Assertions: [{ Assert: ${assert} }] } }
Conditions: { C: !Equals [a, b] }
Resources: { B: { Type: 'AWS::S3::Bucket' } }`;
  const error = templateError(() => deploy(text));
  expect(masked(error.message)).toMatchSnapshot();
  expect(error.message).toMatch(name === 'Condition' ? /Condition cannot/ : /Fn::(Select|Split|Sub) cannot/);
});

test('leaves out what does not affect a delivery, unless every property is requested', () => {
  const text = 'Resources:\n  B: { Type: AWS::S3::Bucket, Properties: { BucketName: b, Tags: [!Ref AWS::Region] } }';
  const propertiesOf = (options: object) => deploy(text, options).resources.map(({ properties }) => plain(properties));
  expect(propertiesOf({})).toEqual([{ BucketName: 'b' }]);
  expect(propertiesOf({ everyProperty: true })).toEqual([{ BucketName: 'b', Tags: ['us-east-1'] }]);
});

test('follows its parameters', () => {
  expect(deploy(everything, { parameters: { Stage: 'test' } }).outputs['Name']).toBe('inbox-test');
});

test('evaluates its rules', () => {
  const error = templateError(() => deploy(everything, { region: 'eu-west-1' }));
  expect(masked(error.message)).toMatchSnapshot();
  expect(error.line).toBe(everything.split('\n').findIndex((line) => line.includes('- Assert: !And')) + 1);
  expect(deploy(everything, { region: 'eu-west-1', parameters: { Stage: 'test' } }).outputs['Name']).toBe('inbox-test');
});

test.each([
  ['cn-north-1', 'arn:aws-cn:s3:::b b.s3.amazonaws.com.cn'],
  ['us-gov-west-1', 'arn:aws-us-gov:s3:::b b.s3.amazonaws.com'],
  ['eu-central-1', 'arn:aws:s3:::b b.s3.amazonaws.com'],
])('knows the partition of %s', (region, output) => {
  const text =
    "Resources: { B: { Type: 'AWS::S3::Bucket', Properties: { BucketName: b } } }\nOutputs: { O: { Value: !Sub '${B.Arn} ${B.DomainName}' } }";
  expect(deploy(text, { region }).outputs['O']).toBe(output);
});

const bucket = "Resources:\n  B: { Type: 'AWS::S3::Bucket' }\n";

/** Template, `line`, required parts of the message. */
test.each<[string, number, readonly string[]]>([
  ['Description: nothing', 1, ['Resources is missing']],
  [`${bucket}Resuorces: {}`, 3, ['"Resuorces" is not known here']],
  ['Resources:\n', 1, ['Resources: must be a map, not nothing (null)']],
  [
    'Transform: AWS::Serverless-2016-10-31\nResources: {}',
    1,
    ['AWS::Serverless-2016-10-31', '--template-stage Processed'],
  ],
  ['Transform:\n  - AWS::LanguageExtensions\nResources: {}', 2, ['AWS::LanguageExtensions']],
  ['Resources:\n  A:\n    Type: AWS::Foo::Bar', 3, ['Resources.A', 'the type AWS::Foo::Bar is not known']],
  ['Resources:\n  A:\n    Type: constructor', 3, ['the type constructor is not known']],
  ['Resources:\n  A:\n    Type: Custom::Thing', 3, ['Custom::Thing is not modeled', 'can do anything']],
  ['Resources:\n  A:\n    Type: AWS::CloudFormation::Stack', 3, ['load the nested template']],
  ['Resources:\n  A:\n    Properties: {}', 3, ['Type is missing']],
  ["Resources:\n  A:\n    Type: 'AWS::S3::Bucket'\n    Propreties: {}", 4, ['"Propreties" is not known here']],
  ["Resources:\n  A-B: { Type: 'AWS::S3::Bucket' }", 2, ['"A-B" is not a valid name']],
  ['Resources:\n  Fn::ForEach::Each: [x, [a], {}]', 2, ['Fn::ForEach::Each is not supported']],
  [
    'Resources:\n  A:\n    Type: AWS::S3::Bucket\n    Properties:\n      BucketNam: x',
    5,
    ['Resources.A.Properties.BucketNam', 'AWS::S3::Bucket has no property "BucketNam" that is known', 'BucketName'],
  ],
  [
    'Resources:\n  A:\n    Type: AWS::Lambda::Function\n    Properties:\n      VpcConfig: {}',
    5,
    ['VpcConfig of AWS::Lambda::Function is not modeled', 'vpcEndpointPolicy'],
  ],
  [
    'Resources:\n  A:\n    Type: AWS::S3::Bucket\n    Condition: C',
    4,
    ['no condition is named "C"; this template has none'],
  ],
  [`Conditions:\n  C: !Ref AWS::Region\n${bucket}`, 2, ['Ref is no condition', 'Fn::Equals']],
  [`Conditions:\n  C: yes\n${bucket}`, 2, ['must be a condition', 'not true']],
  [`Conditions:\n  C: { a: 1, b: 2 }\n${bucket}`, 2, ['must be one condition']],
  [`Conditions:\n  C: !Not [!Condition D]\n  D: !Not [!Condition C]\n${bucket}`, 2, ['depends on itself']],
  [`Conditions:\n  C: !Equals [!Ref B, x]\n${bucket}`, 2, ['nothing in this template is named "B"', 'parameters only']],
  [`Conditions:\n  C: !Equals [!GetAtt B.Arn, x]\n${bucket}`, 2, ['cannot be used in Conditions']],
  [
    `Conditions:\n  C: !Equals [!If [D, a, b], x]\n  D: !Equals [a, a]\n${bucket}`,
    2,
    ['Fn::If cannot be used in Conditions'],
  ],
  [`Conditions:\n  C: !And [!Equals [a, a]]\n${bucket}`, 2, ['a list of 2 to 10 conditions, not a list of 1']],
  [`Conditions:\n  C: !And [!Equals [a, b], !Equals [a]]\n${bucket}`, 2, ['Fn::Equals takes a list of two values']],
  [`Conditions:\n  C: !Or [!Equals [a, a], !Equals [a]]\n${bucket}`, 2, ['Fn::Equals takes a list of two values']],
  [`Conditions:\n  C: !Not [!Equals [a, a], !Equals [a, a]]\n${bucket}`, 2, ['a list of one condition']],
  [
    `Rules:\n  R:\n    Assertions:\n      - Assert: !Contains [!RefAll 'AWS::EC2::VPC::Id', a]\n${bucket}`,
    4,
    ['Fn::RefAll'],
  ],
  [`Rules:\n  R:\n    Assertion: []\n${bucket}`, 3, ['"Assertion" is not known here']],
  [`${bucket}Outputs:\n  O: { Value: !Ref AWS::NoValue }`, 4, ['an output must have a value']],
  [`${bucket}Outputs:\n  O: { Value: [a] }`, 4, ['must be a string, not a list']],
  [`${bucket}Outputs:\n  O: { Vaule: a }`, 4, ['"Vaule" is not known here']],
  [`${bucket}Outputs:\n  O:\n    Condition: C\n    Value: a`, 5, ['no condition is named "C"']],
  [
    "Resources:\n  A: { Type: 'AWS::S3::Bucket', Properties: { BucketName: !Ref B } }\n  B: { Type: 'AWS::S3::Bucket', Properties: { BucketName: !Ref A } }",
    2,
    ['depends on itself'],
  ],
])('%s is refused on line %i', (text, line, words) => {
  const error = templateError(() => deploy(text));
  expect(error.line).toBe(line);
  for (const word of words) expect(error.message).toContain(word);
});

test('reports all problems at once, in file order, each once', () => {
  const error = templateError(() =>
    deploy(
      [
        'Conditions:',
        '  C: !Equals [!Ref Nothing, a]',
        'Resources:',
        '  A: { Type: AWS::Foo::Bar, Condition: C }',
        '  B: { Type: AWS::Foo::Bar }',
        '  D:',
        '    Type: AWS::S3::Bucket',
        '    Properties:',
        '      BucketName: !Foo x',
        '      Wrong: y',
        '      AccessControl: !Bar z',
        'Outputs:',
        '  O: { Value: !Ref Nothing }',
      ].join('\n'),
    ),
  );
  expect(error.found.map(({ origin }) => origin.line)).toEqual([2, 5, 9, 10, 11, 13]);
});

test('a name comes from its property, otherwise it is generated or chosen', () => {
  const text =
    'Resources:\n  Key: { Type: AWS::KMS::Key }\n  Inbox: { Type: AWS::S3::Bucket }\n  Named: { Type: AWS::S3::Bucket, Properties: { BucketName: n } }';
  const names = (chosen = {}) => deploy(text, { names: chosen }).resources.map(({ name }) => name);
  const [generatedKey = ''] = names();
  expect(generatedKey).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(names()).toEqual([generatedKey, 'inbox-inbox', 'n']);
  const chosen = { keyId: (id: string) => `id-of-${id}`, physicalName: (id: string, type: string) => `${type}/${id}` };
  expect(names(chosen)).toEqual(['id-of-Key', 'AWS::S3::Bucket/Inbox', 'n']);
});
