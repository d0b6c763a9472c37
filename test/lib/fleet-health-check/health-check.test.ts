import { text } from './fakes/expressions.ts';
import type { Fleet } from './fleet.ts';
import { finished, fleetOf, inconclusive, settledFleetOf, statuses } from './fleets.ts';
import { inboxOf } from './stand-in-check.ts';

/** Disturbs the first invocations: one is throttled, then one crashes. */
function troubled(fleet: Fleet): void {
  const trouble = ['throttle', 'crash'] as const;
  let next = 0;
  fleet.interfere = () => trouble[next++];
}

describe('220 customers, which are more than a page of the registry', () => {
  test('each end with one correct status, and each change is announced once, whatever happens', async () => {
    const { fleet, check } = settledFleetOf(220);
    const malformed = 77;
    const denied = [3, 4, 5, 120, 219];
    check.finds.set(malformed, 'inconclusive');
    for (const customer of denied) check.finds.set(customer, 'denied');
    troubled(fleet);

    expect(await fleet.check()).toMatchObject({ status: 'SUCCEEDED' });
    expect(statuses(fleet)).toEqual({ passed: 215, denied: 5 });
    expect(denied.map(fleet.status)).toEqual(denied.map(() => 'denied'));
    expect(fleet.changes().toSorted()).toEqual(
      denied.map((customer) => `customer-${String(customer).padStart(5, '0')}: passed → denied`),
    );
    expect(fleet.status(malformed)).toBe('passed');
    expect(new Set(fleet.keys.map((_, customer) => text(fleet.item(customer)['checkedAt']))).size).toBe(220);
    expect(fleet.account.messages).toEqual([]);
    expect(finished(fleet)).toBe(1);

    await fleet.check({ prefix: 'customers/customer-0000' });
    expect(fleet.changes()).toHaveLength(denied.length);
  });
});

describe('a registry without customers', () => {
  test('is a run that completes, with nothing to check', async () => {
    const { fleet } = fleetOf(0);
    expect(await fleet.check()).toMatchObject({ status: 'SUCCEEDED', children: [] });
    expect(fleet.invocations).toEqual([]);
    expect(fleet.account.messages).toEqual([]);
    expect(finished(fleet)).toBe(1);
  });

  test('under the requested prefix: likewise, and not counted as a run over everyone', async () => {
    const { fleet } = fleetOf(3);
    expect(await fleet.check({ prefix: 'customers/nobody' })).toMatchObject({ status: 'SUCCEEDED', children: [] });
    expect(fleet.invocations).toEqual([]);
    expect(finished(fleet)).toBe(0);
  });
});

