import { setTimeout as delay } from 'node:timers/promises';
import { printable } from '../core/printable.ts';
import { asError } from '../core/values.ts';
import type { World } from '../model/world/world.ts';
import type { FunctionSettings } from './lambda-runtime.ts';
import { answer, type Intercept, type InterceptedCall } from './server/answer.ts';
import { CannotListen, type Handler, listen } from './server/listen.ts';
import type { Service, ServiceOperation } from './wire/operation.ts';

export type { InjectedFault, Intercept } from './server/answer.ts';
export { CannotListen };

export interface SandboxOptions {
  readonly world: World;
  /** @default 0 for any free port */
  readonly port?: number;
  /** Delay before each request is served, in milliseconds. @default 0 */
  readonly latencyMs?: number;
  /** Injects faults into selected requests. @default none */
  readonly intercept?: Intercept;
  /**
   * Settings of the deployed function when a client invokes it.
   *
   * @param url the address of the sandbox
   * @default the function can't be invoked
   */
  readonly functionIn?: (world: World, url: string) => FunctionSettings;
  /** Operations that add to or replace the sandbox's own, by service and name. @default none */
  readonly operations?: Partial<Record<Service, Readonly<Record<string, ServiceOperation>>>>;
  /** Gets the sandbox's own bugs, which clients see as InternalError. @default a line on stderr */
  readonly onBug?: (error: unknown) => void;
}

export interface Sandbox {
  /** The value for AWS_ENDPOINT_URL. */
  readonly url: string;
  readonly port: number;
  /**
   * Every request since the start or the last `use`, including rejected ones, in the order of arrival. Keeps at
   * least the newest 10,000.
   */
  readonly calls: readonly InterceptedCall[];
  /** Serves another world from now on, and clears the calls. */
  use(world: World): void;
  stop(): Promise<void>;
}

const keptCalls = 10_000;

/**
 * Serves the two accounts of a world over HTTP, on loopback only.
 *
 * @throws CannotListen if the port can't be opened
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { port = 0, latencyMs = 0, intercept, functionIn, operations, onBug = reportBug } = options;
  let { world } = options;
  const calls: InterceptedCall[] = [];
  const remember = (call: InterceptedCall) => {
    if (calls.length >= 2 * keptCalls) calls.splice(0, keptCalls);
    calls.push(call);
  };
  const handle: Handler = async (heading, read) => {
    if (latencyMs > 0) await delay(latencyMs);
    const functionSettings = functionIn && (() => functionIn(world, url));
    return answer(heading, read, { world, intercept, functionSettings, operations, onBug, onCall: remember });
  };
  const listening = await listen(port, handle, onBug);
  const url = `http://127.0.0.1:${listening.port}`;
  return {
    url,
    port: listening.port,
    calls,
    use(next) {
      world = next;
      calls.length = 0;
    },
    stop: listening.stop,
  };
}

function reportBug(error: unknown): void {
  console.error(printable(`The sandbox answered InternalError: ${asError(error).message}`));
}
