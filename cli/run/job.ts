import type { Report } from '../../core/report.ts';
import type { SourceDocument } from '../../model/text/document.ts';
import type { Scenario } from '../../model/world/scenario.ts';

export type FunctionAnswer =
  | { readonly kind: 'reports'; readonly reports: readonly Report[]; readonly batch: boolean }
  /** The function refused the event and names every problem in it. */
  | { readonly kind: 'invalid-event'; readonly message: string }
  /** The function could not answer: it crashed, ran out of time, or answered something that is no report. */
  | { readonly kind: 'failed'; readonly message: string };

/** The name of the function's error for an invalid event. */
const invalidEvent = 'InvalidTestEvent';

export function answerOfError(errorType: string, message: string): FunctionAnswer {
  if (errorType === invalidEvent) return { kind: 'invalid-event', message };
  return { kind: 'failed', message: `The function failed: ${message} (${errorType}).` };
}

/** @param payload what the function answered, which may come from another version of it */
export async function answerOfPayload(payload: unknown): Promise<FunctionAnswer> {
  const batch = typeof payload === 'object' && payload !== null && 'reports' in payload;
  const candidates: unknown = batch ? payload.reports : [payload];
  // Only needed now; loading the schema takes longer than reading the answer.
  const [{ reportSchema }, z] = await Promise.all([import('../../core/report.ts'), import('zod/mini')]);
  const parsed = z.array(reportSchema).safeParse(candidates);
  if (parsed.success) return { kind: 'reports', reports: parsed.data, batch };
  const [issue] = parsed.error.issues;
  const path = issue?.path.slice(batch ? 0 : 1).join('.');
  const reason = `${path ? `${path}: ` : ''}${issue?.message ?? 'unreadable'}`;
  return {
    kind: 'failed',
    message: `The function's answer is not a report of schema version 1 (${reason}): is it another version of the function?`,
  };
}

export interface Job {
  /** Says which one it is, where there are several: mostly a file. */
  readonly title: string;
  /** Its subject, in a sentence. */
  readonly about?: string;
  /** As it was written; the function parses it. */
  readonly event: unknown;
  /** The source of the event, to give the line of a fault. */
  readonly source?: SourceDocument;
  /** The world that the sandbox shall be; absent for checks that talk to AWS. */
  readonly scenario?: Scenario;
}

export interface JobOutcome {
  readonly job: Job;
  readonly answer: FunctionAnswer;
  readonly log: readonly string[];
}

/**
 * Runs jobs somewhere; reports each as soon as it is done, by its place in the list. What is then done with the outcome
 * is waited for before a further job is begun in its stead.
 */
export type Runner = (jobs: readonly Job[], done: Done, begun?: Begun) => Promise<void>;
type Done = (at: number, outcome: JobOutcome) => void | Promise<void>;
/** May be called again for the same job, if it runs again. */
type Begun = (at: number) => void;

export async function runAlone(runner: Runner, job: Job): Promise<JobOutcome> {
  let found: JobOutcome | undefined;
  await runner([job], (_, outcome) => {
    found = outcome;
  });
  if (!found) throw new Error('The runner told nothing of its only job');
  return found;
}

/** Called for each event as it begins and as it ends, in any order. */
export interface Watcher {
  begun(at: number): void;
  ended(at: number, outcome: JobOutcome): void;
}

/** Runs them in the quickest order, and reports each in the given order. */
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
