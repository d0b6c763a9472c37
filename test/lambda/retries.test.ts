import { turnsEvery } from '../../lambda/customer_configuration_check/retries.ts';

const never = new AbortController().signal;

test('turns are at least the interval apart, in the order of requests', async () => {
  const turn = turnsEvery(20);
  const order: number[] = [];
  const begun = performance.now();
  await Promise.all([1, 2, 3].map((nth) => turn(never).then(() => order.push(nth))));
  expect(order).toEqual([1, 2, 3]);
  // Timers are precise to the millisecond.
  expect(performance.now() - begun).toBeGreaterThanOrEqual(38);
});

test('a caller whose signal is aborted does not wait', async () => {
  const turn = turnsEvery(60_000);
  await turn(never);
  const controller = new AbortController();
  const waiting = turn(controller.signal);
  controller.abort();
  await expect(waiting).rejects.toThrow('aborted');
});
