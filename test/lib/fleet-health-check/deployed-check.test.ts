import { reportSchema } from '../../../core/report.ts';
import { type DeployedCheck, startDeployedCheck } from './deployed-check.ts';
import { text } from './fakes/expressions.ts';
import { type Fleet, startFleet } from './fleet.ts';
import { standInCheck } from './stand-in-check.ts';

describe('with the deployed bundle, against two accounts and more', () => {
  let check: DeployedCheck;
  let fleet: Fleet;
  beforeAll(async () => {
    check = await startDeployedCheck(4);
    fleet = startFleet(check);
  });
  afterAll(() => fleet.stop());

  test('statuses follow what the customers do, through a throttled invocation, a crash and a malformed entry', async () => {
    check.register(3, '{"customer": "nobody", "inbox": {}}');
    const trouble = ['throttle', 'crash'] as const;
    let next = 0;
    fleet.interfere = () => trouble[next++];

    expect(await fleet.check()).toMatchObject({ status: 'SUCCEEDED' });
    expect(fleet.keys.map((_, customer) => fleet.status(customer))).toEqual(['passed', 'passed', 'passed', 'new']);
    expect(text(fleet.item(3)['inconclusiveInARow'])).toBe('1');
    expect(text(fleet.item(0)['inboxKeyArn'])).toMatch(/^arn:aws:kms:us-east-1:333333300000:key\//);
    expect(fleet.account.messages).toEqual([]);

    check.deny(1);
    expect(await fleet.check()).toMatchObject({ status: 'SUCCEEDED' });
    expect(fleet.changes()).toEqual(['customer-00001: passed → denied']);
    expect(fleet.account.events[0]?.detail['diagnoses']).toMatchObject([
      { denial: { layer: 'bucket-policy', side: 'customer' }, remedy: { document: 'bucket-policy' } },
    ]);

    check.allow(1);
    await fleet.check({ prefix: fleet.keys[1] });
    expect(fleet.changes()).toEqual(['customer-00001: passed → denied', 'customer-00001: denied → passed']);
  });
});

test('the replacement of the function gives possible answers', async () => {
  const check = standInCheck(3);
  check.finds.set(1, 'denied').set(2, 'inconclusive');
  const Items = check.keys.map((Key) => ({ Key }));
  const { reports } = (await check.invoke({ Items }, false)) as { readonly reports: readonly unknown[] };
  expect(reports.map((report) => reportSchema.safeParse(report).success)).toEqual([true, true, true]);
});
