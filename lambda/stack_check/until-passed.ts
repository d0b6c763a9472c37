import type { CheckOutcome } from './result.ts';

interface Patience {
  readonly patienceMs: number;
  /** Until the answer has to be on its way. */
  readonly remainingMs: () => number;
  readonly now: () => Date;
  readonly pause: (milliseconds: number) => Promise<unknown>;
}

/** A check takes a second or two, and a denied one that asks many questions rarely more than this. */
const oneCheckMs = 20_000;
const pausesMs: readonly number[] = [3_000, 6_000, 12_000, 24_000];

/**
 * Checks again, after ever longer pauses, until the delivery works or the time is up: the policies were written a moment
 * ago and need not be in force everywhere.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency
 *
 * @returns the last report that says something about the customer's configuration; without one, the last outcome
 */
export async function untilPassed(
  check: () => Promise<CheckOutcome>,
  { patienceMs, remainingMs, now, pause }: Patience,
): Promise<CheckOutcome> {
  const end = now().getTime() + patienceMs;
  let conclusive: CheckOutcome | undefined;
  for (let nth = 0; ; nth++) {
    const checked = await check();
    if (checked.kind === 'report' && checked.report.verdict === 'passed') return checked;
    if (checked.kind === 'report' && checked.report.verdict !== 'inconclusive') conclusive = checked;
    const pauseMs = pausesMs[nth] ?? pausesMs.at(-1) ?? 0;
    const isLate = now().getTime() + pauseMs > end || remainingMs() < pauseMs + oneCheckMs;
    if (isLate) return conclusive ?? checked;
    await pause(pauseMs);
  }
}
