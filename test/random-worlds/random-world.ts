import * as fc from 'fast-check';
import { changeOfPolicy } from './changes-of-policies.ts';
import { partAt, type ScenarioParts, together } from './scenario-parts.ts';
import type { ShippedStatements } from './shipped-statements.ts';
import { otherAccount } from './vocabulary-of-policies.ts';

/**
 * Two accounts from the templates, in random circumstances and with up to three changes, which may or may not break the
 * delivery. A failing world is simplified by removing parts, so lists come before their contents.
 */
export function randomWorld(shipped: ShippedStatements): fc.Arbitrary<ScenarioParts> {
  const change = fc.oneof(
    { weight: 5, arbitrary: changeOfPolicy(shipped) },
    { weight: 2, arbitrary: fc.constantFrom(...states) },
    { weight: 1, arbitrary: grant },
  );
  return fc
    .tuple(fc.array(change, { maxLength: 3 }), fc.array(fc.constantFrom(...circumstances), { maxLength: 2 }))
    .map(([changes, around]) => together([...around, ...changes]));
}

const oneOrganization = partAt('customer.organizationId', 'o-service');
const serviceKey = '${serviceKeyArn}';

/** Circumstances in which a delivery may succeed. */
const circumstances: readonly ScenarioParts[] = [
  oneOrganization,
  oneOrganization,
  partAt('event.inbox.acl', 'bucket-owner-full-control'),
  partAt('event.internal.kmsKeyArn', serviceKey),
  partAt('event.steps', ['put-internal']),
  partAt('event.steps', ['copy-to-inbox']),
  partAt('event.diagnosis', 'full'),
  partAt('event.diagnosis', 'none'),
  partAt('event.inbox.prefix', ''),
  partAt('event.inbox.prefix', 'reports/2026/'),
  partAt('customer.parameters.Prefix', ''),
  partAt(
    'customer.parameters.SenderKeyArn',
    'arn:aws:kms:us-east-1:111111111111:key/00000000-0000-4000-8000-000000000001',
  ),
  partAt('customer.region', 'eu-west-1'),
  partAt('customer.inbox.defaultEncryption', { sseAlgorithm: 'aws:kms', kmsKeyArn: '${inboxKeyArn}' }),
  partAt('customer.inbox.defaultEncryption', { sseAlgorithm: 'AES256' }),
  partAt('customer.inbox.objectOwnership', 'BucketOwnerPreferred'),
  partAt('customer.inbox.objectOwnership', 'ObjectWriter'),
  partAt('customer.inbox.blockPublicAccess', { RestrictPublicBuckets: false, BlockPublicPolicy: false }),
  partAt('service.internal.objectOwnership', 'BucketOwnerPreferred'),
  partAt('service.sourceIp', '198.51.100.7'),
  partAt('service.sourceIp', '2001:db8::1'),
  partAt('service.deliveryRole.tags', { team: 'reports' }),
  partAt('service.vpcEndpoint', { id: 'vpce-0a1b2c3d' }),
  partAt('service.vpcEndpointPolicy', {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: '*', Action: ['s3:*'], Resource: '*' }],
  }),
];

/** Misconfigured resources and events. */
const states: readonly ScenarioParts[] = [
  partAt('customer.key.state', 'Disabled'),
  partAt('customer.key.state', 'PendingDeletion'),
  partAt('customer.key.state', 'PendingImport'),
  partAt('customer.key.state', 'Unavailable'),
  partAt('customer.key.state', 'Updating'),
  partAt('customer.key.spec', 'RSA_2048'),
  partAt('customer.key.spec', 'HMAC_256'),
  partAt('customer.key.spec', 'ECC_NIST_P256'),
  partAt('customer.key.region', 'us-west-2'),
  partAt('customer.inbox.exists', false),
  partAt('customer.inbox.region', 'us-west-2'),
  partAt('customer.inbox.owner', otherAccount),
  partAt('customer.inbox.owner', '111111111111'),
  partAt('service.insecureTransport', true),
  partAt('service.deliveryRole.roleId', 'AROARECREATEDROLE0001'),
  partAt('event.deliveryRoleArn', 'arn:aws:iam::${serviceAccountId}:role/mistyped'),
  partAt('event.deliveryRoleArn', `arn:aws:iam::${otherAccount}:role/secure-inbox-delivery`),
  partAt('event.inbox.accountId', otherAccount),
  partAt('event.inbox.bucket', 'secure-inbox-mistyped'),
  partAt(
    'event.inbox.kmsKeyArn',
    'arn:aws:kms:us-east-1:${customerAccountId}:key/00000000-0000-4000-8000-00000000beef',
  ),
  partAt('event.inbox.kmsKeyArn', serviceKey),
  partAt(
    'event.internal.kmsKeyArn',
    'arn:aws:kms:us-east-1:${serviceAccountId}:key/00000000-0000-4000-8000-00000000beef',
  ),
  partAt('event.internal.bucket', 'secure-inbox-internal-mistyped'),
];

const grant: fc.Arbitrary<ScenarioParts> = fc
  .record({
    granteePrincipal: fc.constantFrom(
      '${deliveryRoleArn}',
      'arn:aws:iam::${serviceAccountId}:role/another',
      'arn:aws:iam::${serviceAccountId}:root',
      'arn:aws:sts::${serviceAccountId}:assumed-role/secure-inbox-delivery/check-acme',
    ),
    operations: fc.subarray(['GenerateDataKey', 'Decrypt', 'Encrypt', 'DescribeKey'], { minLength: 1 }),
    constraints: fc.option(
      fc
        .tuple(
          fc.constantFrom('EncryptionContextSubset', 'EncryptionContextEquals'),
          fc.constantFrom('${inboxBucketArn}', '${inboxBucketArn}/*', '${internalBucketArn}'),
        )
        .map(([kind, arn]) => ({ [kind]: { 'aws:s3:arn': arn } })),
      { nil: undefined, freq: 1 },
    ),
  })
  .chain(({ constraints, ...granted }) =>
    fc
      .constantFrom<readonly string[]>(
        [],
        ['EncryptDeliveredReports'],
        ['EncryptAndReadWaitingReports'],
        ['EncryptDeliveredReports', 'EncryptAndReadWaitingReports'],
      )
      .map((without) =>
        together([
          partAt('customer.key.grants', [{ ...granted, ...(constraints && { constraints }) }]),
          ...(without.length > 0 ? [partAt('customer.key.keyPolicy', { without })] : []),
        ]),
      ),
  );
