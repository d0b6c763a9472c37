import { join } from 'node:path';
import { runStack } from './run-stack.mjs';
import { here } from './server.mjs';

/**
 * `node peers/stacks/localstack.mjs`, with Python 3.13. LocalStack's open-source runtime from PyPI, in host mode. It
 * allows every request, whatever the policies say.
 */
await runStack({
  name: 'localstack',
  // Its releases have no upper bounds for dependencies, and newer versions of these two break it.
  packages: ['localstack-core[runtime]', 'cbor2<6', 'pyopenssl<26', 'service-identity'],
  versionOf: 'localstack-core',
  command: ({ program }) => [program('python'), here('start-localstack.py')],
  environment: ({ port, state }) => ({
    GATEWAY_LISTEN: `127.0.0.1:${port}`,
    FILESYSTEM_ROOT: join(state, 'filesystem'),
    XDG_CACHE_HOME: join(state, 'cache'),
    TMPDIR: state,
    DISABLE_EVENTS: '1',
    S3_SKIP_KMS_KEY_VALIDATION: '0',
    SKIP_SSL_CERT_DOWNLOAD: '1',
  }),
  healthPath: '/_localstack/health',
  changes: ['no-bootstrap', 'batches-of-one', 'one-second-to-confirm', 'decimal-percentage', 'url-suffix', 'all-new'],
  customersChanges: ['url-suffix'],
  known: [
    [
      'it decides no request by policies',
      'the bucket policy lost the statement that allows',
      "the bucket policy denies the service's account",
      "the delivery role's policy allows no delivery",
      "the delivery role's policy denies PutObject",
      "the delivery role's policy leaves the internal bucket out",
      'a permissions boundary leaves PutObject out',
      'the trust policy does not name the check',
      "the internal bucket's policy denies the service's account",
      'the key policy lost the statements for the service',
      "the key policy denies the service's account",
      'there is no such delivery role',
    ],
    ['it ignores x-amz-expected-bucket-owner', 'the bucket belongs to another account than the event says'],
    ['it answers NotFoundException to another account, AWS AccessDenied', 'the key does not exist'],
    ['its S3 takes an asymmetric key', 'the key is asymmetric'],
    ['it has no Organizations, so that preflight cannot know', 'preflight passes on it'],
    ['its DeleteObject takes no If-Match', 'offboard a customer'],
    ['it deletes buckets that RetainExceptOnCreate keeps', "delete the service's stack: its bucket stays"],
  ],
});
