import { faultsOf } from '../../../model/analysis/faults.ts';
import type { ScenarioFile } from '../../../model/world/scenario-schema.ts';
import { assembly } from '../../../sandbox/assembly.ts';
import { scenarioOf } from '../../../sandbox/scenario-files.ts';

async function faultsIn(parts: Pick<ScenarioFile, 'service' | 'customer' | 'event'>): Promise<string[]> {
  const file = { name: 'a world', why: 'a test', expect: { verdict: 'denied' as const }, ...parts };
  const { world, event } = await scenarioOf(file, await assembly());
  const faults = faultsOf(world, event);
  return faults.map(({ step, action, layer, effect, side }) =>
    [step, action, layer, effect, side].join(' ').replace('  ', ' '),
  );
}

const missingKey = 'arn:aws:kms:us-east-1:222222222222:key/00000000-0000-4000-8000-00000000beef';
const noKeys = { Effect: 'Deny', Action: 'kms:*', Resource: '*' } as const;
const noDelivery = { Effect: 'Deny', Action: 's3:PutObject', Resource: '${inboxBucketArn}/*' } as const;

describe('a resource that is not what the event says', () => {
  it('does not hide what the policies of either account deny', async () => {
    await expect(
      faultsIn({
        event: { inbox: { kmsKeyArn: missingKey } },
        service: { deliveryRole: { policies: { with: [noKeys] } } },
      }),
    ).resolves.toEqual([
      'put-internal kms:GenerateDataKey key-missing customer',
      'put-internal kms:GenerateDataKey identity-policy explicit service',
      'copy-to-inbox kms:Decrypt identity-policy explicit service',
      'copy-to-inbox s3:PutObject bucket-policy explicit customer',
    ]);
    await expect(
      faultsIn({
        customer: { inbox: { exists: false } },
        service: { deliveryRole: { policies: { with: [noDelivery] } } },
      }),
    ).resolves.toEqual([
      'copy-to-inbox s3:PutObject bucket-missing customer',
      'copy-to-inbox s3:PutObject identity-policy explicit service',
    ]);
  });

  it('is subject to the policies on all resources of its account', async () => {
    const noDataKeys = { Effect: 'Deny', Principal: '*', Action: 'kms:GenerateDataKey', Resource: '*' } as const;
    await expect(
      faultsIn({
        event: { inbox: { kmsKeyArn: missingKey } },
        customer: { resourceControlPolicies: [{ Version: '2012-10-17', Statement: [noDataKeys] }] },
      }),
    ).resolves.toEqual([
      'put-internal kms:GenerateDataKey key-missing customer',
      'put-internal kms:GenerateDataKey resource-control-policy explicit customer',
      'copy-to-inbox s3:PutObject bucket-policy explicit customer',
    ]);
  });

  it('has no policy of its own that could deny', async () => {
    await expect(
      faultsIn({
        customer: {
          inbox: { owner: '333333333333', bucketPolicy: null },
          key: {
            region: 'us-west-2',
            keyPolicy: { without: ['EncryptDeliveredReports', 'EncryptAndReadWaitingReports'] },
          },
        },
      }),
    ).resolves.toEqual([
      'put-internal kms:GenerateDataKey region customer',
      'copy-to-inbox s3:PutObject bucket-owner customer',
    ]);
  });
});

it('is no fault of the role that a policy of its account allows in its place, also where that denies as well', async () => {
  const storing = { Principal: '*', Action: 's3:PutObject', Resource: '${internalBucketArn}/*' } as const;
  const elsewhere = { StringNotEquals: { 's3:x-amz-storage-class': 'GLACIER_IR' } } as const;
  await expect(
    faultsIn({
      event: { steps: ['put-internal'] },
      service: {
        deliveryRole: { policies: { without: ['StoreAndReadInternalObjects'] } },
        internal: {
          bucketPolicy: {
            with: [
              { ...storing, Effect: 'Allow', Principal: { AWS: '${deliveryRoleArn}' } },
              { ...storing, Effect: 'Deny', Condition: elsewhere },
            ],
          },
        },
      },
    }),
  ).resolves.toEqual(['put-internal s3:PutObject bucket-policy explicit service']);
});

it("a denial by the inbox's policy is for the customer to fix, even if both sides are in one account", async () => {
  const denied = { Effect: 'Deny', Principal: '*', Action: 's3:PutObject', Resource: '${inboxBucketArn}/*' } as const;
  await expect(
    faultsIn({
      customer: { accountId: '111111111111', organizationId: 'o-service', inbox: { bucketPolicy: { with: [denied] } } },
    }),
  ).resolves.toEqual(['copy-to-inbox s3:PutObject bucket-policy explicit customer']);
});

it('is for the service to fix if the delivery role is in a third account', async () => {
  await expect(
    faultsIn({ event: { deliveryRoleArn: 'arn:aws:iam::333333333333:role/secure-inbox-delivery' } }),
  ).resolves.toEqual([
    'assume-delivery-role sts:AssumeRole identity-policy implicit service',
    'assume-delivery-role sts:AssumeRole role-trust-policy implicit service',
  ]);
});
