import {
  FunctionError,
  type FunctionSettings,
  type RunningFunction,
  startFunction,
} from '../../sandbox/lambda-runtime.ts';
import { answerOfError, answerOfPayload, type Job, type JobOutcome } from './job.ts';

/** The function, started, and waiting for events, one at a time. */
export interface WaitingFunction {
  readonly settings: FunctionSettings;
  /** How often it was started or started over. */
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

export function startWaiting(given: FunctionSettings): WaitingFunction {
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
