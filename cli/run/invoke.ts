import {
  FunctionError,
  type FunctionSettings,
  type RunningFunction,
  startFunction,
} from '../../sandbox/lambda-runtime.ts';
import { answerOfError, answerOfPayload } from './answer.ts';
import type { Job, JobOutcome } from './job.ts';

/** The function, started, and waiting for events, one at a time. */
export interface WaitingFunction {
  readonly settings: FunctionSettings;
  run(job: Job): Promise<JobOutcome>;
  /** Makes it forget what it has seen. */
  startOver(): void;
  end(): void;
}

export function startWaiting(settings: FunctionSettings): WaitingFunction {
  let log: string[] = [];
  const running = startFunction({ ...settings, log: (line) => log.push(line) });
  return {
    settings,
    async run(job) {
      const own: string[] = [];
      log = own;
      return { job, log: own, answer: await answerOf(running, job.event) };
    },
    startOver: running.startOver,
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
