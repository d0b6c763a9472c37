import { StateMachine } from 'aws-local-stepfunctions';
import { type Integrations, type Json, TaskFailed } from './integrations.ts';
import type { MachineDefinition, StateDefinition } from './synthesized-definition.ts';

/**
 * Runs a state machine with aws-local-stepfunctions, which supports paths, payload templates, intrinsic functions,
 * choices, retries and catches. Added here: service integrations, the Distributed Map, and the limit of a state's data.
 * Neither a Wait nor a Retry takes time.
 */
export interface Run {
  readonly status: 'SUCCEEDED' | 'FAILED';
  readonly error?: string;
  readonly output?: unknown;
  /** The ResultWriter's output for each child workflow. */
  readonly children: readonly Child[];
}

export interface Child {
  readonly status: 'SUCCEEDED' | 'FAILED';
  readonly input: { readonly Items: readonly Json[] };
  readonly error?: string;
  readonly output?: unknown;
}

export interface RunOptions {
  readonly name: string;
  readonly integrations: Integrations;
  /** Called instead of waiting in a Wait state. */
  readonly onWait?: (seconds: number, input: Json) => unknown;
}

type Handler = (input: Json) => Promise<unknown>;

// Node.js 22 has it, and the interpreter needs it.
Object.assign(Promise, {
  withResolvers:
    (Promise as unknown as { withResolvers?: unknown }).withResolvers ??
    (() => {
      const resolvers: Record<string, unknown> = {};
      const promise = new Promise((resolve, reject) => Object.assign(resolvers, { resolve, reject }));
      return { promise, ...resolvers };
    }),
});

/** https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
const largestPayload = 256 * 1024;

export async function run(definition: MachineDefinition, input: Json, options: RunOptions): Promise<Run> {
  const arn = `arn:aws:states:us-east-1:111111111111:execution:HealthCheck:${options.name}`;
  const children: Child[] = [];
  const outcome = await execute(definition, input, arn, { ...options, children });
  return { ...outcome, children };
}

interface Context extends RunOptions {
  readonly children: Child[];
}

async function execute(definition: MachineDefinition, input: Json, arn: string, context: Context) {
  const handlers: Record<string, Handler> = {};
  const runnable = prepare(definition, arn, context, handlers);
  const machine = new StateMachine(runnable as never, { validationOptions: { noValidate: true } });
  try {
    const output = await machine.run(input as never, {
      overrides: { taskResourceLocalHandlers: handlers as never, retryIntervalOverrides: noPauses(handlers) },
      context: { Execution: { Id: arn } } as never,
    }).result;
    return { status: 'SUCCEEDED', output } as const;
  } catch (error) {
    const { cause } = error as Error;
    if (!(cause instanceof Error)) throw error;
    return { status: 'FAILED', error: `${cause.name}: ${cause.message}` } as const;
  }
}

/** The same machine with every unsupported state converted to a Task, and a handler for each Task. */
function prepare(
  definition: MachineDefinition,
  arn: string,
  context: Context,
  handlers: Record<string, Handler>,
): MachineDefinition {
  const states = Object.entries(definition.States).map(([name, state]): [string, StateDefinition] => {
    if (state.Type === 'Task') {
      handlers[name] = taskHandler(String(state['Resource']), arn, context);
      return [name, state];
    }
    if (state.Type === 'Wait') {
      handlers[name] = async (input) => {
        await context.onWait?.(Number(state['Seconds']), input);
        return input;
      };
      return [name, { ...state, Type: 'Task' }];
    }
    const processor = state['ItemProcessor'] as
      | (MachineDefinition & { ProcessorConfig?: { Mode: string } })
      | undefined;
    if (state.Type !== 'Map' || !processor) return [name, state];
    if (processor.ProcessorConfig?.Mode !== 'DISTRIBUTED') {
      return [name, { ...state, ItemProcessor: prepare(processor, arn, context, handlers) }];
    }
    handlers[name] = (input) => distributedMap(state, input, arn, context);
    const { ResultPath, Next } = state;
    return [name, { Type: 'Task', ResultPath, Next, TimeoutSeconds: Number(definition.TimeoutSeconds) }];
  });
  return { ...definition, States: Object.fromEntries(states) };
}

function taskHandler(resource: string, arn: string, { integrations }: Context): Handler {
  const action = resource.replace('arn:aws:states:::', '');
  return async (parameters) => {
    const integration = integrations.tasks[action];
    if (!integration) throw new Error(`No integration ${action}`);
    assertFits(parameters);
    const result = await integration(parameters, arn);
    assertFits(result);
    return result;
  };
}

function assertFits(payload: unknown): void {
  const bytes = Buffer.byteLength(JSON.stringify(payload));
  if (bytes > largestPayload) throw new TaskFailed('States.DataLimitExceeded', `${bytes} bytes`);
}

function noPauses(handlers: Readonly<Record<string, unknown>>): Record<string, number> {
  return Object.fromEntries(Object.keys(handlers).map((name) => [name, 0]));
}

/** https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html */
async function distributedMap(state: StateDefinition, input: Json, arn: string, context: Context): Promise<unknown> {
  const { Parameters } = state['ItemReader'] as { readonly Parameters: Json };
  const [reader] = await inInterpreter({ Type: 'Pass', Parameters }, [input]);
  const objects = await context.integrations.listObjects(reader as Json);
  // AWS doesn't document this, so nothing may depend on it.
  if (objects.length === 0) throw new TaskFailed('States.ItemReaderFailed', 'There is nothing to read.');
  const items = await selected(state['ItemSelector'] as Json, objects);

  const { MaxItemsPerBatch } = state['ItemBatcher'] as { readonly MaxItemsPerBatch: number };
  const batches = Array.from({ length: Math.ceil(items.length / MaxItemsPerBatch) }, (_, index) =>
    items.slice(index * MaxItemsPerBatch, (index + 1) * MaxItemsPerBatch),
  );
  const waiting = batches.entries();
  let failed = 0;
  const tolerated = (Number(state['ToleratedFailurePercentage']) / 100) * items.length;
  const worker = async () => {
    for (const [index, Items] of waiting) {
      if (failed > tolerated) return;
      const child = { Items };
      const outcome = await execute(state['ItemProcessor'] as MachineDefinition, child, `${arn}:${index}`, context);
      context.children.push({ ...outcome, input: child });
      if (outcome.status === 'FAILED') failed += Items.length;
    }
  };
  await Promise.all(Array.from({ length: Number(state['MaxConcurrency']) }, worker));
  if (failed > tolerated) {
    throw new TaskFailed('States.ExceedToleratedFailureThreshold', `${failed} of ${items.length} items failed`);
  }
  return { MapRunArn: `${arn}/Customers` };
}

/** Uses the interpreter's own Map to evaluate the selector. */
async function selected(ItemSelector: Json, items: readonly Json[]): Promise<readonly Json[]> {
  const ItemProcessor = { StartAt: 'Pass', States: { Pass: { Type: 'Pass', End: true } } };
  const [result] = await inInterpreter({ Type: 'Map', ItemsPath: '$.items', ItemSelector, ItemProcessor }, [{ items }]);
  return result as readonly Json[];
}

async function inInterpreter(state: StateDefinition, inputs: readonly Json[]): Promise<readonly unknown[]> {
  const definition = { StartAt: 'State', States: { State: { ...state, End: true } } };
  const machine = new StateMachine(definition as never, { validationOptions: { noValidate: true } });
  return Promise.all(inputs.map((input) => machine.run(input as never).result));
}
