import { finished, fleetOf, settledFleetOf, statuses } from './fleets.ts';

describe('if something fails', () => {
  test('an update whose answer is lost is still announced, once', async () => {
    const { fleet, check } = settledFleetOf(1);
    check.finds.set(0, 'denied');
    const lost = { error: 'InternalServerError', after: true } as const;
    await fleet.check({}, { onWait: () => fleet.account.failures.set('UpdateItem', [lost]) });
    expect(fleet.changes()).toEqual(['customer-00000: passed → denied']);
  });

  test('throttled calls are retried', async () => {
    const { fleet, check } = fleetOf(1);
    check.finds.set(0, 'denied');
    fleet.account.failures.set('UpdateItem', [{ error: 'ProvisionedThroughputExceededException' }]);
    fleet.account.failures.set('PutEvents', [{ error: 'ThrottlingException' }]);
    expect(await fleet.check()).toMatchObject({ status: 'SUCCEEDED' });
    expect(fleet.changes()).toEqual(['customer-00000: new → denied']);
  });

  test('customers of a batch that Lambda rejects are in the dead-letter queue', async () => {
    const { fleet } = fleetOf(110);
    const batch = fleet.keys.slice(20, 30);
    fleet.interfere = (keys) => (keys.includes(fleet.keys[25] ?? '') ? 'throttle' : undefined);
    const run = await fleet.check();

    expect(fleet.account.messages).toEqual([
      {
        schemaVersion: 1,
        kind: 'not-checked',
        meaning: 'These customers were not checked.',
        keys: batch,
        error: { Error: 'Lambda.TooManyRequestsException', Cause: 'Rate Exceeded.' },
        execution: expect.stringContaining('execution:HealthCheck:run-1'),
      },
    ]);
    expect(statuses(fleet)).toEqual({ passed: 100 });
    // 9 % of the customers failed, and 10 % are tolerated.
    expect(run).toMatchObject({ status: 'SUCCEEDED' });
    expect(run.children.filter(({ status }) => status === 'FAILED')).toHaveLength(1);
    expect(finished(fleet)).toBe(1);
  });

  test('a run with too many failures stops, fails, and does not count as finished', async () => {
    const { fleet } = fleetOf(110);
    fleet.interfere = () => 'throttle';
    const run = await fleet.check();
    expect(run).toMatchObject({ status: 'FAILED', error: expect.stringContaining('ExceedToleratedFailureThreshold') });
    expect(run.children.length).toBeLessThan(11);
    expect(finished(fleet)).toBe(0);
  });

  test.each([110, 15])('of %d customers, one whose check crashes the function affects no others', async (customers) => {
    const { fleet } = fleetOf(customers);
    const [culprit = ''] = fleet.keys.slice(2);
    fleet.interfere = (keys) => (keys.includes(culprit) ? 'crash' : undefined);
    const run = await fleet.check();
    expect(run).toMatchObject({ status: 'SUCCEEDED' });
    expect(statuses(fleet)).toEqual({ passed: customers - 1 });
    expect(fleet.account.messages).toMatchObject([{ kind: 'not-checked', keys: [culprit] }]);
    expect(finished(fleet)).toBe(1);
    const outcome = run.children.find(({ input }) => JSON.stringify(input).includes(culprit))?.output;
    const verdicts = Array.from({ length: 10 }, (_, index) => (index === 2 ? 'not-checked' : 'passed'));
    expect(outcome).toMatchObject({ verdicts });
  });

  test('a run fails if no customer could be checked, even one by one', async () => {
    const { fleet } = fleetOf(15);
    fleet.interfere = () => 'crash';
    expect(await fleet.check()).toMatchObject({ status: 'FAILED' });
    expect(finished(fleet)).toBe(0);
  });

  test('reports that are too large together are handled one at a time', async () => {
    const { fleet, check } = fleetOf(10);
    // Five steps of a report contain it.
    check.padding = 10_000;
    expect(await fleet.check()).toMatchObject({ status: 'SUCCEEDED' });
    expect(fleet.invocations.map(({ length }) => length)).toEqual([10, ...fleet.keys.map(() => 1)]);
    expect(statuses(fleet)).toEqual({ passed: 10 });
    expect(fleet.account.messages).toEqual([]);
  });

  test('a result that cannot be recorded is in the dead-letter queue', async () => {
    const { fleet } = fleetOf(1);
    const refused = Array.from({ length: 7 }, () => ({ error: 'ProvisionedThroughputExceededException' }));
    fleet.account.failures.set('UpdateItem', refused);
    expect(await fleet.check()).toMatchObject({ status: 'FAILED' });
    expect(fleet.account.messages).toMatchObject([
      {
        kind: 'not-recorded',
        keys: fleet.keys,
        found: 'passed',
        error: { Error: 'DynamoDB.ProvisionedThroughputExceededException' },
      },
    ]);
  });

  test('a change that cannot be announced is in the dead-letter queue, event and all', async () => {
    const { fleet, check } = settledFleetOf(1);
    check.finds.set(0, 'denied');
    const refused = Array.from({ length: 7 }, () => ({ error: 'ThrottlingException' }));
    fleet.account.failures.set('PutEvents', refused);
    await fleet.check();
    expect(fleet.changes()).toEqual([]);
    expect(fleet.account.messages).toMatchObject([
      {
        kind: 'not-announced',
        keys: fleet.keys,
        detailType: 'Customer Configuration Status Change',
        detail: { customer: 'customer-00000', status: 'denied', previousStatus: 'passed' },
      },
    ]);
  });
});

describe('an input', () => {
  test('with a key checks one customer now, which is not a scheduled run', async () => {
    const { fleet, check } = settledFleetOf(30);
    check.finds.set(7, 'denied');
    expect(await fleet.check({ prefix: fleet.keys[7] })).toMatchObject({ status: 'SUCCEEDED' });
    expect(fleet.invocations).toEqual([[fleet.keys[7]], [fleet.keys[7]]]);
    expect(fleet.changes()).toEqual(['customer-00007: passed → denied']);
    expect(finished(fleet)).toBe(0);
  });

  test('to forget a customer deletes the status of that one', async () => {
    const { fleet } = settledFleetOf(3);
    expect(await fleet.check({ forget: fleet.keys[1] })).toMatchObject({ status: 'SUCCEEDED' });
    expect([...fleet.account.items.keys()]).toEqual([fleet.keys[0], fleet.keys[2]]);
    expect(fleet.invocations).toEqual([]);
  });
});
