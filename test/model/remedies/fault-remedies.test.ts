import { faultsOf } from '../../../model/analysis/faults.ts';
import { offeredRemedies } from '../../../model/remedies/fault-remedies.ts';
import type { Scenario } from '../../../model/world/scenario.ts';
import { fixable, worldWith } from './broken-worlds.ts';

function offeredIn({ world, event }: Scenario) {
  return offeredRemedies(world, event, faultsOf(world, event));
}

test.each(Object.entries(fixable))('%s: everything is fixed, and nothing else is granted', async (_, broken) => {
  const { offered, left } = offeredIn(await worldWith(broken));
  expect(offered).not.toEqual([]);
  expect(offered.flatMap(({ defects }) => defects)).toEqual([]);
  expect(left).toEqual([]);
});

test('assumes that others do their part, which does not count against the statements', async () => {
  const broken = await worldWith({
    customer: { inbox: { bucketPolicy: { without: ['DeliverReports'] } }, key: { state: 'Disabled' } },
  });
  const { offered, left, fixed } = offeredIn(broken);
  expect(offered).toMatchObject([{ remedy: { document: 'bucket-policy' }, defects: [] }]);
  expect(left).toEqual([]);
  expect(fixed.keys.get(broken.world.inboxKeyArn)?.state).toBe('Enabled');
  expect(broken.world.keys.get(broken.world.inboxKeyArn)?.state).toBe('Disabled');
});

test('leaves faults without a known fix', async () => {
  const { left } = offeredIn(
    await worldWith({
      service: { deliveryRole: { policies: { without: ['DeleteTestObjects'] } } },
      customer: { inbox: { owner: '333333333333' } },
    }),
  );
  expect(left).toMatchObject([{ layer: 'bucket-owner' }]);
});

test('the effect of a statement behind a Deny shows when the Deny is removed', async () => {
  const { world, event } = await worldWith({
    service: {
      serviceControlPolicies: [
        {
          Version: '2012-10-17',
          Statement: [
            {
              Sid: 'NoForeignKeys',
              Effect: 'Deny',
              Action: 'kms:*',
              Resource: '*',
              Condition: { StringEquals: { 'aws:ResourceAccount': '222222222222' } },
            },
          ],
        },
      ],
    },
    customer: { key: { keyPolicy: { without: ['EncryptDeliveredReports', 'EncryptAndReadWaitingReports'] } } },
  });
  const { offered, left } = offeredRemedies(world, event, faultsOf(world, event));
  expect(offered.map(({ defects }) => defects)).toEqual([[], []]);
  expect(left).toEqual([]);
});

test('one statement for two faults is proposed once', async () => {
  const { offered } = offeredIn(await worldWith(fixable['a key policy that forgets the delivery role']));
  expect(offered.map(({ remedy }) => remedy.statement['Action'])).toEqual(['kms:GenerateDataKey', 'kms:Decrypt']);
});

test('a statement that does not fix its fault is detected', async () => {
  const { world, event } = await worldWith(fixable['no bucket policy at all']);
  const [fault] = faultsOf(world, event);
  if (!fault) throw new Error('no fault');
  // Pretends that the fault is in a different document.
  const { offered } = offeredRemedies(world, event, [{ ...fault, layer: 'identity-policy', side: 'service' }]);
  expect(offered).toMatchObject([{ remedy: { document: 'identity-policy' }, defects: [] }]);
  const { left } = offeredRemedies(world, event, [{ ...fault, layer: 'identity-policy', side: 'service' }]);
  expect(left).toMatchObject([{ layer: 'bucket-policy' }]);
});
