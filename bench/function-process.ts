import { type ChildProcess, fork } from 'node:child_process';
import { devNull } from 'node:os';
import { join } from 'node:path';
import type { FunctionPlace } from '../cli/run/function-settings.ts';

export interface FunctionProcessSettings extends FunctionPlace {
  /** The folder that contains `handler.mjs`. */
  readonly bundleDir: string;
  /** Receives V8's coverage of every loaded script. @default none is written */
  readonly coverageDir?: string;
}

/** An invocation, measured in the function's own process. Times are in milliseconds. */
export interface Invocation {
  readonly answer: unknown;
  /** From calling the handler to its answer. */
  readonly wallMs: number;
  /** The duration of each HTTP request, from sent to read. */
  readonly requestMs: readonly number[];
  /** The CPU time of the process meanwhile, garbage collection and compilation included. */
  readonly cpuMs: number;
  /** The most memory that the process has had in RAM so far, in MiB. */
  readonly peakMemoryMib: number;
}

export interface FunctionProcess {
  /** @throws Error if the handler threw or the process died */
  invoke(event: unknown): Promise<Invocation>;
  stop(): Promise<void>;
}

/**
 * Runs the bundle in a separate process, as Lambda does, so that its time and memory are its own: an isolate in this
 * process would share garbage collection and memory with the sandbox.
 */
export function startFunctionProcess(settings: FunctionProcessSettings): FunctionProcess {
  const { bundleDir, environment, functionArn, coverageDir } = settings;
  const child = fork(join(import.meta.dirname, 'function-process-inside.mjs'), [join(bundleDir, 'handler.mjs')], {
    env: {
      ...environment,
      AWS_CONFIG_FILE: devNull,
      AWS_SHARED_CREDENTIALS_FILE: devNull,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      ...(coverageDir !== undefined && { NODE_V8_COVERAGE: coverageDir }),
    },
    // Keeps this process's loader (tsx) out of the bundle.
    execArgv: [],
    // Writing a log line per report is part of the work; where it goes is not.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  return {
    async invoke(event) {
      const outcome = await nextMessage(child, () => child.send({ event, functionArn }));
      if ('error' in outcome) throw new Error(`The function failed: ${outcome.error}`);
      return outcome;
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const end = new Promise((resolve) => child.once('exit', resolve));
      child.disconnect();
      await end;
    },
  };
}

function nextMessage(child: ChildProcess, send: () => void): Promise<Invocation | { readonly error: string }> {
  return new Promise((resolve, reject) => {
    const died = (status: number | null, signal: string | null) =>
      reject(new Error(`The function's process ended: ${signal ?? `exit status ${status}`}`));
    child.once('exit', died);
    child.once('message', (message) => {
      child.off('exit', died);
      resolve(message as Invocation | { readonly error: string });
    });
    send();
  });
}
