import type { Scenario } from '../../model/world/scenario.ts';
import { type Sandbox, startSandbox } from '../../sandbox/start.ts';
import { placeInWorld } from '../run/function-settings.ts';
import { isolates } from '../run/isolates.ts';
import type { FunctionAnswer } from '../run/job.ts';

/** The sandbox and the function, kept between checks. */
export interface WarmSandbox {
  /** One check after another, whenever they are asked for. */
  check(scenario: Scenario, event: unknown): Promise<FunctionAnswer>;
  stop(): Promise<void>;
}

/**
 * Starts the function at once: it loads while documents are read.
 *
 * @param bundleDir the folder of the function's bundle
 */
export function warmSandbox(bundleDir: string): WarmSandbox {
  const bugs: unknown[] = [];
  let server: Sandbox | undefined;
  let last: Promise<unknown> = Promise.resolve();

  async function run(scenario: Scenario, event: unknown): Promise<FunctionAnswer> {
    const { name: title, world } = scenario;
    server ??= await startSandbox({ world, onBug: (bug) => bugs.push(bug) });
    server.use(world);
    const isolate = isolates.take({ bundleDir, ...placeInWorld(world, server.url) });
    const outcome = await isolate.run({ title, event, scenario });
    isolates.giveBack(isolate, outcome);
    // The function took it for a fault of AWS, and its report means nothing.
    if (bugs.length > 0) throw bugs[0];
    return outcome.answer;
  }

  isolates.prepare(bundleDir);
  return {
    check(scenario, event) {
      const answer = last.then(() => run(scenario, event));
      last = answer.catch(() => {});
      return answer;
    },
    async stop() {
      await server?.stop();
    },
  };
}
