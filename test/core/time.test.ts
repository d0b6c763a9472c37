import fc from 'fast-check';
import { budgetMs, TimeoutError, within } from '../../core/time.ts';

describe('within', () => {
  test('returns the result of the work', async () => {
    await expect(within(1_000, async () => 'done')).resolves.toBe('done');
    await expect(within(1_000, async () => Promise.reject(new Error('its own')))).rejects.toThrow('its own');
  });

  test('signals the work to stop, and does not wait for it', async () => {
    let told: AbortSignal | undefined;
    const deaf = within(5, (signal) => {
      told = signal;
      return new Promise(() => {});
    });
    await expect(deaf).rejects.toThrow(new TimeoutError(5));
    expect(told?.aborted).toBe(true);
  });

  test('does not start work that there is no time for', async () => {
    const work = vi.fn();
    await expect(within(0, work)).rejects.toThrow('No time was left');
    expect(work).not.toHaveBeenCalled();
  });
});

describe('budgetMs', () => {
  const ms = fc.integer({ min: 0, max: 900_000 });
  const share = fc.integer({ min: 1, max: 5 });

  test('steps that use all of their time still leave time to answer', () => {
    fc.assert(
      fc.property(ms, fc.array(share, { minLength: 1, maxLength: 8 }), (total, shares) => {
        let remaining = total;
        shares.forEach((own, index) => {
          const later = shares.slice(index + 1).reduce((sum, weight) => sum + weight, 0);
          remaining -= Math.max(0, budgetMs(remaining, own, later));
        });
        expect(remaining).toBeGreaterThanOrEqual(Math.min(total, 500) - 1e-6);
      }),
    );
  });

  test('grows with the remaining time and the weight, up to the maximum for an answer', () => {
    expect(budgetMs(4_500, 1, 3)).toBe(1_000);
    expect(budgetMs(4_500, 2, 2)).toBe(2_000);
    expect(budgetMs(900_000, 1, 1)).toBe(10_000);
    expect(budgetMs(400, 1, 1)).toBeLessThanOrEqual(0);
  });
});
