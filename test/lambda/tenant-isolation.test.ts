import fc from 'fast-check';
import { type Crowd, withCustomers } from '../../bench/many-customers.ts';
import { placeInWorld } from '../../cli/run/function-settings.ts';
import type { TestEvent } from '../../core/event.ts';
import type { Report } from '../../core/report.ts';
import type { PolicyDocument, World } from '../../model/world/world.ts';
import { assembly } from '../../sandbox/assembly.ts';
import { startFunction } from '../../sandbox/lambda-runtime.ts';
import { defaultScenario } from '../../sandbox/scenario-files.ts';
import { startSandbox } from '../../sandbox/start.ts';

const customers = 24;

/** Nothing on the customers' side could prevent a delivery. */
const open: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }],
};

function unguarded(world: World): World {
  return {
    ...world,
    buckets: new Map(
      [...world.buckets].map(([name, bucket]) => {
        const { publicAccessBlock: _, ...rest } = bucket;
        return [name, name === world.internalBucket ? bucket : { ...rest, policy: open }];
      }),
    ),
    keys: new Map([...world.keys].map(([arn, key]) => [arn, { ...key, policy: open }])),
  };
}

interface Mixed {
  readonly customer: readonly number[];
  readonly account: readonly number[];
  readonly bucket: readonly number[];
  readonly key: readonly number[];
  readonly diagnosis: readonly TestEvent['diagnosis'][];
}

const order = Array.from({ length: customers }, (_, at) => at);
const permutation = fc.shuffledSubarray(order, { minLength: customers, maxLength: customers });
const mixed: fc.Arbitrary<Mixed> = fc.record({
  customer: permutation,
  // Independent permutations almost never agree; here, about half of the accounts own the bucket.
  account: permutation.map((others) => order.map((at) => (at % 2 === 0 ? at : (others[at] ?? at)))),
  bucket: fc.constant(order),
  key: permutation,
  diagnosis: fc.array(fc.constantFrom('none', 'service-account', 'full'), {
    minLength: customers,
    maxLength: customers,
  }),
});

/** One customer's account with another's bucket and a third one's key. */
function mixedUp({ events }: Crowd, { customer, account, bucket, key, diagnosis }: Mixed): readonly TestEvent[] {
  const of = (permuted: readonly number[], at: number): TestEvent => {
    const event = events[permuted[at] ?? -1];
    if (!event) throw new Error(`There are no ${at + 1} customers.`);
    return event;
  };
  return order.map((at) => ({
    customer: of(customer, at).customer,
    inbox: {
      ...of(bucket, at).inbox,
      accountId: of(account, at).inbox.accountId,
      kmsKeyArn: of(key, at).inbox.kmsKeyArn,
    },
    diagnosis: diagnosis[at],
  }));
}

test('whatever the events of a batch mix up, the check writes only to the account that an event names', async () => {
  const synthesized = await assembly();
  const { world } = await defaultScenario(synthesized);
  await fc.assert(
    fc.asyncProperty(mixed, async (mix) => {
      const crowd = withCustomers(unguarded(world), customers);
      const events = mixedUp(crowd, mix);
      const sandbox = await startSandbox({ world: crowd.world });
      const running = startFunction({
        bundleDir: synthesized.bundleDir,
        timeoutMs: 60_000,
        ...placeInWorld(crowd.world, sandbox.url),
      });
      try {
        const { reports } = (await running.invoke({ customers: events })) as { readonly reports: readonly Report[] };
        const owned = events.filter(
          ({ inbox }) => crowd.world.buckets.get(inbox.bucket)?.accountId === inbox.accountId,
        );
        const written = [...crowd.world.buckets.values()].filter(
          ({ name, objects }) => name !== crowd.world.internalBucket && objects.size > 0,
        );
        // Only the expected owner prevents a write, so every other inbox is written to.
        expect(written.map(({ name }) => name).sort()).toEqual(owned.map(({ inbox }) => inbox.bucket).sort());
        expect(owned.length).toBeGreaterThan(0);
        expect(owned.length).toBeLessThan(customers);
        expect(reports.map(({ customer, verdict }) => [customer, verdict === 'passed'])).toEqual(
          events.map((event) => [event.customer, owned.includes(event)]),
        );
      } finally {
        await running.stop();
        await sandbox.stop();
      }
    }),
    // Each mix has as many cases as there are customers.
    { numRuns: 1 },
  );
});
