import { setTimeout as delay } from 'node:timers/promises';

/** Waits for its turn; rejects as soon as the signal is aborted. */
export type Turn = (signal: AbortSignal) => Promise<void>;

/** Turns for requests of which a service takes only so many a second: no two come closer than the interval. */
export function turnsEvery(intervalMs: number): Turn {
  let next = 0;
  return async (signal) => {
    const now = performance.now();
    const mine = Math.max(now, next);
    next = mine + intervalMs;
    if (mine > now) await delay(mine - now, undefined, { signal });
  };
}
