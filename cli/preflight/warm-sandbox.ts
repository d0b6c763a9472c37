import { startSandbox } from '../../sandbox/start.ts';
import type { Scenario } from '../../sandbox/world/scenario.ts';
import type { World } from '../../sandbox/world/world.ts';
import type { Answer } from '../run/answer.ts';
import { placeInWorld } from '../run/function-settings.ts';
import { Isolates } from '../run/isolates.ts';

/** The sandbox and the function, kept between checks. */
export interface WarmSandbox {
  /** One check after another, whenever they are asked for. */
  check(scenario: Scenario, event: unknown): Promise<Answer>;
  stop(): Promise<void>;
}

export interface WarmSandboxOptions {
  /** The folder of the function's bundle. */
  readonly bundleDir: string;
  /** What is checked first. */
  readonly world: World;
  /** Whether more checks will be asked for, so that the next one finds the function started. */
  readonly keepReady: boolean;
}

export async function warmSandbox({ bundleDir, world, keepReady }: WarmSandboxOptions): Promise<WarmSandbox> {
  const bugs: unknown[] = [];
  const isolates = new Isolates();
  const server = await startSandbox({ world, onBug: (bug) => bugs.push(bug) });
  let last: Promise<unknown> = Promise.resolve();

  async function run(scenario: Scenario, event: unknown): Promise<Answer> {
    server.use(scenario.world);
    const settings = { bundleDir, ...placeInWorld(scenario.world, server.url) };
    const isolate = isolates.take(settings);
    const outcome = await isolate.run({ title: scenario.name, event, scenario });
    isolates.giveBack(isolate, outcome);
    if (keepReady) isolates.prepare(settings);
    // The function took it for a fault of AWS, and its report means nothing.
    if (bugs.length > 0) throw bugs[0];
    return outcome.answer;
  }

  isolates.prepare({ bundleDir, ...placeInWorld(world, server.url) });
  return {
    check(scenario, event) {
      const next = last.then(() => run(scenario, event));
      last = next.catch(() => {});
      return next;
    },
    async stop() {
      isolates.end();
      await server.stop();
    },
  };
}
