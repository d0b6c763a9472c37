import { runStack } from './run-stack.mjs';

/** `node peers/stacks/ministack.mjs`. With AUTH, it evaluates the policies of both accounts. */
await runStack({
  name: 'ministack',
  packages: ['ministack', 'cryptography'],
  versionOf: 'ministack',
  command: ({ program }) => [program('ministack')],
  environment: ({ port, state, url }) => ({
    AUTH: 'true',
    USE_SSL: '1',
    AWS_ENDPOINT_URL: url,
    GATEWAY_PORT: String(port),
    MINISTACK_HOST: '127.0.0.1',
    STATE_DIR: state,
    SFTP_ENABLED: '0',
    IOT_MTLS_ENABLED: '0',
  }),
  customerAccount: '111111111111',
  healthPath: '/_ministack/health',
  needsFront: true,
  changes: [
    'no-bootstrap',
    'batches-of-one',
    'one-second-to-confirm',
    'no-metric-math',
    'no-saved-query',
    'sessions-by-arn',
    'inboxes-in-this-account',
  ],
  customersChanges: ['long-rule-functions', 'plain-conditions', 'no-deny-other-keys'],
  known: [
    [
      'in one account the role or the bucket policy allows it alone, as at AWS',
      'the bucket policy lost the statement that allows',
      "the delivery role's policy allows no delivery",
    ],
    [
      'its message blames an identity policy where AWS names the boundary',
      'a permissions boundary leaves PutObject out',
    ],
    [
      'its S3 uses no key, so that neither the policy nor the state of one matters',
      'the key policy lost the statements for the service',
      "the key policy denies the service's account",
      'the key is disabled',
      'the key is pending deletion',
      'the key does not exist',
      'the key is asymmetric',
    ],
    ['it ignores x-amz-expected-bucket-owner', 'the bucket belongs to another account than the event says'],
  ],
});