describe('a change of status', () => {
  test('is announced with the result and what to change, after a second check a minute later', async () => {
    const { fleet, check } = settledFleetOf(3);
    check.finds.set(1, 'denied');
    const waits: number[] = [];
    await fleet.check({}, { onWait: (seconds) => waits.push(seconds) });

    expect(waits).toEqual([60]);
    expect(fleet.invocations.at(-1)).toEqual([fleet.keys[1]]);
    const [event] = fleet.account.events;
    expect(event).toMatchObject({
      source: 'secure-inbox.configuration-check',
      detailType: 'Customer Configuration Status Change',
      detail: {
        schemaVersion: 1,
        changeId: text(fleet.item(1)['changeId']),
        registryKey: fleet.keys[1],
        customer: 'customer-00001',
        status: 'denied',
        previousStatus: 'passed',
        summary: 'The bucket policy does not let secure-inbox-delivery do s3:PutObject.',
        diagnoses: [{ remedy: { instruction: 'Add this statement.' } }],
      },
    });
    expect(String(event?.detail['confirmedAt']) > String(event?.detail['firstSeenAt'])).toBe(true);
    expect(text(fleet.item(1)['statusSince'])).toBe(event?.detail['confirmedAt']);
  });

  test('for the better counts too', async () => {
    const { fleet, check } = settledFleetOf(2);
    check.finds.set(0, 'misconfigured');
    await fleet.check();
    check.finds.delete(0);
    await fleet.check();
    expect(fleet.changes()).toEqual([
      'customer-00000: passed → misconfigured',
      'customer-00000: misconfigured → passed',
    ]);
    expect(fleet.account.events.at(-1)?.detail).toMatchObject({
      summary: 'Configuration check of customer-00000: passed',
      diagnoses: [],
    });
  });

  test('that the second check does not find does not count', async () => {
    const { fleet, check } = settledFleetOf(3);
    check.finds.set(1, 'denied');
    await fleet.check({}, { onWait: () => check.finds.set(1, 'passed') });
    expect(fleet.status(1)).toBe('passed');
    expect(fleet.changes()).toEqual([]);
  });

  test('that the second check cannot confirm does not count, and that check counts as inconclusive', async () => {
    const { fleet, check } = settledFleetOf(3);
    check.finds.set(1, 'denied');
    await fleet.check({}, { onWait: () => check.finds.set(1, 'inconclusive') });
    expect(fleet.status(1)).toBe('passed');
    expect(text(fleet.item(1)['inconclusiveInARow'])).toBe('1');
    expect(fleet.changes()).toEqual([]);
  });

  test('that two executions see at the same time is announced by one of them', async () => {
    const { fleet, check } = settledFleetOf(3);
    check.finds.set(1, 'denied');
    const bothWait = meeting(2);
    const runs = await Promise.all([fleet.check({}, { onWait: bothWait }), fleet.check({}, { onWait: bothWait })]);
    expect(runs.map(({ status }) => status)).toEqual(['SUCCEEDED', 'SUCCEEDED']);
    expect(fleet.status(1)).toBe('denied');
    expect(fleet.changes()).toEqual(['customer-00001: passed → denied']);
  });

  test('that is older than what another execution has found since is dropped', async () => {
    const { fleet, check } = settledFleetOf(3);
    check.finds.set(1, 'denied');
    await fleet.check(
      {},
      {
        onWait: async () => {
          const before = check.now;
          check.finds.set(1, 'passed');
          check.now += 100;
          await fleet.check();
          // The confirmation started before that, and its answer only arrives now.
          check.finds.set(1, 'denied');
          check.now = before;
        },
      },
    );
    expect(fleet.status(1)).toBe('passed');
    expect(fleet.changes()).toEqual([]);
  });
});

describe('a new customer', () => {
  test('who passes is not announced, and can be found by key and bucket', async () => {
    const { fleet } = fleetOf(2);
    await fleet.check();
    expect(fleet.changes()).toEqual([]);
    const { bucket, kmsKeyArn } = inboxOf(1);
    expect(fleet.item(1)).toMatchObject({
      status: { S: 'passed' },
      previousStatus: { S: 'new' },
      inboxBucket: { S: bucket },
      inboxKeyArn: { S: kmsKeyArn },
    });
  });

  test('who is denied is announced', async () => {
    const { fleet, check } = fleetOf(2);
    check.finds.set(1, 'denied');
    await fleet.check();
    expect(fleet.changes()).toEqual(['customer-00001: new → denied']);
  });
});

describe('an inconclusive check', () => {
  test('changes no status, and the third in a row is announced and counted once', async () => {
    const { fleet, check } = settledFleetOf(3);
    check.finds.set(2, 'inconclusive');
    for (let hour = 0; hour < 5; hour++) {
      await fleet.check();
      expect(inconclusive(fleet)).toHaveLength(hour < 2 ? 0 : 1);
    }
    expect(fleet.status(2)).toBe('passed');
    expect(fleet.changes()).toEqual([]);
    expect(inconclusive(fleet)[0]?.detail).toMatchObject({
      registryKey: fleet.keys[2],
      customer: 'customer-00002',
      inARow: 3,
      steps: [{ step: 'assume-delivery-role', status: 'skipped', reason: 'Why.' }, {}, {}, {}, {}],
    });
    expect(fleet.account.metrics).toContain('SecureInbox/ConfigurationCheck/InconclusiveInARow');
  });

  test('after a conclusive one starts a new series', async () => {
    const { fleet, check } = settledFleetOf(1);
    for (const found of ['inconclusive', 'inconclusive', 'passed', 'inconclusive', 'inconclusive'] as const) {
      check.finds.set(0, found);
      await fleet.check();
    }
    expect(inconclusive(fleet)).toEqual([]);
    await fleet.check();
    expect(inconclusive(fleet)).toHaveLength(1);
  });
});

/** @returns a function that resolves for everyone once all participants have called it */
function meeting(participants: number): () => Promise<void> {
  let begin = () => {};
  const everybodyIsThere = new Promise<void>((resolve) => {
    begin = resolve;
  });
  return () => {
    if (--participants === 0) begin();
    return everybodyIsThere;
  };
}
