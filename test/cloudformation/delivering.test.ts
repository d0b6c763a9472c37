import type { Job, JobOutcome } from '../../cli/run/job.ts';
import { inSandbox } from '../../cli/run/served-worlds.ts';
import { faultsOf } from '../../model/analysis/faults.ts';
import { assembly } from '../../sandbox/assembly.ts';
import { type Added, deployment, type Parameters, withFurtherSender } from '../least-privilege/worlds.ts';
import { existingBucket, existingKeyArn, furtherRoleArn, senderKeyArn } from './deployed.ts';

/** Every way to deploy the template that makes a difference to a delivery. */
const ways = crossed([
  [
    ['new bucket', {}],
    ['existing bucket', existingBucket],
  ],
  [
    ['new key', {}],
    ['existing key', { ExistingKeyArn: existingKeyArn }],
  ],
  [
    ['whole bucket', { Prefix: '' }],
    ['prefix', { Prefix: 'reports/2026/' }],
  ],
  [
    ["customer's key everywhere", {}],
    ["sender's key", { SenderKeyArn: senderKeyArn }],
  ],
  [
    ['one sender', {}],
    ['two senders', { MoreDeliveryRoleArns: furtherRoleArn }],
  ],
  [
    ['in one copy', {}],
    ['in parts', { MultipartDeliveries: 'yes' }],
  ],
]);

type Choice = readonly [name: string, parameters: Parameters];

function crossed(options: readonly (readonly Choice[])[]): readonly Choice[] {
  return options.reduce<readonly Choice[]>(
    (all, choices) =>
      all.flatMap(([name, parameters]) =>
        choices.map(
          ([more, others]): Choice => [name === '' ? more : `${name}, ${more}`, { ...parameters, ...others }],
        ),
      ),
    [['', {}]],
  );
}

async function delivery(parameters: Parameters, added: Added, sender: 'first' | 'second' = 'first') {
  const { world, event } = await deployment(parameters, added);
  return sender === 'first'
    ? { world, event }
    : { world: withFurtherSender(world), event: { ...event, deliveryRoleArn: furtherRoleArn } };
}

async function faults(parameters: Parameters, added: Added, sender: 'first' | 'second' = 'first') {
  const { world, event } = await delivery(parameters, added, sender);
  return faultsOf(world, event).map(({ layer, side }) => `${layer} of the ${side}`);
}

describe('a delivery, with', () => {
  it.each(ways)('%s, works once what the stack prints is added', async (_, parameters) => {
    expect(await faults(parameters, 'needed')).toEqual([]);
    expect(await faults(parameters, 'all')).toEqual([]);
  });

  it.each(ways)('%s, is denied only by what is not added yet', async (_, parameters) => {
    const missing = [
      ...('BucketOrigin' in parameters ? ['bucket-policy of the customer'] : []),
      ...('ExistingKeyArn' in parameters ? ['key-policy of the customer'] : []),
    ];
    expect([...new Set(await faults(parameters, 'none'))].sort()).toEqual(missing);
  });

  it.each(ways)('%s, is open to a second sender exactly where there is one', async (_, parameters) => {
    const refused = (await faults(parameters, 'all', 'second')).length > 0;
    expect(refused).toBe(!('MoreDeliveryRoleArns' in parameters));
  });
});

describe('the whole check, with the deployed bundle,', () => {
  const all = { ...existingBucket, ExistingKeyArn: existingKeyArn, MoreDeliveryRoleArns: furtherRoleArn };
  const runs: readonly (readonly [string, Parameters, Added, 'first' | 'second', string])[] = [
    ['passes with a new bucket and key', {}, 'all', 'first', 'passed'],
    ['passes for a second sender', { MoreDeliveryRoleArns: furtherRoleArn, Prefix: '' }, 'all', 'second', 'passed'],
    ["passes with the sender's key", { SenderKeyArn: senderKeyArn }, 'all', 'first', 'passed'],
    ['passes with an existing bucket and key', all, 'needed', 'second', 'passed'],
    ['passes with an existing bucket that also refuses the rest', all, 'all', 'first', 'passed'],
    ['is denied with an existing bucket and key that nothing was added to', all, 'none', 'first', 'denied'],
    ['is denied to a sender who is not named', {}, 'all', 'second', 'denied'],
  ];
  const verdicts: (string | undefined)[] = [];

  beforeAll(async () => {
    const { bundleDir } = await assembly();
    const jobs = await Promise.all(
      runs.map(async ([title, parameters, added, sender]): Promise<Job> => {
        const { world, event } = await delivery(parameters, added, sender);
        const scenario = {
          name: title,
          why: 'a test',
          world,
          event,
          expect: { verdict: 'passed', denials: [] },
          unknown: [],
        } as const;
        return { title, event, scenario };
      }),
    );
    const done = (at: number, { answer }: JobOutcome) => {
      verdicts[at] = answer.kind === 'reports' ? answer.reports[0]?.verdict : answer.message;
    };
    await inSandbox({ bundleDir })(jobs, done);
  });

  it.each(runs.map((run, at) => [run[0], run[4], at] as const))('%s', (_, verdict, at) => {
    expect(verdicts[at]).toBe(verdict);
  });
});
