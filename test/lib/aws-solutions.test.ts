import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import {
  SecureInboxConfigurationCheck,
  type SecureInboxConfigurationCheckProps,
} from '../../lib/secure-inbox-configuration-check.ts';
import { app } from './synthesized.ts';

/** `RULE: construct, construct`, without findings that were acknowledged with a reason. */
function findings(scope: IConstruct): readonly string[] {
  return new AwsSolutionsChecks(scope)
    .validateScope(scope)
    .violations.map(
      ({ ruleName, violatingResources }) =>
        `${ruleName}: ${violatingResources.map(({ constructPath }) => constructPath).join(', ')}`,
    );
}

it.each<[string, SecureInboxConfigurationCheckProps]>([
  ['as it is', {}],
  [
    'with everything turned on',
    {
      deploymentName: 'staging',
      tracing: true,
      looksIntoCloudTrail: true,
      reservedConcurrentExecutions: 10,
      healthCheckInterval: Duration.minutes(15),
      onboardedAccounts: ['222222222222', '333333333333'],
      env: { account: '111111111111', region: 'eu-west-1' },
    },
  ],
])("Account A %s follows the rules of cdk-nag's AWS Solutions, or gives a reason", (_, props) => {
  expect(findings(new SecureInboxConfigurationCheck(app(), 'Stack', props))).toEqual([]);
});

it('finds what was not reviewed', () => {
  const stack = new Stack(app(), 'Careless');
  new s3.Bucket(stack, 'Bucket', { removalPolicy: RemovalPolicy.RETAIN });
  expect(findings(stack)).toEqual(['AwsSolutions-S1: Careless/Bucket/Resource', expect.stringContaining('S10')]);
});
