import { faultsOf } from '../../../model/analysis/faults.ts';
import { remedyForFault } from '../../../model/remedies/for-fault.ts';
import type { ScenarioFile } from '../../../model/world/scenario-schema.ts';
import { fixable, worldWith } from './broken-worlds.ts';

async function remediesIn(broken: Partial<ScenarioFile>) {
  const { world, event } = await worldWith(broken);
  const faults = faultsOf(world, event);
  return faults.map((fault) => remedyForFault(world, event, fault));
}

test('a missing Allow has a statement for the document that lacks it', async () => {
  expect(await remediesIn(fixable['faults on both sides of both edges of the inbox'])).toMatchObject([
    {
      side: 'service',
      document: 'identity-policy',
      target: 'arn:aws:iam::111111111111:role/secure-inbox-delivery',
      statement: { Action: 'kms:GenerateDataKey' },
    },
    { side: 'service', document: 'identity-policy', statement: { Action: 's3:PutObject' } },
    {
      side: 'customer',
      accountId: '222222222222',
      document: 'bucket-policy',
      target: 'secure-inbox-222222222222-us-east-1',
      statement: { Principal: { AWS: 'arn:aws:iam::111111111111:role/secure-inbox-delivery' }, Action: 's3:PutObject' },
    },
    { side: 'customer', document: 'key-policy', statement: { Action: 'kms:GenerateDataKey' } },
  ]);
});

test('a trust policy must name the check itself', async () => {
  const [remedy] = await remediesIn(fixable['a delivery role that trusts nobody']);
  expect(remedy?.statement).toMatchObject({
    Principal: { AWS: 'arn:aws:iam::111111111111:role/customer_configuration_check' },
  });
});

test.each([
  {
    fault: 'a Deny',
    broken: {
      customer: {
        inbox: {
          bucketPolicy: {
            with: [{ Sid: 'No', Effect: 'Deny' as const, Principal: '*', Action: 's3:PutObject', Resource: '*' }],
          },
        },
      },
    },
    instruction: /Deny statement/,
  },
  { fault: 'a disabled key', broken: { customer: { key: { state: 'Disabled' as const } } }, instruction: /enable/i },
])('$fault has an instruction, and no statement', async ({ broken, instruction }) => {
  const [remedy, ...others] = await remediesIn(broken);
  expect(others).toEqual([]);
  expect(remedy?.instruction).toMatch(instruction);
  expect(remedy).not.toHaveProperty('statement');
});

test('for someone else’s bucket, the instruction names the event’s account', async () => {
  const [remedy] = await remediesIn({ event: { inbox: { accountId: '222222222223' } } });
  expect(remedy?.instruction).toMatch(/\b222222222223\b/);
});

test('a role that does not exist has no trust policy to fix', async () => {
  const remedies = await remediesIn({ event: { deliveryRoleArn: 'arn:aws:iam::111111111111:role/gone' } });
  expect(remedies.filter((remedy) => remedy?.document === 'role-trust-policy')).toEqual([]);
  expect(remedies).toContainEqual({
    side: 'service',
    accountId: '111111111111',
    target: 'arn:aws:iam::111111111111:role/gone',
    instruction: expect.stringContaining('arn:aws:iam::111111111111:role/gone'),
  });
});
