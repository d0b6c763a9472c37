import { masked } from '../../masked.ts';
import { deploy, templateError } from './deploy.ts';

/** The value of the parameter P, with the given CloudFormation declaration. */
function parameterValue(declaration: string, parameters: Readonly<Record<string, string>> = {}): string | undefined {
  const value = declaration.includes('List') ? '!Join ["|", !Ref P]' : '!Ref P';
  const text = `Parameters:\n  P: ${declaration}\nResources: {}\nOutputs:\n  Value: { Value: ${value} }\n`;
  return deploy(text, { parameters }).outputs['Value'];
}

test.each<[string, Readonly<Record<string, string>>, string]>([
  ['{ Type: String, Default: a }', {}, 'a'],
  ['{ Type: String, Default: a }', { P: 'b' }, 'b'],
  ['{ Type: String, Default: "" }', {}, ''],
  ['{ Type: String, Default: 3 }', {}, '3'],
  ['{ Type: Number, Default: 3, MinValue: 3, MaxValue: 4 }', { P: '4' }, '4'],
  ['{ Type: String, AllowedValues: [new, existing] }', { P: 'existing' }, 'existing'],
  ['{ Type: String, AllowedValues: [true, 1] }', { P: 'true' }, 'true'],
  ['{ Type: String, AllowedPattern: "[a-z]+" }', { P: 'abc' }, 'abc'],
  ['{ Type: String, AllowedPattern: "^a|b$" }', { P: 'b' }, 'b'],
  ['{ Type: String, MinLength: 2, MaxLength: 3, NoEcho: true, Description: d }', { P: 'ab' }, 'ab'],
  ['{ Type: CommaDelimitedList, Default: "a, b ,c" }', {}, 'a|b|c'],
  ['{ Type: CommaDelimitedList, Default: "" }', {}, ''],
  ['{ Type: CommaDelimitedList, AllowedPattern: "[ab]" }', { P: 'a,b' }, 'a|b'],
  ['{ Type: "List<Number>" }', { P: '1, 2' }, '1|2'],
  ['{ Type: "AWS::SSM::Parameter::Name" }', { P: '/name' }, '/name'],
  ['{ Type: "AWS::EC2::VPC::Id" }', { P: 'vpc-1' }, 'vpc-1'],
])('%s with %j is %j', (declaration, parameters, value) => {
  expect(parameterValue(declaration, parameters)).toBe(value);
});

test.each<[string, Readonly<Record<string, string>>, string]>([
  ['{ Type: String }', {}, "has no Default, so a value must be given; this template's parameters: P"],
  ['{ Type: String, Default: a }', { Q: 'b' }, 'no parameter is named "Q"; this template\'s parameters: P'],
  ['{ Type: String, Default: a }', { constructor: 'b' }, 'no parameter is named "constructor"'],
  ['{ Type: Strnig, Default: a }', {}, 'the parameter type "Strnig" is not known'],
  ['{ Default: a }', {}, 'Type is missing'],
  ['{ Type: String, Defualt: a }', {}, '"Defualt" is not known here'],
  ['{ Type: Number }', { P: 'x' }, 'the value "x" must be a number'],
  ['{ Type: "List<Number>" }', { P: '1,x' }, 'the value "x" must be a number'],
  ['{ Type: Number, MinValue: 3 }', { P: '2' }, 'the value "2" must be at least 3'],
  ['{ Type: Number, MaxValue: 3 }', { P: '4' }, 'the value "4" must be at most 3'],
  ['{ Type: String, AllowedValues: [a, b] }', { P: 'c' }, 'the value "c" must be one of: a, b'],
  ['{ Type: String, AllowedPattern: "[a-z]+" }', { P: 'abc1' }, 'the value "abc1" does not match the pattern [a-z]+'],
  ['{ Type: String, AllowedPattern: "a|b" }', { P: 'ab' }, 'does not match'],
  ['{ Type: String, AllowedPattern: "a", Default: b }', {}, 'the value "b" does not match'],
  ['{ Type: String, AllowedPattern: "a", ConstraintDescription: only a }', { P: 'b' }, '(only a)'],
  ['{ Type: String, AllowedPattern: "\\\\p{Alpha}+" }', { P: 'p{Alpha}' }, "is Java's"],
  ['{ Type: String, AllowedPattern: "a++" }', { P: 'aa' }, "is Java's"],
  ['{ Type: String, MinLength: 2 }', { P: 'a' }, 'must have at least 2 characters'],
  ['{ Type: String, MaxLength: 2 }', { P: 'abc' }, 'must have at most 2 characters'],
  ['{ Type: CommaDelimitedList, AllowedValues: [a, b] }', { P: 'a,c' }, 'the value "c" must be one of'],
  ['{ Type: String, Default: 012345670123 }', {}, "put an account id in quotes, '012345670123'"],
])('%s with %j is refused', (declaration, parameters, words) => {
  const error = templateError(() => parameterValue(declaration, parameters));
  expect(error.found).toHaveLength(1);
  expect(error.message).toContain(words);
  expect(error.line).toBe(2);
});

test('names every parameter that is wrong at once', () => {
  const text = 'Parameters:\n  A: { Type: String }\n  B: { Type: String }\nResources: {}\n';
  const error = templateError(() => deploy(text, { parameters: { C: 'x' } }));
  expect(error.found.map(({ origin }) => origin.path)).toEqual(['Parameters', 'Parameters.A', 'Parameters.B']);
});

test('a value in Parameter Store is needed only if something refers to it', () => {
  const parameters = "Parameters:\n  BootstrapVersion: { Type: 'AWS::SSM::Parameter::Value<String>', Default: /v }\n";
  expect(deploy(`${parameters}Resources: {}\n`).outputs).toEqual({});
  const error = templateError(() =>
    deploy(`${parameters}Resources: {}\nOutputs:\n  V:\n    Value: !Ref BootstrapVersion\n`),
  );
  expect(masked(error.message)).toMatchSnapshot();
  expect(error.line).toBe(6);
});
