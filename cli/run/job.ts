import type { Report } from '../../core/report.ts';
import type { SourceDocument } from '../../model/text/document.ts';
import type { Scenario } from '../../model/world/scenario.ts';

export type FunctionAnswer =
  | { readonly kind: 'reports'; readonly reports: readonly Report[]; readonly batch: boolean }
  /** The function rejected the event and listed every problem in it. */
  | { readonly kind: 'invalid-event'; readonly message: string }
  /** The function could not answer: it crashed, ran out of time, or returned something other than a report. */
  | { readonly kind: 'failed'; readonly message: string };

/** The name of the function's error for an invalid event. */
const invalidEvent = 'InvalidTestEvent';

export function answerOfError(errorType: string, message: string): FunctionAnswer {
  if (errorType === invalidEvent) return { kind: 'invalid-event', message };
  return { kind: 'failed', message: `The function failed: ${message} (${errorType}).` };
}

/** @param payload the function's answer, which may be from another version of it */
export async function answerOfPayload(payload: unknown): Promise<FunctionAnswer> {
  const batch = typeof payload === 'object' && payload !== null && 'reports' in payload;
  const candidates: unknown = batch ? payload.reports : [payload];
  // Loaded on demand, because loading the schema takes longer than reading the answer.
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
  /** Distinguishes it from others; usually the file. */
  readonly title: string;
  /** What the job is about, in a sentence. */
  readonly about?: string;
  /** As written; the function parses it. */
  readonly event: unknown;
  /** The source of the event, used to show the line of a fault. */
  readonly source?: SourceDocument;
  /** The scenario to simulate; absent for checks that call AWS. */
  readonly scenario?: Scenario;
}

export interface JobOutcome {
  readonly job: Job;
  readonly answer: FunctionAnswer;
  readonly log: readonly string[];
}

/**
 * Runs jobs and calls `done` for each as soon as it ends, with its index in the list. Waits for `done` before it starts
 * another job in its place.
 */
export type Runner = (jobs: readonly Job[], done: Done, begun?: Begun) => Promise<void>;
type Done = (at: number, outcome: JobOutcome) => void | Promise<void>;
/** May be called again for the same job, if the job is repeated. */
type Begun = (at: number) => void;

export async function runAlone(runner: Runner, job: Job): Promise<JobOutcome> {
  let found: JobOutcome | undefined;
  await runner([job], (_, outcome) => {
    found = outcome;
  });
  if (!found) throw new Error('The runner told nothing of its only job');
  return found;
}

/** Called when each event starts and ends, in any order. */
export interface Watcher {
  begun(at: number): void;
  ended(at: number, outcome: JobOutcome): void;
}

/** Runs jobs in the fastest order, and reports them in the given order. */
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
