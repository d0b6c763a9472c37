import { setTimeout as delay } from 'node:timers/promises';
import type { S3ClientConfig } from '@aws-sdk/client-s3';
import { isTransient } from './errors.ts';

type RetryStrategy = Extract<NonNullable<S3ClientConfig['retryStrategy']>, { acquireInitialRetryToken: unknown }>;
type RetryToken = Awaited<ReturnType<RetryStrategy['acquireInitialRetryToken']>>;

export const maxAttempts = 3;
const firstDelayMs = 50;
const throttlingDelayMs = 300;

/**
 * Two more attempts for transient errors. The SDK's own strategy also considers the HTTP status, and would retry a
 * denial that CopyObject reports inside a 200 answer, which the SDK turns into a 503.
 *
 * @param random from 0 up to 1; spreads the delays, so that customers of one batch don't retry at the same time
 */
export function boundedRetries(random: () => number = Math.random, attempts = maxAttempts): RetryStrategy {
  return {
    acquireInitialRetryToken: async () => token(0, 0),
    refreshRetryTokenForRetry: async (last, { error, errorType }) => {
      const count = last.getRetryCount() + 1;
      if (count >= attempts || !isTransient(error)) throw error;
      const base = errorType === 'THROTTLING' ? throttlingDelayMs : firstDelayMs;
      return token(count, Math.ceil(base * 2 ** (count - 1) * (0.5 + random() / 2)));
    },
    recordSuccess: () => {},
  };
}

function token(count: number, delayMs: number): RetryToken {
  return { getRetryCount: () => count, getRetryDelay: () => delayMs };
}

/** Waits for its turn; rejects as soon as the signal is aborted. */
export type Turn = (signal: AbortSignal) => Promise<void>;

/** Spaces out requests to a rate-limited service: no two are closer than the interval. */
export function turnsEvery(intervalMs: number): Turn {
  let next = 0;
  return async (signal) => {
    const now = performance.now();
    const mine = Math.max(now, next);
    next = mine + intervalMs;
    if (mine > now) await delay(mine - now, undefined, { signal });
  };
}
