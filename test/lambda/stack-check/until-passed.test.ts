import type { CheckOutcome } from '../../../lambda/stack_check/result.ts';
import { untilPassed } from '../../../lambda/stack_check/until-passed.ts';
import { checkedAs } from './checked.ts';

const passed = checkedAs('passed');
const denied = checkedAs('denied');
const inconclusive = checkedAs('inconclusive');
const crashed: CheckOutcome = { kind: 'failed', why: 'out of memory' };

/** Returns the outcomes in turn and repeats the last one. Time only passes in pauses and during checks. */
async function run(outcomes: readonly CheckOutcome[], { patienceMs = 60_000, totalMs = 600_000, checkMs = 0 } = {}) {
  let elapsed = 0;
  let checks = 0;
  const pauses: number[] = [];
  const result = await untilPassed(
    async () => {
      const outcome = outcomes[Math.min(checks, outcomes.length - 1)] ?? crashed;
      checks += 1;
      elapsed += checkMs;
      return outcome;
    },
    {
      patienceMs,
      remainingMs: () => totalMs - elapsed,
      now: () => new Date(elapsed),
      pause: async (milliseconds) => {
        pauses.push(milliseconds);
        elapsed += milliseconds;
      },
    },
  );
  return { result, checks, pauses };
}

it('ends immediately if the delivery works', async () => {
  expect(await run([passed])).toEqual({ result: passed, checks: 1, pauses: [] });
});

it('waits increasingly longer for a policy that is not in effect everywhere yet', async () => {
  expect(await run([denied, denied, inconclusive, passed])).toEqual({
    result: passed,
    checks: 4,
    pauses: [3_000, 6_000, 12_000],
  });
});

it('gives up when its patience is over', async () => {
  const { result, pauses } = await run([denied], { patienceMs: 45_000 });
  expect(result).toBe(denied);
  expect(pauses).toEqual([3_000, 6_000, 12_000, 24_000]);
});

it.each<[string, readonly CheckOutcome[], CheckOutcome]>([
  ['a denial before a check that could not be completed', [denied, inconclusive], denied],
  ['a denial before a crash', [denied, crashed], denied],
  ['the later of two', [denied, checkedAs('misconfigured')], checkedAs('misconfigured')],
  ['what there is, without one', [crashed, inconclusive], inconclusive],
  ['a crash, without anything else', [crashed], crashed],
])('returns the last result that says something: %s', async (_, outcomes, expected) => {
  expect((await run(outcomes, { patienceMs: 5_000 })).result).toEqual(expected);
});

it('stops while there is still time for the answer', async () => {
  const { checks, pauses } = await run([denied], { patienceMs: 600_000, totalMs: 60_000, checkMs: 10_000 });
  expect(checks).toBe(3);
  expect(pauses).toEqual([3_000, 6_000]);
});

it('checks once without patience', async () => {
  expect((await run([denied], { patienceMs: 0 })).checks).toBe(1);
});
