/// <reference lib="dom" />

import type { JudgeInput, JudgeStart, Judgment, PageSettings } from './contract.ts';
import type { Program } from './judge/first-worker.ts';

export interface JudgeLinkOptions {
  readonly program: Program;
  readonly settings: PageSettings;
  readonly onJudgment: (judgment: Judgment) => void;
  /** Called with the worker's own words when it fails. */
  readonly onFailure: (message: string) => void;
}

/**
 * The time that an answer may take while newer input waits. The first answer of a new worker takes longest, mostly to
 * compile the program.
 */
const patienceMs = { first: 2000, later: 400 };

/** Judges the newest documents in a worker, so that the page responds however long that takes. */
export class JudgeLink {
  readonly #options: JudgeLinkOptions;
  #worker: Worker;
  #seq = 0;
  #running: { readonly seq: number; readonly since: number } | undefined;
  #waiting: Omit<JudgeInput, 'seq'> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #hasAnswered = false;

  constructor(options: JudgeLinkOptions) {
    this.#options = options;
    this.#worker = this.#begin(options.program.first);
  }

  /** Drops the answer to anything earlier. */
  judge(input: Omit<JudgeInput, 'seq'>): void {
    this.#waiting = input;
    if (this.#running === undefined) {
      this.#send();
      return;
    }
    const patience = this.#hasAnswered ? patienceMs.later : patienceMs.first;
    const left = this.#running.since + patience - performance.now();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#again(), Math.max(left, 0));
  }

  get isBusy(): boolean {
    return this.#running !== undefined;
  }

  #begin(worker: Worker): Worker {
    worker.addEventListener('message', ({ data }: MessageEvent<Judgment>) => this.#answered(data));
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      this.#failed(event.message);
    });
    worker.postMessage({ start: this.#options.settings } satisfies JudgeStart);
    return worker;
  }

  #send(): void {
    const input = this.#waiting;
    if (input === undefined) return;
    this.#waiting = undefined;
    const seq = ++this.#seq;
    this.#running = { seq, since: performance.now() };
    this.#worker.postMessage({ ...input, seq } satisfies JudgeInput);
  }

  #answered(judgment: Judgment): void {
    if (judgment.seq !== this.#running?.seq) return;
    this.#running = undefined;
    this.#hasAnswered = true;
    clearTimeout(this.#timer);
    // An old answer is not shown while a newer one is on its way.
    if (this.#waiting) this.#send();
    else this.#options.onJudgment(judgment);
  }

  #failed(message: string): void {
    this.#restart();
    if (this.#waiting) this.#send();
    else this.#options.onFailure(message);
  }

  #again(): void {
    if (this.#running === undefined || this.#waiting === undefined) return;
    this.#restart();
    this.#send();
  }

  #restart(): void {
    clearTimeout(this.#timer);
    this.#running = undefined;
    this.#hasAnswered = false;
    this.#worker.terminate();
    this.#worker = this.#begin(new Worker(this.#options.program.url));
  }
}
