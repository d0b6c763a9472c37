import { plain } from '../../../model/template/read-value.ts';
import { deploy, templateError } from './deploy.ts';

const surroundings = `
Parameters:
  Name: { Type: String, Default: acme }
  Count: { Type: Number, Default: 3 }
  Zones: { Type: CommaDelimitedList, Default: 'a, b' }
  BootstrapVersion: { Type: 'AWS::SSM::Parameter::Value<String>', Default: /cdk-bootstrap/version }
Mappings:
  Sizes:
    us-east-1: { small: s, several: [x, y] }
Conditions:
  Always: !Equals [!Ref Name, acme]
  Never: !Not [!Condition Always]
Resources:
  Key: { Type: 'AWS::KMS::Key' }
  Inbox: { Type: 'AWS::S3::Bucket', Properties: { BucketName: !Sub 'inbox-\${Name}' } }
  Absent: { Type: 'AWS::S3::Bucket', Condition: Never }
  Topic: { Type: 'AWS::SNS::Topic' }
  Subject:
    Type: AWS::S3::Bucket
    Properties:
      AccessControl:
`;
const firstLine = surroundings.split('\n').length;

/** The value of an expression, used as a property's value. */
function evaluate(expression: string): unknown {
  const indented = expression.split('\n').map((line) => `        ${line}`);
  const { resources } = deploy(`${surroundings}${indented.join('\n')}\n`, { names: { keyId: () => 'key-id' } });
  const value = resources
    .find(({ logicalId }) => logicalId === 'Subject')
    ?.properties.entries.get('AccessControl')?.value;
  return value === undefined ? undefined : plain(value);
}

const keyArn = 'arn:aws:kms:us-east-1:222222222222:key/key-id';

test.each<[string, unknown]>([
  ['!Ref Name', 'acme'],
  ['{ Ref: Name }', 'acme'],
  ['!Ref Count', '3'],
  ['!Ref Zones', ['a', 'b']],
  ['!Ref Inbox', 'inbox-acme'],
  ['!Ref Key', 'key-id'],
  ['!Ref Topic', 'arn:aws:sns:us-east-1:222222222222:inbox-Topic'],
  ['!Ref AWS::AccountId', '222222222222'],
  ['!Ref AWS::Region', 'us-east-1'],
  ['!Ref AWS::Partition', 'aws'],
  ['!Ref AWS::URLSuffix', 'amazonaws.com'],
  ['!Ref AWS::StackName', 'inbox'],
  [
    '!Ref AWS::StackId',
    'arn:aws:cloudformation:us-east-1:222222222222:stack/inbox/00000000-0000-4000-8000-000000000000',
  ],
  ['!Ref AWS::NotificationARNs', []],
  ['!Ref AWS::NoValue', undefined],
  ['!GetAtt Key.Arn', keyArn],
  ['!GetAtt [Key, Arn]', keyArn],
  ['{ "Fn::GetAtt": [Key, Arn] }', keyArn],
  ['{ "Fn::GetAtt": Key.Arn }', keyArn],
  ['!GetAtt Inbox.RegionalDomainName', 'inbox-acme.s3.us-east-1.amazonaws.com'],
  ['!Sub plain', 'plain'],
  ['!Sub "${Name}-${Count}-${AWS::Region}"', 'acme-3-us-east-1'],
  ['!Sub "${Inbox}/${Key.Arn}"', `inbox-acme/${keyArn}`],
  ['!Sub "home/${!aws:username}/${Name}"', 'home/${aws:username}/acme'],
  ['!Sub ["${Name}/${Other}", { Name: shadowed, Other: !Ref Count }]', 'shadowed/3'],
  ['{ "Fn::Sub": ["${A}", { A: { "Fn::Sub": "${Name}" } }] }', 'acme'],
  ['"home/${aws:username}"', 'home/${aws:username}'],
  ['!Join [",", [a, !Ref Name, 1, true]]', 'a,acme,1,true'],
  ['!Join [":", !Ref Zones]', 'a:b'],
  ['!Join ["", [a, !Ref AWS::NoValue, b]]', 'ab'],
  ['!Join ["-", !Split [".", "a.b.c"]]', 'a-b-c'],
  ['!Split [",", "a,,b"]', ['a', '', 'b']],
  ['!Select [1, !Ref Zones]', 'b'],
  ['!Select ["0", [!Ref Name, b]]', 'acme'],
  ['!If [Always, !Ref Name, !Ref Absent]', 'acme'],
  ['!If [Never, !Ref Absent, { a: !Ref Name }]', { a: 'acme' }],
  ['!If [Never, x, !Ref AWS::NoValue]', undefined],
  ['[a, !If [Never, x, !Ref AWS::NoValue], b]', ['a', 'b']],
  ['{ a: !Ref AWS::NoValue, b: [!Ref AWS::NoValue] }', { b: [] }],
  ['!FindInMap [Sizes, !Ref AWS::Region, small]', 's'],
  ['!FindInMap [Sizes, us-east-1, several]', ['x', 'y']],
  ['Fn::Base64: !Ref Name', 'YWNtZQ=='],
  ['Fn::Base64: !Sub |\n  ${Name}', 'YWNtZQo='],
  ['{ Version: 2012-10-17, yes: no }', { Version: '2012-10-17', yes: false }],
])('%s is %j', (expression, value) => {
  expect(evaluate(expression)).toEqual(value);
});

