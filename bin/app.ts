import { App } from 'aws-cdk-lib';
import { SecureInboxConfigurationCheck } from '../lib/secure-inbox-configuration-check.ts';

const app = new App();

new SecureInboxConfigurationCheck(app, 'SecureInboxConfigurationCheck', {
  description: 'Checks for real whether reports can be delivered to the Secure Inboxes of customers',
});
