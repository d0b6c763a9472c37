import { setTimeout as delay } from 'node:timers/promises';
import { inWords } from '../input/duration.ts';
import type { Progress } from '../progress.ts';
import type { JobOutcome, Runner } from './job.ts';

export interface UntilToldOptions {
  /** The total for all jobs. */
  readonly waitMs: number;
  readonly progress: Progress;
  readonly pause?: (milliseconds: number) => Promise<unknown>;
  readonly clock?: () => number;
}

/** A run looks as long as the function has time. If that is short, events need a while to arrive. */
const pausesMs: readonly number[] = [5_000, 10_000, 20_000, 40_000, 60_000];

/**
 * Repeats jobs until CloudTrail has shown the denial or the time is up. Each run only looks for its own events, so the
 * more time the function has, the fewer runs are needed.
 */
export function untilTold(runner: Runner, waiting: UntilToldOptions): Runner {
  const { waitMs, progress, pause = delay, clock = () => performance.now() } = waiting;
  return async (jobs, done, begun) => {
    const end = clock() + waitMs;
    const ticking = ticker(progress, clock, end - waitMs, waitMs);
    progress.stage(`Looking into CloudTrail too, which lags by minutes: for up to ${inWords(waitMs)}.`);
    try {
      let open = jobs.map((job, at) => ({ at, job }));
      for (let nth = 0; open.length > 0; nth++) {
        const pauseMs = pausesMs[nth] ?? pausesMs.at(-1) ?? 0;
        const again: typeof open = [];
        const untold: { at: number; outcome: JobOutcome }[] = [];
        await runner(
          open.map(({ job }) => job),
          async (index, outcome) => {
            const one = open[index];
            if (!one) return;
            if (isTold(outcome)) await done(one.at, outcome);
            else if (clock() + pauseMs < end) again.push(one);
            else untold.push({ at: one.at, outcome });
          },
          (index) => {
            const one = open[index];
            if (one) begun?.(one.at);
          },
        );
        for (const { at, outcome } of untold) {
          progress.stage(
            `CloudTrail has told nothing about ${outcome.job.title} in ${inWords(waitMs)}: that proves nothing.`,
          );
          await done(at, outcome);
        }
        open = again;
        if (open.length === 0) return;
        progress.stage(`CloudTrail has told nothing yet. Running the check again in ${inWords(pauseMs)}.`);
        await pause(pauseMs);
      }
    } finally {
      clearInterval(ticking);
    }
  };
}

/** False if an event may still arrive. */
function isTold({ answer }: JobOutcome): boolean {
  return answer.kind !== 'reports' || answer.reports.every(({ lookupEvents }) => lookupEvents !== 'not-yet');
}

function ticker({ counter }: Progress, clock: () => number, start: number, waitMs: number): NodeJS.Timeout {
  const tick = () => counter(`Looking into CloudTrail: ${inWords(clock() - start)} of ${inWords(waitMs)}`);
  return setInterval(tick, 1_000).unref();
}
