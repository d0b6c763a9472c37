import type { SourceDocument } from '../../model/text/document.ts';
import type { Scenario } from '../../model/world/scenario.ts';
import type { FunctionAnswer } from './answer.ts';

/** One test event to run the check with. */
export interface Job {
  /** Says which one it is, where there are several: mostly a file. */
  readonly title: string;
  /** What it is about, in a sentence. */
  readonly about?: string;
  /** As it was written; the function parses it. */
  readonly event: unknown;
  /** Where the event was read from, to say in which line something stands. */
  readonly source?: SourceDocument;
  /** The world that the sandbox shall be; absent for checks that talk to AWS. */
  readonly scenario?: Scenario;
}

export interface JobOutcome {
  readonly job: Job;
  readonly answer: FunctionAnswer;
  /** What the function wrote to its log. */
  readonly log: readonly string[];
}

/**
 * Runs jobs somewhere; tells of each as soon as it is done, by its place in the list. What is then done with the outcome
 * is waited for before a further job is begun in its stead.
 */
export type Runner = (jobs: readonly Job[], done: Done, begun?: Begun) => Promise<void>;
export type Done = (at: number, outcome: JobOutcome) => void | Promise<void>;
/** May be told of the same job again, where it is run again. */
export type Begun = (at: number) => void;
