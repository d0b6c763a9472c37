import type { Clients } from '../../../lambda/customer_configuration_check/diagnosis/clients.ts';
import { findings } from '../../../lambda/customer_configuration_check/diagnosis/findings.ts';
import { gather, moreOfFull, mostRequests } from '../../../lambda/customer_configuration_check/diagnosis/gather.ts';
import { type AnyProbe, type Probe, probe } from '../../../lambda/customer_configuration_check/diagnosis/probe.ts';
import { probes } from '../../../lambda/customer_configuration_check/diagnosis/probes.ts';
import { checked } from './delivery-in-trouble.ts';

/** A probe that calls no service. The test determines what it sends and what comes back. */
function question(over: Partial<Probe<string, string, string>> = {}): AnyProbe {
  return probe<string, string, string>({
    id: 'question',
    asks: 'what it is',
    when: 'Always.',
    as: "the check's role",
    needs: 'iam:Ask',
    source: 'probe',
    round: 1,
    requests: 1,
    questions: () => ['what?'],
    send: async () => 'this',
    items: (_, reply) => (reply.ok ? [reply.answer] : []),
    rows: [
      {
        answer: 'This.',
        means: 'That.',
        fits: (answer) => answer === 'this',
        tells: () => findings({ facts: [{ source: 'probe', detail: 'It is this.' }] }),
      },
    ],
    ...over,
  });
}

class ServiceFault extends Error {
  constructor(name: string, message = 'words') {
    super(message);
    this.name = name;
  }
}

const input = checked({ 'copy-to-inbox': { message: 'Access Denied' } });
const around = { hasSource: true, cleansUp: true, isFunction: true, now: new Date('2026-11-21T12:00:00.000Z') };
const nobody = {} as Clients;

/** Findings other than the session policy, which is always compared with the delivery. */
async function told(asked: readonly AnyProbe[], budgetMs = 5_000): Promise<readonly string[]> {
  const { facts } = await gather(input, around, nobody, budgetMs, asked);
  return facts.filter(({ source }) => source === 'probe').map(({ detail }) => detail);
}

test('an answer is read by the matching row', async () => {
  expect(await told([question()])).toEqual(['It is this.']);
});

test.each([
  ['Throttling', 'Could not ask what it is: Throttling: words.'],
  ['AccessDenied', 'Could not ask what it is: AccessDenied: words. With iam:Ask this report could be more certain.'],
])('%s leaves it open, without effect', async (name, detail) => {
  const failing = question({ send: async () => Promise.reject(new ServiceFault(name)) });
  const { facts, refusals, allowed, answers } = await gather(input, around, nobody, 5_000, [failing]);
  const open = facts.filter(({ source }) => source === 'probe');
  expect(open).toEqual([{ source: 'probe', detail }]);
  expect([refusals, allowed, answers]).toEqual([[], [], []]);
});

test('an answer without a matching row leaves it open', async () => {
  expect(await told([question({ send: async () => 'something else' })])).toEqual([
    'The answer to this told nothing: what it is.',
  ]);
});

test('gives up on silent probes when the time is up, and reports the rest', async () => {
  const silent = question({ send: () => new Promise(() => {}) });
  expect(await told([silent, question()], 200)).toEqual([
    'Could not ask what it is: there was no answer in the time that was left.',
    'It is this.',
  ]);
});

test('without time nothing is sent', async () => {
  const send = vi.fn(async () => 'this');
  expect(await told([question({ send })], 0)).toEqual([
    'Could not ask what it is: there was no answer in the time that was left.',
  ]);
  expect(send).not.toHaveBeenCalled();
});

test("a round's questions are asked together, and the next round knows the answers", async () => {
  const order: string[] = [];
  const slow = (id: string) =>
    question({
      send: async () => {
        order.push(`${id} asked`);
        await new Promise((resolve) => setTimeout(resolve, 5));
        order.push(`${id} answered`);
        return 'this';
      },
    });
  const second = question({
    round: 2,
    questions: ({ known }) => known.facts.filter(({ detail }) => detail === 'It is this.').map(() => 'and?'),
    send: async () => {
      order.push('second');
      return 'this';
    },
  });
  await told([second, slow('a'), slow('b')]);
  expect(order.slice(0, 2)).toEqual(['a asked', 'b asked']);
  expect(order.slice(4)).toEqual(['second', 'second']);
});

test('the number of questions is limited, and the first ones take precedence', async () => {
  const send = vi.fn(async () => 'this');
  const many = question({ send, requests: 2, questions: () => Array.from({ length: 9 }, () => 'what?') });
  const details = await told([many]);
  expect(send).toHaveBeenCalledTimes(Math.floor(mostRequests / 2));
  expect(details.at(-1)).toBe('Could not ask what it is: the report had asked enough already.');
});

test('a full diagnosis may vary the delivery in addition to everything else', async () => {
  const send = vi.fn(async () => 'this');
  const many = question({ send, questions: () => Array.from({ length: 20 }, () => 'what?') });
  const delivery = { ...input.delivery, diagnosis: 'full' as const };
  await gather({ ...input, delivery }, around, nobody, 5_000, [many]);
  expect(send).toHaveBeenCalledTimes(mostRequests + moreOfFull);
});

test('the table: unique IDs, every answer in words, and no duplicate questions', () => {
  expect(new Set(probes.map(({ id }) => id)).size).toBe(probes.length);
  for (const { asks, needs, when, rows } of probes) {
    expect([asks, needs]).not.toContainEqual(expect.stringMatching(/\.$/));
    expect(when).toMatch(/\.$/);
    expect(new Set(rows.map(({ answer }) => answer)).size).toBe(rows.length);
    for (const { answer, means } of rows)
      expect([answer, means]).toEqual([expect.stringMatching(/\.$/), expect.stringMatching(/\.$/)]);
  }
});
