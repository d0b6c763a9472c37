import type { Patience } from './accounts.ts';
import { differences } from './compare.ts';
import type { Observed } from './observed.ts';

export interface Settling extends Patience {
  /** How long an answer has to hold that does not show that the world is in force, in milliseconds. */
  readonly settleMs: number;
}

interface Settled {
  readonly observed: Observed;
  readonly checks: number;
  /** False where the last answers before the deadline still changed. */
  readonly isStable: boolean;
}

const pausesMs = [500, 1_000, 2_000, 3_000, 5_000] as const;

/**
 * Checks a world again and again until what AWS answers can be taken for its answer to this world: the answer that is
 * expected, twice in a row, and none that the world before it has too; else, whatever holds until the deadline. Where the
 * world before has the same answer, or everything passes, an answer shows nothing about whether the changes are in force:
 * it then has to hold for a while.
 *
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency
 */
export async function settledAnswer(
  check: () => Promise<Observed>,
  expected: Observed,
  before: Observed | undefined,
  { settleMs, deadlineMs, pause, clock }: Settling,
): Promise<Settled> {
  const start = clock();
  const tells =
    expected.report.verdict !== 'passed' && before !== undefined && differences(before, expected).length > 0;
  let last: Observed | undefined;
  for (let nth = 0; ; nth++) {
    const observed = await check();
    const elapsed = clock() - start;
    const isStable = last !== undefined && differences(last, observed).length === 0;
    const isExpected = differences(observed, expected).length === 0;
    const enough = isExpected ? tells || elapsed >= settleMs : elapsed >= deadlineMs;
    if (isStable && enough) return { observed, checks: nth + 1, isStable };
    // A service that never answers the same twice ends too.
    if (elapsed >= 2 * deadlineMs && nth > 0) return { observed, checks: nth + 1, isStable };
    last = observed;
    await pause(Math.min(pausesMs[nth] ?? 5_000, deadlineMs / 4));
  }
}
