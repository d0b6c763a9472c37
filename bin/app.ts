import { App, Validations } from 'aws-cdk-lib';
import { DeploymentError } from '../lib/deployment-error.ts';
import { SecureInboxConfigurationCheck } from '../lib/secure-inbox-configuration-check.ts';
import { buildWhatChanged } from './build.mjs';

// The functions' code.
await buildWhatChanged();

const app = new App();

// The sandbox synthesizes without validating; loading the rules would take it longer than all else.
if (process.env['CDK_VALIDATION'] !== 'false') {
  const { AwsSolutionsChecks } = await import('cdk-nag');
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
}

try {
  // npx cdk deploy -c deploymentName=staging
  const deploymentName = String(app.node.tryGetContext('deploymentName') ?? '');
  // npx cdk deploy -c onboardedAccounts=222222222222,333333333333
  const onboardedAccounts = String(app.node.tryGetContext('onboardedAccounts') ?? '')
    .split(',')
    .map((account) => account.trim())
    .filter(Boolean);
  const id = ['SecureInboxConfigurationCheck', deploymentName].filter(Boolean).join('-');
  new SecureInboxConfigurationCheck(app, id, {
    description: 'Checks for real whether reports can be delivered to the Secure Inboxes of customers',
    deploymentName,
    onboardedAccounts,
  });
} catch (error) {
  if (!(error instanceof DeploymentError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
