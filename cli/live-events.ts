import type { Output } from './command.ts';
import type { LiveProgress } from './progress.ts';
import type { Job, JobOutcome, Watcher } from './run/job.ts';
import { type Ended, endedAs, type Live, renderEnded, renderLive } from './views/terminal/live.ts';

interface LiveEvents extends Watcher {
  /** Prints a line for an event that has ended, if lines can't be redrawn. */
  tell(at: number): void;
  end(): void;
}

/** Often enough to show tenths of a second, rarely enough to cost nothing. */
const redrawnEveryMs = 200;
const usualRows = 24;
const usualColumns = 80;

/** Shows the progress of a batch on stderr: redrawn on a terminal, otherwise a line for each event that has ended. */
export function liveEvents(
  jobs: readonly Job[],
  output: Output,
  progress: LiveProgress,
  clock: () => number = () => performance.now(),
): LiveEvents {
  const began = new Map<number, number>();
  const running = new Set<number>();
  const ended = new Map<number, Ended>();
  const columns = () => output.columns ?? usualColumns;

  function draw(): void {
    const live: Live = {
      total: jobs.length,
      running: [...running].map((at) => ({ title: jobs[at]?.title ?? '', forMs: clock() - (began.get(at) ?? 0) })),
      ended: [...ended.values()],
    };
    // Leaves a line for another counter, and one for the shell's prompt.
    progress.live(renderLive(live, columns() - 1, (output.rows ?? usualRows) - 2));
  }

  const redrawing = progress.isLive ? setInterval(draw, redrawnEveryMs).unref() : undefined;
  return {
    begun(at) {
      // A repeated check keeps its start time.
      if (!began.has(at)) began.set(at, clock());
      running.add(at);
      draw();
    },
    ended(at: number, outcome: JobOutcome) {
      running.delete(at);
      ended.set(at, endedAs(outcome, clock() - (began.get(at) ?? clock())));
      draw();
    },
    tell(at) {
      const one = ended.get(at);
      if (one && !progress.isLive) progress.stage(renderEnded(one, columns()));
    },
    end() {
      clearInterval(redrawing);
      progress.end();
    },
  };
}
