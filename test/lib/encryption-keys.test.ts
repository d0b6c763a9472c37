import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { AwsSolutionsChecks } from 'cdk-nag';
import { type EncryptionKeys, logGroupIn } from '../../lib/encryption-keys.ts';
import { SecureInboxConfigurationCheck } from '../../lib/secure-inbox-configuration-check.ts';
import { app, identityStatements, type Statement } from './synthesized.ts';

const uses = ['logs', 'statusTable', 'environment', 'statusTopic'] as const satisfies (keyof EncryptionKeys)[];
const env = { account: '111111111111', region: 'eu-west-1' };

/** Account A with keys from another stack, as a security team creates them, or imported ones. */
function deployment(keyOf: (stack: Stack, use: string) => Key | ReturnType<typeof Key.fromKeyArn>, within = env) {
  const root = app();
  const keys = new Stack(root, 'Keys', { env: within });
  const encryptionKeys = Object.fromEntries(uses.map((use) => [use, keyOf(keys, use)]));
  const stack = new SecureInboxConfigurationCheck(root, 'Stack', {
    env: within,
    onboardedAccounts: ['222222222222'],
    encryptionKeys,
  });
  return { stack, template: Template.fromStack(stack), keys: Template.fromStack(keys) };
}

const importedArn = (use: string) => `arn:aws:kms:eu-west-1:111111111111:key/${use}`;
const own = deployment((stack, use) => new Key(stack, use));
const imported = deployment((stack, use) => Key.fromKeyArn(stack, use, importedArn(use)));

function policyOf(use: string, { keys } = own): readonly Statement[] {
  const [key] = Object.entries(keys.findResources('AWS::KMS::Key')).filter(([id]) => id.startsWith(use));
  return key?.[1]['Properties'].KeyPolicy.Statement;
}

function propertiesOf(type: string, template = imported.template): readonly Record<string, unknown>[] {
  return Object.values(template.findResources(type)).map((resource) => resource['Properties']);
}

it.each([
  ['AWS::Logs::LogGroup', 5, ['KmsKeyId'], 'logs'],
  ['AWS::Lambda::Function', 3, ['KmsKeyArn'], 'environment'],
  ['AWS::DynamoDB::Table', 1, ['SSESpecification', 'KMSMasterKeyId'], 'statusTable'],
])('each %s is encrypted with the key for it', (type, count, path, use) => {
  const resources = propertiesOf(type);
  expect(resources).toHaveLength(count);
  for (const properties of resources) expect(properties).toHaveProperty(path, importedArn(use));
});

it('the topic for statuses is too, and no key is created for it', () => {
  imported.template.hasResourceProperties('AWS::SNS::Topic', {
    TopicName: 'secure-inbox-status',
    KmsMasterKeyId: importedArn('statusTopic'),
  });
  imported.template.resourceCountIs('AWS::KMS::Key', 1);
});

it('CloudWatch Logs of the Region may use the key for each log group, and for no other', () => {
  const names = propertiesOf('AWS::Logs::LogGroup', own.template).map(({ LogGroupName }) => LogGroupName);
  const statements = policyOf('logs').slice(1);
  expect(statements.map(({ Condition }) => Condition?.['ArnLike'])).toEqual(
    names.map((name) => ({
      'kms:EncryptionContext:aws:logs:arn': `arn:aws:logs:eu-west-1:111111111111:log-group:${name}`,
    })),
  );
  expect(new Set(statements.map(({ Sid }) => Sid)).size).toBe(names.length);
  for (const { Principal, Action } of statements) {
    expect(Principal).toEqual({ Service: { 'Fn::Join': ['', ['logs.eu-west-1.', { Ref: 'AWS::URLSuffix' }]] } });
    expect(Action).toEqual(expect.arrayContaining(['kms:Encrypt', 'kms:Decrypt', 'kms:GenerateDataKey*']));
  }
});

it('EventBridge and the alarms of this account may use the key of the topic', () => {
  expect(policyOf('statusTopic').slice(1)).toEqual([
    expect.objectContaining({ Principal: { Service: 'events.amazonaws.com' } }),
    expect.objectContaining({
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
    }),
  ]);
});

it('both state machines may use the key of the table, through DynamoDB only', () => {
  const statements = identityStatements(imported.template).filter(({ Sid }) => Sid === 'UseTheKeyOfTheTable');
  expect(statements).toHaveLength(2);
  for (const { Resource, Condition } of statements) {
    expect(Resource).toBe(importedArn('statusTable'));
    expect(JSON.stringify(Condition?.['StringEquals']?.['kms:ViaService'])).toContain('dynamodb.');
  }
});

it('one key can be used for everything', () => {
  const root = app();
  const keys = new Stack(root, 'Keys', { env });
  const key = new Key(keys, 'one');
  const encryptionKeys = { logs: key, statusTable: key, environment: key, statusTopic: key };
  new SecureInboxConfigurationCheck(root, 'Stack', { env, encryptionKeys });
  const sids = policyOf('one', { ...own, keys: Template.fromStack(keys) }).flatMap(({ Sid }) => Sid ?? []);
  expect(sids).toHaveLength(5);
  expect(new Set(sids).size).toBe(5);
});

it('none of it breaks a rule of AWS Solutions', () => {
  for (const { stack } of [own, imported]) {
    expect(new AwsSolutionsChecks(stack).validateScope(stack).violations.map(({ ruleName }) => ruleName)).toEqual([]);
  }
});

it('without keys, only the topic has one', () => {
  const stack = new SecureInboxConfigurationCheck(app(), 'Stack');
  const template = Template.fromStack(stack);
  for (const properties of propertiesOf('AWS::Logs::LogGroup', template)) {
    expect(properties).not.toHaveProperty('KmsKeyId');
  }
  for (const properties of propertiesOf('AWS::Lambda::Function', template)) {
    expect(properties).not.toHaveProperty('KmsKeyArn');
  }
  expect(identityStatements(template).filter(({ Sid }) => Sid === 'UseTheKeyOfTheTable')).toEqual([]);
});

it('in China the services have the names that are used there', () => {
  const china = deployment((stack, use) => new Key(stack, use), { ...env, region: 'cn-north-1' });
  const principals = policyOf('logs', china)
    .slice(1)
    .map(({ Principal }) => Principal);
  expect(new Set(principals.map((principal) => JSON.stringify(principal)))).toEqual(
    new Set([JSON.stringify({ Service: { 'Fn::Join': ['', ['logs.cn-north-1.', { Ref: 'AWS::URLSuffix' }]] } })]),
  );
});

it('without a name for the log group, CloudWatch Logs may use a key for those of the account and Region', () => {
  const stack = new Stack(app(), 'Own', { env });
  logGroupIn(stack, 'Logs', { logKey: new Key(stack, 'Key'), removalPolicy: RemovalPolicy.RETAIN });
  expect(JSON.stringify(Template.fromStack(stack).findResources('AWS::KMS::Key'))).toContain(
    '"arn:aws:logs:eu-west-1:111111111111:log-group:*"',
  );
});
