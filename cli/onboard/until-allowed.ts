import { setTimeout as delay } from 'node:timers/promises';
import { inWords } from '../input/duration.ts';
import type { Progress } from '../progress.ts';
import type { Job, JobOutcome, Runner } from '../run/job.ts';

interface UntilAllowedOptions {
  readonly waitMs: number;
  readonly progress: Progress;
  readonly pause?: (milliseconds: number) => Promise<unknown>;
  /** Milliseconds, from wherever. */
  readonly clock?: () => number;
}

/** Most changes are everywhere within seconds, some take a minute or more. */
const pausesMs: readonly number[] = [2_000, 4_000, 8_000, 15_000, 30_000];

/**
 * Runs a check again while it is denied, after ever longer pauses, until it isn't or the time is up: a policy that was
 * written a moment ago need not be in force everywhere yet. What is not as it must be otherwise, no waiting mends.
 *
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency
 */
export async function untilAllowed(runner: Runner, job: Job, waiting: UntilAllowedOptions): Promise<JobOutcome> {
  const { waitMs, progress, pause = delay, clock = () => performance.now() } = waiting;
  const start = clock();
  for (let nth = 0; ; nth++) {
    const outcome = await runAlone(runner, job);
    const why = mayPass(outcome);
    const pauseMs = pausesMs[nth] ?? pausesMs.at(-1) ?? 0;
    const waited = clock() - start;
    if (why === undefined) return outcome;
    if (waited + pauseMs > waitMs) {
      progress.stage(`Still ${why} after ${inWords(waited)}: waiting longer will hardly change it.`);
      return outcome;
    }
    progress.stage(
      `${why[0]?.toUpperCase()}${why.slice(1)}, which a new policy may be for a while. Checking again in ${inWords(pauseMs)}, for up to ${inWords(waitMs - waited)} more.`,
    );
    await pause(pauseMs);
  }
}

export async function runAlone(runner: Runner, job: Job): Promise<JobOutcome> {
  let found: JobOutcome | undefined;
  await runner([job], (_, outcome) => {
    found = outcome;
  });
  if (!found) throw new Error('The runner told nothing of its only job');
  return found;
}

/** What to wait out; undefined for what waiting doesn't change. */
function mayPass({ answer }: JobOutcome): string | undefined {
  if (answer.kind !== 'reports') return undefined;
  const report = answer.reports.find(({ verdict }) => verdict === 'denied' || verdict === 'inconclusive');
  if (!report) return undefined;
  return `${report.verdict}${report.deniedStep ? ` at ${report.deniedStep}` : ''}`;
}
