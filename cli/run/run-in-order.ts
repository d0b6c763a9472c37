import type { Job, JobOutcome, Runner } from './job.ts';

/** Is told of each event as it begins and as it ends, in whatever order that is. */
export interface Watcher {
  begun(at: number): void;
  ended(at: number, outcome: JobOutcome): void;
}

/** Runs them in whatever order is quickest, and tells of each in the order that they were given in. */
export async function runInOrder(
  runner: Runner,
  jobs: readonly Job[],
  watcher: Watcher,
  tell: (outcome: JobOutcome, at: number) => void,
): Promise<readonly JobOutcome[]> {
  const outcomes: (JobOutcome | undefined)[] = jobs.map(() => undefined);
  let told = 0;
  await runner(
    jobs,
    (at, outcome) => {
      outcomes[at] = outcome;
      watcher.ended(at, outcome);
      for (let next = outcomes[told]; next; next = outcomes[++told]) tell(next, told);
    },
    (at) => watcher.begun(at),
  );
  return outcomes.filter((outcome) => outcome !== undefined);
}
