import { isDeepStrictEqual } from 'node:util';
import {
  FunctionError,
  type FunctionSettings,
  type RunningFunction,
  startFunction,
} from '../../sandbox/lambda-runtime.ts';
import { answerOfError, answerOfPayload, type Job, type JobOutcome } from './job.ts';

/** An instance's leftovers in memory stay until its isolate ends. */
const mostInstances = 100;
/** One per lane. */
const mostIdle = 2;

/**
 * The isolates of a bundle that wait for an event. Starting one costs more than a check, so they are used again, as Lambda
 * does. Where one may have kept something of the event before, or is wanted elsewhere, it starts over first.
 */
export class Isolates {
  #idle: WaitingFunction[] = [];

  take(settings: FunctionSettings): WaitingFunction {
    const isolate =
      this.#idle.find((one) => isDeepStrictEqual(one.settings, settings)) ??
      this.#idle.find((one) => runsTheSame(one.settings, settings)) ??
      startWaiting(settings);
    this.#idle = this.#idle.filter((one) => one !== isolate);
    if (!isDeepStrictEqual(isolate.settings, settings)) isolate.startOver(settings);
    return isolate;
  }

  /** Starts one ahead of its first job, if none is idle. */
  prepare(bundleDir: string): void {
    if (this.#idle.length === 0) this.#idle.push(startWaiting({ bundleDir, environment: {} }));
  }

  giveBack(isolate: WaitingFunction, { answer }: JobOutcome): void {
    // One that failed may not be there any more.
    if (answer.kind === 'failed' || isolate.instances >= mostInstances) {
      isolate.end();
      return;
    }
    // The function keeps the sessions of customers whose check passed.
    const keptSomething = answer.kind === 'reports' && answer.reports.some(({ verdict }) => verdict === 'passed');
    if (keptSomething) isolate.startOver();
    this.#idle.push(isolate);
    if (this.#idle.length > mostIdle) this.#idle.shift()?.end();
  }

  /** The idle isolates. */
  end(): void {
    for (const isolate of this.#idle.splice(0)) isolate.end();
  }
}

/** The isolates of this process. Idle ones do not keep it from ending. */
export const isolates = new Isolates();

/** True if an isolate that was started with the one can run the other. */
function runsTheSame(one: FunctionSettings, other: FunctionSettings): boolean {
  return one.bundleDir === other.bundleDir && one.memoryMb === other.memoryMb && !one.onExchange === !other.onExchange;
}

/** The function, started, and waiting for events, one at a time. */
interface WaitingFunction {
  readonly settings: FunctionSettings;
  /** The number of starts. */
  readonly instances: number;
  run(job: Job): Promise<JobOutcome>;
  /**
   * Makes it forget what it has seen.
   *
   * @param elsewhere with which settings from then on; the bundle and the memory stay
   */
  startOver(elsewhere?: FunctionSettings): void;
  end(): void;
}

function startWaiting(given: FunctionSettings): WaitingFunction {
  let settings = given;
  let instances = 1;
  let log: string[] = [];
  const running = startFunction({ ...settings, log: (line) => log.push(line) });
  return {
    get settings() {
      return settings;
    },
    get instances() {
      return instances;
    },
    async run(job) {
      const own: string[] = [];
      log = own;
      return { job, log: own, answer: await answerOf(running, job.event) };
    },
    startOver(elsewhere = settings) {
      settings = elsewhere;
      instances++;
      running.startOver(elsewhere);
    },
    end() {
      // Not awaited: the end of a thread takes a while, and nothing depends on it.
      void running.stop();
    },
  };
}

/** In an isolate that has seen no other event. */
export async function runOnce(job: Job, settings: FunctionSettings): Promise<JobOutcome> {
  const waiting = startWaiting(settings);
  try {
    return await waiting.run(job);
  } finally {
    waiting.end();
  }
}

async function answerOf(running: RunningFunction, event: unknown) {
  try {
    return await answerOfPayload(await running.invoke(event));
  } catch (error) {
    if (error instanceof FunctionError) return answerOfError(error.errorType, error.message);
    throw error;
  }
}
