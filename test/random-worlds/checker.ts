import { placeInWorld } from '../../cli/run/function-settings.ts';
import type { Scenario } from '../../model/world/scenario.ts';
import type { Assembly } from '../../sandbox/assembly.ts';
import { FunctionError, startFunction } from '../../sandbox/lambda-runtime.ts';
import { defaultScenario } from '../../sandbox/scenario-files.ts';
import { services } from '../../sandbox/server/services.ts';
import { startSandbox } from '../../sandbox/start.ts';
import type { Observation } from './violations.ts';

export interface Checker {
  /** Runs one check at a time. */
  check(scenario: Pick<Scenario, 'world' | 'event'>): Promise<Observation>;
  stop(): Promise<void>;
}

/**
 * The unmodified bundle in one isolate, against one server whose world changes. The isolate keeps the sessions of
 * passed checks, so the next world needs another customer. The function's Region and account are the same in every
 * world.
 */
export async function startChecker(assembly: Assembly): Promise<Checker> {
  const { world } = await defaultScenario(assembly);
  let sandboxFaults: string[] = [];
  let log: string[] = [];
  const server = await startSandbox({
    world,
    onBug: (error) => sandboxFaults.push(`InternalError: ${error instanceof Error ? error.stack : String(error)}`),
    intercept: ({ service, operation }) => {
      if (!Object.hasOwn(services[service].operations, operation)) {
        sandboxFaults.push(`NotImplemented: ${service} ${operation}`);
      }
      return undefined;
    },
  });
  const running = startFunction({
    bundleDir: assembly.bundleDir,
    ...placeInWorld(world, server.url),
    log: (line) => log.push(line),
  });
  return {
    async check(scenario) {
      server.use(scenario.world);
      sandboxFaults = [];
      log = [];
      const answer = await running.invoke(scenario.event).catch((error: unknown) => {
        if (error instanceof FunctionError) return { failed: error.message };
        throw error;
      });
      return { answer, log, sandboxFaults };
    },
    async stop() {
      await running.stop();
      await server.stop();
    },
  };
}
