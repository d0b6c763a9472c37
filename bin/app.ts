import { Annotations, App, Validations } from 'aws-cdk-lib';
import { DeploymentError } from '../lib/deployment-error.ts';
import { SecureInboxConfigurationCheck } from '../lib/secure-inbox-configuration-check.ts';
import { buildWhatChanged } from './build.mjs';

// The functions' code.
await buildWhatChanged();

const app = new App();

// The sandbox synthesizes without validation, because loading the rules takes most of the time.
const validated = process.env['CDK_VALIDATION'] !== 'false';
if (validated) {
  const { AwsSolutionsChecks } = await import('cdk-nag');
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
}

try {
  // npx cdk deploy -c deploymentName=staging
  const deploymentName = String(app.node.tryGetContext('deploymentName') ?? '');
  const listOf = (name: string): string[] =>
    String(app.node.tryGetContext(name) ?? '')
      .split(',')
      .map((item) => item.trim())
      .filter(Boolean);
  const isOn = (name: string): boolean => String(app.node.tryGetContext(name)) === 'true';
  const id = ['SecureInboxConfigurationCheck', deploymentName].filter(Boolean).join('-');
  const [customerAccounts, customerOrganizations] = [listOf('customerAccounts'), listOf('customerOrganizations')];
  const stack = new SecureInboxConfigurationCheck(app, id, {
    description: "Checks whether reports can be delivered to customers' Secure Inboxes",
    deploymentName,
    // npx cdk deploy -c onboardedAccounts=222222222222,333333333333
    onboardedAccounts: listOf('onboardedAccounts'),
    // npx cdk deploy -c customerAccounts=222222222222 -c customerOrganizations=o-a1b2c3d4e5
    customerAccounts,
    customerOrganizations,
    // npx cdk deploy -c looksIntoCloudTrail=true -c multipartDeliveries=true
    looksIntoCloudTrail: isOn('looksIntoCloudTrail'),
    multipartDeliveries: isOn('multipartDeliveries'),
  });
  if (validated && customerAccounts.length + customerOrganizations.length === 0) {
    Annotations.of(stack).addWarningV2(
      'secure-inbox:delivers-to-anybody',
      'Without a session policy, a session of the delivery role can copy reports to any bucket whose owner allows it. To ' +
        'limit it to your customers, set customerAccounts or customerOrganizations.',
    );
  }
} catch (error) {
  if (!(error instanceof DeploymentError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
