import {
  FunctionError,
  type FunctionSettings,
  type RunningFunction,
  startFunction,
} from '../../sandbox/lambda-runtime.ts';
import { answerOfError, answerOfPayload } from './answer.ts';
import type { Job, Outcome } from './job.ts';

/** The function, started, and waiting for the event of a job. */
export interface PreparedJob {
  run(): Promise<Outcome>;
}

export function prepareJob(job: Job, settings: FunctionSettings): PreparedJob {
  const log: string[] = [];
  const running = startFunction({ ...settings, log: (line) => log.push(line) });
  return {
    async run() {
      try {
        return { job, log, answer: await answerOf(running, job.event) };
      } finally {
        // Not awaited: the end of a thread takes a while, and nothing depends on it.
        void running.stop();
      }
    },
  };
}

async function answerOf(running: RunningFunction, event: unknown) {
  try {
    return await answerOfPayload(await running.invoke(event));
  } catch (error) {
    if (error instanceof FunctionError) return answerOfError(error.errorType, error.message);
    throw error;
  }
}