/** Expression, line of the error, required parts of the message. */
test.each<[string, number, readonly string[]]>([
  ['!Ref Nmae', 1, ['nothing in this template is named "Nmae"', 'Parameters: Name, Count', 'resources: Key, Inbox']],
  ['!Ref AWS::Regoin', 1, ['"AWS::Regoin"', 'AWS::Region', 'AWS::NoValue']],
  ['!Ref [Name]', 1, ['Ref takes its name as a written-out string, not a list']],
  ['!Ref Absent', 1, ['Absent is not created, because its condition Never is false']],
  ['!Ref BootstrapVersion', 1, ['BootstrapVersion', 'AWS::SSM::Parameter::Value<String>', 'not known here']],
  ['{ Ref: Name, Other: 1 }', 1, ['Ref must be the only key', 'Other']],
  ['!GetAtt Key', 1, ['such as "Inbox.Arn", not "Key"']],
  ['!GetAtt Kye.Arn', 1, ['no resource of this template is named "Kye"', 'Key, Inbox']],
  ['!GetAtt Key.Anr', 1, ['AWS::KMS::Key (Key) has no attribute "Anr"', 'Arn, KeyId']],
  ['!GetAtt Key.constructor', 1, ['no attribute "constructor"']],
  ['!GetAtt [Key]', 1, ['Fn::GetAtt takes [logical id, attribute]', 'not a list of 1']],
  ['!Sub "${Nmae}"', 1, ['nothing in this template is named "Nmae"']],
  ['!Sub "${aws:username}"', 1, ['write ${!aws:username}']],
  ['!Sub "${a b}"', 1, ['${a b} is no name']],
  ['!Sub "${Zones}"', 1, ['${Zones} is a list']],
  ['!Sub "${AWS::NoValue}"', 1, ['has no value']],
  ['!Sub [a, [b]]', 1, ['must be a map, not a list']],
  ['!Sub [a]', 1, ['[string, map of variables]', 'not a list of 1']],
  ['!Sub [!Ref Name, {}]', 1, ['string as a written-out string, not a map']],
  ['!Sub |\n  fine ${Name}\n  wrong ${Nmae}', 3, ['"Nmae"']],
  ['Fn::Join:\n  - ","\n  - !Ref Name', 3, ['Fn::Join takes a list here, not "acme"']],
  ['!Join [!Ref Name, [a]]', 1, ['delimiter as a written-out string']],
  ['!Join [a]', 1, ['[delimiter, list], not a list of 1']],
  ['!Join ["", [[a]]]', 1, ['takes a string here, not a list']],
  ['!Split ["", a]', 1, ['empty delimiter']],
  ['!Split [",", [a]]', 1, ['takes a string here, not a list']],
  ['!Select [2, !Ref Zones]', 1, ['no item 2 in a list of 2']],
  ['!Select [x, !Ref Zones]', 1, ['whole number from 0', 'not "x"']],
  ['!Select [0, a]', 1, ['takes a list here, not "a"']],
  ['!If [Maybe, a, b]', 1, ['no condition is named "Maybe"', 'Always, Never']],
  ['!If [Always, a]', 1, ['[condition name, value if true, value if false], not a list of 2']],
  ['!If [!Equals [a, a], a, b]', 1, ['condition name as a written-out string']],
  ['!Equals [a, b]', 1, ['Fn::Equals is a condition, not a value']],
  ['!FindInMap [Sises, us-east-1, small]', 1, ['"Sises" is not in Mappings; it has: Sizes']],
  ['!FindInMap [Sizes, eu-west-1, small]', 1, ['"eu-west-1" is not in Mappings.Sizes; it has: us-east-1']],
  ['!FindInMap [Sizes, us-east-1]', 1, ['[map name, top-level key, second-level key], not a list of 2']],
  ['!Base64 [a]', 1, ['takes a string here, not a list']],
  ['!GetAZs us-east-1', 1, ['Fn::GetAZs ("us-east-1") is not supported', 'Availability Zones']],
  ['!ImportValue shared-key', 1, ['Fn::ImportValue ("shared-key") is not supported', 'give it as a parameter']],
  ['!Cidr [a, 1, 2]', 1, ['Fn::Cidr is not supported']],
  ['{ "Fn::Transform": { Name: X } }', 1, ['Fn::Transform is not supported', 'processed template']],
  ['!ToJsonString { a: 1 }', 1, ['AWS::LanguageExtensions']],
  ['a:\n  - !Foo bar', 2, ['AccessControl.a[0].Fn::Foo: Fn::Foo is not a function that is known', 'Fn::Sub']],
  ['!Sub "{{resolve:ssm:/${Name}}}"', 1, ['dynamic reference {{resolve:ssm:/acme}}']],
  ['"{{resolve:ssm:/name}}"', 1, ['dynamic reference {{resolve:ssm:/name}}']],
  ['b: [~]', 1, ['null values']],
])('%s is refused on its line %i', (expression, line, words) => {
  const error = templateError(() => evaluate(expression));
  expect(error.found).toHaveLength(1);
  expect({ file: error.file, line: error.line }).toEqual({ file: 'test.yaml', line: firstLine + line - 1 });
  expect(error.message).toContain('Resources.Subject.Properties.AccessControl');
  for (const word of words) expect(error.message).toContain(word);
});

test('points to the wrong placeholder, not to the same text before it', () => {
  const expression = '["${Nmae} stays", !Sub "a ${Nmae}"]';
  const error = templateError(() => evaluate(expression));
  expect(error.column).toBe(9 + expression.lastIndexOf('${Nmae}'));
});
