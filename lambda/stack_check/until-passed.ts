import type { CheckOutcome } from './result.ts';

interface Patience {
  readonly patienceMs: number;
  /** Time until the answer must be sent. */
  readonly remainingMs: () => number;
  readonly now: () => Date;
  readonly pause: (milliseconds: number) => Promise<unknown>;
}

/** A check takes a second or two. A denied one with many questions rarely takes longer than this. */
const oneCheckMs = 20_000;
const pausesMs: readonly number[] = [3_000, 6_000, 12_000, 24_000];

/**
 * Repeats the check with increasing pauses until the delivery works or the time is up, because the policies were just
 * written and may not be in effect everywhere.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency
 *
 * @returns the last report with information about the customer's configuration; if there is none, the last outcome
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
