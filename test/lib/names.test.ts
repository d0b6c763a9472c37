import { Stack } from 'aws-cdk-lib';
import type { Template } from 'aws-cdk-lib/assertions';
import { DeploymentError } from '../../lib/deployment-error.ts';
import { deploymentNames } from '../../lib/names.ts';
import { SecureInboxConfigurationCheck } from '../../lib/secure-inbox-configuration-check.ts';
import { app, synthesized } from './synthesized.ts';

/** The property that names a resource, for types that have one. */
const nameProperties = [
  'AlarmName',
  'AliasName',
  'BucketName',
  'DashboardName',
  'FunctionName',
  'LogGroupName',
  'Name',
  'QueueName',
  'RoleName',
  'StateMachineName',
  'TableName',
  'TopicName',
];

interface Resource {
  readonly Type: string;
  readonly DeletionPolicy?: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/** `TYPE NAME` for each resource with a fixed name. */
function physicalNames(template: Template): readonly string[] {
  return resourcesOf(template).flatMap(namesIn);
}

function resourcesOf(template: Template): readonly Resource[] {
  const { Resources } = template.toJSON() as { readonly Resources: Readonly<Record<string, Resource>> };
  return Object.values(Resources);
}

function namesIn({ Type, Properties = {} }: Resource): readonly string[] {
  return nameProperties
    .filter((property) => Properties[property] !== undefined && !isReference(Type, property))
    .map((property) => `${Type} ${JSON.stringify(Properties[property])}`);
}

/** The function of a permission, or the name of a policy within its role, which can't collide. */
function isReference(type: string, property: string): boolean {
  return type === 'AWS::Lambda::Permission' && property === 'FunctionName';
}

describe('the names', () => {
  const usualNames = physicalNames(synthesized());

  it('that customers write into their policies are those in the documentation', () => {
    const { deliveryRole, check, internalBucket } = deploymentNames();
    expect(new Stack(app()).resolve([deliveryRole, check, internalBucket])).toEqual([
      'secure-inbox-delivery',
      'customer_configuration_check',
      { 'Fn::Join': ['', ['secure-inbox-internal-', { Ref: 'AWS::AccountId' }, '-', { Ref: 'AWS::Region' }]] },
    ]);
  });

  it('are all different for another deployment in the account', () => {
    const staging = physicalNames(synthesized({ deploymentName: 'staging' }));
    expect(usualNames).toContain('AWS::IAM::Role "secure-inbox-delivery"');
    expect(staging).toContain('AWS::IAM::Role "secure-inbox-delivery-staging"');
    expect(staging).toHaveLength(usualNames.length);
    expect(staging.filter((name) => usualNames.includes(name))).toEqual([]);
  });

  it('are each of one resource only', () => {
    expect(usualNames.filter((name, index) => usualNames.indexOf(name) !== index)).toEqual([]);
  });

  it('are free again if the first deployment failed', () => {
    const left = resourcesOf(synthesized()).filter(({ DeletionPolicy }) => DeletionPolicy === 'Retain');
    expect(left.flatMap(namesIn)).toEqual([]);
    const kept = resourcesOf(synthesized()).filter(({ DeletionPolicy }) => DeletionPolicy === 'RetainExceptOnCreate');
    expect(kept.map(({ Type }) => Type).sort()).toEqual([
      'AWS::DynamoDB::Table',
      ...Array(3).fill('AWS::Logs::LogGroup'),
      ...Array(3).fill('AWS::S3::Bucket'),
    ]);
  });

  it('of resources for onboarded accounts are free again once there are none', () => {
    const usual = new Set(usualNames);
    const only = resourcesOf(synthesized({ onboardedAccounts: ['222222222222'] })).filter((resource) =>
      namesIn(resource).some((name) => !usual.has(name)),
    );
    expect(only.map(({ Type }) => Type)).toContain('AWS::Logs::LogGroup');
    expect(only.filter(({ DeletionPolicy }) => DeletionPolicy?.startsWith('Retain'))).toEqual([]);
  });

  it('distinguish the events and metrics of two deployments', () => {
    const [usual, staging] = [deploymentNames(), deploymentNames('staging')];
    expect([usual.eventSource, usual.metricsNamespace]).toEqual([
      'secure-inbox.configuration-check',
      'SecureInbox/ConfigurationCheck',
    ]);
    expect([staging.eventSource, staging.metricsNamespace]).toEqual([
      'secure-inbox.configuration-check.staging',
      'SecureInbox/ConfigurationCheck/staging',
    ]);
    expect(staging.alarm('check-errors')).toBe('secure-inbox-check-errors-staging');
  });

  it('leave room for the longest deployment name in the Region with the longest name', () => {
    const { internalBucket, registryBucket, resultsBucket } = deploymentNames('twelve-chars');
    const lengths = [internalBucket, registryBucket, resultsBucket].map((name) => inFarRegion(name).length);
    expect(Math.max(...lengths)).toBe(63);
    expect(() => deploymentNames('thirteen-char')).toThrow(DeploymentError);
  });
});

function inFarRegion(name: string): string {
  const { 'Fn::Join': join } = new Stack(app()).resolve(name) as {
    readonly 'Fn::Join': [string, (string | { Ref: string })[]];
  };
  const values: Readonly<Record<string, string>> = {
    'AWS::AccountId': '111111111111',
    'AWS::Region': 'us-isof-south-1',
  };
  return join[1].map((part) => (typeof part === 'string' ? part : values[part.Ref])).join('');
}

describe('a deployment name that cannot be used', () => {
  it.each(['Staging', '1st', 'a_b', 'a--b', '-a', 'a-', 'a.b'])('%j is refused, and why', (deploymentName) => {
    const attempt = () => synthesized({ deploymentName });
    expect(attempt).toThrow(DeploymentError);
    expect(attempt).toThrow(`deploymentName is "${deploymentName}". Allowed: lowercase letters`);
  });

  it('says how long it may be', () => {
    expect(() => synthesized({ deploymentName: 'customers-of-emea' })).toThrow(
      /^deploymentName is "customers-of-emea", which has 17 characters. Allowed: at most 12/,
    );
  });
});

describe('two deployments in one app', () => {
  const env = { account: '111111111111', region: 'us-east-1' };
  const elsewhere = { account: '333333333333', region: 'us-east-1' };

  it.each([
    ['without names', {}, {}],
    ['with the same name', { deploymentName: 'staging' }, { deploymentName: 'staging' }],
    ['in two Regions of one account', { env }, { env: { ...env, region: 'eu-west-1' } }],
  ])('%s are refused', (_, first, second) => {
    const scope = app();
    new SecureInboxConfigurationCheck(scope, 'First', first);
    expect(() => new SecureInboxConfigurationCheck(scope, 'Second', second)).toThrow(
      /^The stacks First and Second both have .*another deploymentName .*the env\.account/,
    );
  });

  it.each([
    ['with two names', { env }, { env, deploymentName: 'staging' }],
    ['in two accounts', { env }, { env: elsewhere }],
  ])('%s are not', (_, first, second) => {
    const scope = app();
    new SecureInboxConfigurationCheck(scope, 'First', first);
    expect(() => new SecureInboxConfigurationCheck(scope, 'Second', second)).not.toThrow();
  });
});
