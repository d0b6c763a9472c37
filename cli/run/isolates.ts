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
/** One per parallel job. */
const mostIdle = 2;

/**
 * Idle isolates of a bundle. Starting one costs more than a check, so they are reused, as Lambda does. An isolate that
 * may have kept something from the last event, or needs other settings, starts over first.
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

  /** Starts one before its first job, if none is idle. */
  prepare(bundleDir: string): void {
    if (this.#idle.length === 0) this.#idle.push(startWaiting({ bundleDir, environment: {} }));
  }

  giveBack(isolate: WaitingFunction, { answer }: JobOutcome): void {
    // A failed isolate may have ended.
    if (answer.kind === 'failed' || isolate.instances >= mostInstances) {
      isolate.end();
      return;
    }
    // After a passed check, the function keeps the customer's session.
    const keptSomething = answer.kind === 'reports' && answer.reports.some(({ verdict }) => verdict === 'passed');
    if (keptSomething) isolate.startOver();
    this.#idle.push(isolate);
    if (this.#idle.length > mostIdle) this.#idle.shift()?.end();
  }

  /** Ends the idle isolates. */
  end(): void {
    for (const isolate of this.#idle.splice(0)) isolate.end();
  }
}

/** The isolates of this process. Idle ones don't keep it running. */
export const isolates = new Isolates();

/** True if an isolate with the first settings can run the second. */
function runsTheSame(one: FunctionSettings, other: FunctionSettings): boolean {
  return one.bundleDir === other.bundleDir && one.memoryMb === other.memoryMb && !one.onExchange === !other.onExchange;
}

/** The started function, which handles one event at a time. */
interface WaitingFunction {
  readonly settings: FunctionSettings;
  /** The number of starts. */
  readonly instances: number;
  run(job: Job): Promise<JobOutcome>;
  /**
   * Clears the function's memory.
   *
   * @param elsewhere the settings from now on; the bundle and the memory limit stay
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
      // Not awaited: ending a thread takes a while, and nothing depends on it.
      void running.stop();
    },
  };
}

/** Runs in an isolate that has handled no other event. */
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
