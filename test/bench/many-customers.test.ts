import { openAccounts, passedReports } from '../../bench/accounts.ts';
import { withCustomers } from '../../bench/many-customers.ts';
import { noProgress } from '../../cli/progress.ts';
import type { World } from '../../model/world/world.ts';
import { assembly } from '../../sandbox/assembly.ts';
import { defaultScenario } from '../../sandbox/scenario-files.ts';

describe('withCustomers', () => {
  let world: World;
  beforeAll(async () => {
    world = (await defaultScenario(await assembly())).world;
  });

  it('gives each customer an account, a bucket, a key and an event of its own', () => {
    const crowd = withCustomers(world, 3);
    for (const { inbox } of crowd.events) {
      expect(crowd.world.accounts.get(inbox.accountId)?.id).toBe(inbox.accountId);
      expect(crowd.world.buckets.get(inbox.bucket)).toMatchObject({ name: inbox.bucket, accountId: inbox.accountId });
      expect(crowd.world.keys.get(inbox.kmsKeyArn)).toMatchObject({ arn: inbox.kmsKeyArn, accountId: inbox.accountId });
    }
    for (const values of [
      crowd.events.map(({ customer }) => customer),
      crowd.events.map(({ inbox }) => inbox.bucket),
      crowd.events.map(({ inbox }) => inbox.kmsKeyArn),
    ]) {
      expect(new Set(values).size).toBe(3);
    }
  });

  it("names no other customer in a copy's policies", () => {
    const { world: many, events } = withCustomers(world, 1);
    const [{ inbox } = { inbox: world.defaultEvent.inbox }] = events;
    const policies = [many.buckets.get(inbox.bucket)?.policy, many.keys.get(inbox.kmsKeyArn)?.policy];
    expect(JSON.stringify(policies)).toContain(inbox.accountId);
    expect(JSON.stringify(policies)).not.toContain(world.customerAccountId);
  });

  it('does not change the original world', () => {
    const before = [world.accounts.size, world.buckets.size, world.keys.size];
    withCustomers(world, 3);
    expect([world.accounts.size, world.buckets.size, world.keys.size]).toEqual(before);
  });
});

it('the inboxes of all customers work, each in a session of its own', async () => {
  const { sandbox, events, startFunction } = await openAccounts(noProgress, 3);
  const running = startFunction();
  try {
    const { answer, requestMs } = await running.invoke({ customers: events });
    const reports = passedReports(answer);
    expect(reports.map(({ customer }) => customer)).toEqual(events.map(({ customer }) => customer));
    expect(sandbox.calls.filter(({ operation }) => operation === 'AssumeRole')).toHaveLength(3);
    expect(requestMs).toHaveLength(sandbox.calls.length);
  } finally {
    await running.stop();
    await sandbox.stop();
  }
});

it('refuses to measure with a report that did not pass', () => {
  const denied = {
    customer: 'acme',
    verdict: 'denied',
    deniedStep: 'put-internal',
    steps: [{ step: 'put-internal', status: 'denied', error: { message: 'Access Denied' } }],
  };
  expect(() => passedReports({ reports: [denied] })).toThrow('acme: denied at put-internal: Access Denied');
});
