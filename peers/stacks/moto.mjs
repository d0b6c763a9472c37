import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { region } from './aws.mjs';
import { runStack } from './run-stack.mjs';
import { here } from './server.mjs';

/** `node peers/stacks/moto.mjs`. moto's server allows every request, whatever the policies say. */
await runStack({
  name: 'moto',
  packages: ['moto[server,all]'],
  versionOf: 'moto',
  command: ({ port, program }) => [program('python'), here('start-moto.py'), String(port)],
  environment: ({ port, state }) => ({ MOTO_PORT: String(port), TMPDIR: state }),
  healthPath: '/moto-api/',
  // Its state machines call other services as this account, whatever account owns them.
  serviceAccount: '123456789012',
  credentialsOf,
  changes: ['no-bootstrap', 'batches-of-one', 'one-second-to-confirm', 'decimal-percentage', 'all-new', 'no-dashboard'],
  customersChanges: [],
  known: [
    [
      'its CloudFormation stores no bucket policies',
      'the bucket policy lost the statement that allows',
      "the bucket policy denies the service's account",
      "the internal bucket's policy denies the service's account",
    ],
    [
      'its CloudFormation stores policies of roles and keys as something other than JSON',
      "the delivery role's policy allows no delivery",
      "the delivery role's policy denies PutObject",
      "the delivery role's policy leaves the internal bucket out",
      'the key policy lost the statements for the service',
      "the key policy denies the service's account",
    ],
    [
      'it decides no request by policies',
      'a permissions boundary leaves PutObject out',
      'the trust policy does not name the check',
      'there is no such delivery role',
    ],
    ['it ignores x-amz-expected-bucket-owner', 'the bucket belongs to another account than the event says'],
    ['its CopyObject takes a bucket of any Region', 'the bucket is in another Region than the event says'],
    ['its S3 uses no key', 'the key does not exist', 'the key is asymmetric'],
    [
      'a key that its CloudFormation made answers 500',
      'the key is disabled',
      'the key is pending deletion',
      'bucket and key stay',
    ],
    [
      'its CloudFormation reports a state machine that StartExecution does not find',
      'the health check finds five passed and one broken entry',
    ],
    ['it answers 500 to one of the questions', 'preflight passes on it'],
    ['its CloudFormation turns no versioning on, so that what is deleted is gone', 'offboard a customer'],
    ['it deletes buckets that RetainExceptOnCreate keeps', "delete the service's stack: its bucket stays"],
  ],
});

/** moto knows the account of credentials only if it issued them for a role. */
async function credentialsOf(id, url) {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const sts = new STSClient({ endpoint: url, region, credentials });
  const RoleArn = `arn:aws:iam::${id}:role/operator`;
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'operator' }));
  const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials;
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}
