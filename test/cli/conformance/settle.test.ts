import type { Observed } from '../../../cli/conformance/observed-check.ts';
import { settledAnswer } from '../../../cli/conformance/run-worlds.ts';

const said = (verdict: 'passed' | 'denied', status = 200): Observed => ({
  answers: [{ request: 's3 CopyObject', status }],
  report: { verdict, steps: [], diagnoses: [] },
});
const [passed, denied] = [said('passed'), said('denied', 403)];

/** Gives the answers in turn, and repeats the last one. A check takes no time, and pauses end immediately. */
async function after(answers: readonly Observed[], expected: Observed, before?: Observed) {
  let time = 0;
  let nth = 0;
  const clock = () => time;
  const pause = async (milliseconds: number) => {
    time += milliseconds;
  };
  const check = async () => answers[Math.min(nth++, answers.length - 1)] ?? passed;
  const found = await settledAnswer(check, expected, before, { settleMs: 20_000, deadlineMs: 120_000, clock, pause });
  return { ...found, seconds: time / 1_000 };
}

it('accepts the expected answer after two times if the previous world has another one', async () => {
  expect(await after([denied], denied, passed)).toMatchObject({ observed: denied, checks: 2 });
});

it("waits until the previous world's answer is gone", async () => {
  expect(await after([passed, passed, passed, denied], denied, passed)).toMatchObject({ observed: denied, checks: 5 });
});

it.each([
  ['the world before has the same answer', denied, denied],
  ['everything passes', passed, denied],
  ['it is the first', denied, undefined],
])('waits for a while if %s', async (_, expected, before) => {
  const { observed, seconds } = await after([expected], expected, before);
  expect(observed).toEqual(expected);
  expect(seconds).toBeGreaterThanOrEqual(20);
  expect(seconds).toBeLessThan(30);
});

it('accepts an unexpected answer only at the deadline', async () => {
  const { observed, seconds, isStable } = await after([passed], denied, passed);
  expect({ observed, isStable }).toEqual({ observed: passed, isStable: true });
  expect(seconds).toBeGreaterThanOrEqual(120);
  expect(seconds).toBeLessThan(130);
});

it('reports that the answer never settles', async () => {
  const flickering = Array.from({ length: 200 }, (_, nth) => said('denied', nth));
  const { isStable, seconds } = await after(flickering, denied, passed);
  expect(isStable).toBe(false);
  expect(seconds).toBeLessThan(260);
});
