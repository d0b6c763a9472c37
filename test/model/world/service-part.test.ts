import { faultsOf } from '../../../model/analysis/faults.ts';
import type { ServicePart } from '../../../model/world/scenario-schema.ts';
import { type Assembly, assembly } from '../../../sandbox/assembly.ts';
import { scenarioOf } from '../../../sandbox/scenario-files.ts';

let accountA: Assembly;
beforeAll(async () => {
  accountA = await assembly();
});

/** The faults of the default world after a change in Account A, which stages reports with its own key. */
async function faultsWith(service: ServicePart): Promise<readonly string[]> {
  const { world, event } = await scenarioOf(
    {
      name: 'a',
      why: 'b',
      service,
      customer: {},
      event: { internal: { kmsKeyArn: '${serviceKeyArn}' } },
      expect: { verdict: 'passed' },
    },
    accountA,
  );
  return faultsOf(world, event).map(({ step, layer }) => `${step} ${layer}`);
}

test('the role of the check may be one that can’t assume the delivery role', async () => {
  expect(await faultsWith({ checkRole: {} })).toEqual([]);
  const isTrusted = {
    trustPolicy: {
      Statement: { Effect: 'Allow', Principal: { AWS: '${serviceAccountId}' }, Action: 'sts:AssumeRole' },
    },
  } as const;
  expect(await faultsWith({ deliveryRole: isTrusted, checkRole: { policies: [] } })).toEqual([
    'assume-delivery-role identity-policy',
  ]);
  const permissionsBoundary = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Deny', Action: '*', Resource: '*' }],
  } as never;
  expect(await faultsWith({ checkRole: { permissionsBoundary } })).toEqual([
    'assume-delivery-role permissions-boundary',
  ]);
});

test('the service’s own key may be disabled', async () => {
  expect(await faultsWith({ internal: { kmsKeyState: 'Disabled' } })).toEqual(['put-internal key-state']);
});

test('the internal bucket may use a Bucket Key, which states the ARN of the bucket', async () => {
  const condition = { StringLike: { 'kms:EncryptionContext:aws:s3:arn': '${internalBucketArn}/*' } };
  const everything = { Principal: { AWS: '${serviceAccountId}' }, Action: 'kms:*', Resource: '*' };
  const kmsKeyPolicy = { Statement: [{ Effect: 'Allow' as const, ...everything, Condition: condition }] };
  const withBucketKey = (bucketKeyEnabled: boolean) =>
    faultsWith({ internal: { kmsKeyPolicy, defaultEncryption: { sseAlgorithm: 'aws:kms', bucketKeyEnabled } } });
  expect(await withBucketKey(false)).toEqual([]);
  expect(await withBucketKey(true)).toEqual(['put-internal key-policy', 'copy-to-inbox key-policy']);
});
