import { randomUUID } from 'node:crypto';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { functionArn as arnOfFunction, parseArn } from '../core/arn.ts';

/**
 * Runs the function's bundle as Lambda does: in its own isolate, with only its own environment variables, a memory
 * limit, a deadline, and answers that are serialized as JSON.
 *
 * Sources: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html and
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */
export interface FunctionSettings extends InstanceSettings {
  /** The folder that contains `handler.mjs`. */
  readonly bundleDir: string;
  /** MiB. */
  readonly memoryMb?: number;
  /** Called with each line that the function writes to stdout or stderr. */
  readonly log?: (line: string) => void;
  /** Called with each HTTP request of the function and its answer, in request order. @default not recorded */
  readonly onExchange?: (exchange: HttpExchange) => void;
}

interface InstanceSettings {
  /** All of `process.env` in the function, apart from the variables that Lambda reserves. */
  readonly environment: Readonly<Record<string, string>>;
  readonly functionArn?: string;
  readonly timeoutMs?: number;
}

export interface HttpExchange {
  readonly method: string;
  readonly host: string;
  /** Includes the query string. */
  readonly path: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Absent if there was no answer. */
  readonly answer?: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  };
}

export interface RunningFunction {
  /**
   * @returns the handler's answer, after a round trip through JSON
   * @throws FunctionError if the handler threw, crashed, exited, or ran out of memory or time. The next
   * invocation then starts a fresh isolate
   */
  invoke(event: unknown): Promise<unknown>;
  /**
   * Evaluates the bundle's entry again for the next event. State is lost; the libraries stay loaded.
   *
   * @param place a different environment, ARN or time limit from now on
   */
  startOver(place?: InstanceSettings): void;
  stop(): Promise<void>;
}

/** Lambda's `FunctionError`: the function failed, not the runtime around it. */
export class FunctionError extends Error {
  constructor(
    readonly errorType: string,
    message: string,
    readonly trace: readonly string[] = [],
  ) {
    super(message);
    this.name = 'FunctionError';
  }
}

type FromWorker = Outcome | { readonly kind: 'log'; readonly text: string };
type Outcome =
  | { readonly kind: 'answer'; readonly payload: string; readonly exchanges?: readonly HttpExchange[] }
  | {
      readonly kind: 'error';
      readonly errorType: string;
      readonly message: string;
      readonly trace: readonly string[];
      readonly exchanges?: readonly HttpExchange[];
    };

interface Isolate {
  readonly worker: Worker;
  /** Settles when the isolate dies for any reason, even before its first event. */
  readonly death: Promise<FunctionError>;
}

const defaultArn = arnOfFunction('us-east-1', '111111111111', 'customer_configuration_check');

export function startFunction(given: FunctionSettings): RunningFunction {
  let settings = given;
  // Starts before the first event arrives, so that loading the bundle doesn't delay the caller.
  let isolate: Isolate | undefined = startIsolate(settings);
  let busy = false;
  let instance = 0;

  async function stop(): Promise<void> {
    const old = isolate;
    isolate = undefined;
    await old?.worker.terminate();
  }

  return {
    async invoke(event) {
      if (busy) throw new Error('A function answers one event at a time: start another one for events in parallel.');
      busy = true;
      isolate ??= startIsolate(settings);
      isolate.worker.ref();
      try {
        const message = await outcomeOf(isolate, event, settings, instance);
        for (const exchange of message.exchanges ?? []) settings.onExchange?.(exchange);
        if (message.kind === 'answer') return JSON.parse(message.payload);
        throw new FunctionError(message.errorType, message.message, message.trace);
      } catch (error) {
        if (isDeath(error)) await stop();
        throw error;
      } finally {
        isolate?.worker.unref();
        busy = false;
      }
    },
    startOver(place) {
      settings = { ...settings, ...place };
      instance++;
    },
    stop,
  };
}

const deaths = {
  timeout: 'Sandbox.Timedout',
  memory: 'Runtime.OutOfMemory',
  exit: 'Runtime.ExitError',
  crash: 'Runtime.UnhandledError',
};

function isDeath(error: unknown): boolean {
  return error instanceof FunctionError && Object.values(deaths).includes(error.errorType);
}

function startIsolate(settings: FunctionSettings): Isolate {
  const { bundleDir, memoryMb = 256, log, onExchange } = settings;
  const worker = new Worker(join(import.meta.dirname, 'lambda-runtime-worker.mjs'), {
    workerData: { entry: join(bundleDir, 'handler.mjs'), records: onExchange !== undefined },
    env: environmentOf(settings),
    // Keeps this process's loader hooks (tsx) out of the bundle.
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
    // Not read: reading a worker's output would keep this process running. The worker sends its lines as messages.
    stdout: true,
    stderr: true,
  });
  worker.on('message', (message: FromWorker) => {
    if (message.kind !== 'log') return;
    for (const line of message.text.replace(/\r?\n$/, '').split(/\r?\n/)) log?.(line);
  });
  const death = new Promise<FunctionError>((resolve) => {
    worker.once('error', (error: Error & { code?: string }) => {
      const type = error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? deaths.memory : deaths.crash;
      resolve(new FunctionError(type, `${error.name}: ${error.message}`, (error.stack ?? '').split('\n')));
    });
    worker.once('exit', (status) => {
      resolve(new FunctionError(deaths.exit, `Runtime exited with error: exit status ${status}`));
    });
  });
  worker.unref();
  return { worker, death };
}

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime */
function environmentOf({ bundleDir, memoryMb = 256, functionArn = defaultArn, environment }: FunctionSettings) {
  const { region = '', resource = '' } = parseArn(functionArn) ?? {};
  const name = resource.replace(/^function:/, '');
  return {
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_REGION: region,
    LAMBDA_TASK_ROOT: bundleDir,
    // Lambda has no home folder, and the user's own settings must not reach the function.
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: 'true',
    // The SDK's warning is about the local Node.js version, not Lambda's.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    ...environment,
  };
}

function outcomeOf({ worker, death }: Isolate, event: unknown, settings: FunctionSettings, instance: number) {
  const { timeoutMs = 60_000, functionArn = defaultArn } = settings;
  return new Promise<Outcome>((resolve, reject) => {
    const timer = setTimeout(() => {
      const seconds = (timeoutMs / 1000).toFixed(2);
      settle(() => reject(new FunctionError(deaths.timeout, `Task timed out after ${seconds} seconds`)));
    }, timeoutMs);
    const onMessage = (message: FromWorker) => {
      if (message.kind !== 'log') settle(() => resolve(message));
    };

    function settle(finish: () => void): void {
      clearTimeout(timer);
      worker.off('message', onMessage);
      finish();
    }
    worker.on('message', onMessage);
    death.then((error) => settle(() => reject(error)));
    worker.postMessage({
      instance,
      environment: environmentOf(settings),
      event: JSON.stringify(event ?? null),
      deadline: Date.now() + timeoutMs,
      context: { awsRequestId: randomUUID(), invokedFunctionArn: functionArn },
    });
  });
}
