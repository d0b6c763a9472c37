import { setTimeout as delay } from 'node:timers/promises';
import { TimeoutError, within } from '../../../core/time.ts';
import { isTransient } from '../errors.ts';

/** Pauses between two looks, in milliseconds. The last one repeats. */
const growing: readonly number[] = [1_000, 2_000, 4_000, 8_000, 15_000];

/**
 * Looks until the result is sufficient or the time is up.
 *
 * @returns the last result
 * @throws AWS's denials at once; transient errors and TimeoutError only if no look ever succeeded
 */
export async function lookRepeatedly<Seen>(
  look: (signal: AbortSignal) => Promise<Seen>,
  isEnough: (seen: Seen) => boolean,
  patienceMs: number,
  pausesMs: readonly number[] = growing,
): Promise<Seen> {
  const end = performance.now() + patienceMs;
  const left = () => end - performance.now();
  let last: { readonly seen: Seen } | undefined;
  let failure: unknown;
  for (let nth = 0; nth === 0 || left() > 0; nth++) {
    try {
      last = { seen: await within(left(), look) };
      if (isEnough(last.seen)) return last.seen;
    } catch (error) {
      if (!isTransient(error)) throw error;
      // AWS's last answer says more than a timeout.
      if (!(error instanceof TimeoutError && failure)) failure = error;
    }
    const pauseMs = pausesMs[nth] ?? pausesMs.at(-1) ?? 0;
    await delay(Math.max(0, Math.min(pauseMs, left())));
  }
  if (last) return last.seen;
  throw failure;
}
