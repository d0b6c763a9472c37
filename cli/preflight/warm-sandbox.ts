import type { Scenario } from '../../model/world/scenario.ts';
import type { World } from '../../model/world/world.ts';
import { startSandbox } from '../../sandbox/start.ts';
import type { FunctionAnswer } from '../run/answer.ts';
import { placeInWorld } from '../run/function-settings.ts';
import { Isolates } from '../run/isolates.ts';

/** The sandbox and the function, kept between checks. */
export interface WarmSandbox {
  /** One check after another, whenever they are asked for. */
  check(scenario: Scenario, event: unknown): Promise<FunctionAnswer>;
  /** What is checked after this, so that it finds the function started; nothing where this is the last. */
  expect(next: World | undefined): void;
  stop(): Promise<void>;
}

export interface WarmSandboxOptions {
  /** The folder of the function's bundle. */
  readonly bundleDir: string;
  /** What is checked first. */
  readonly world: World;
}

export async function warmSandbox({ bundleDir, world }: WarmSandboxOptions): Promise<WarmSandbox> {
  const bugs: unknown[] = [];
  const isolates = new Isolates();
  const server = await startSandbox({ world, onBug: (bug) => bugs.push(bug) });
  const settingsIn = (one: World) => ({ bundleDir, ...placeInWorld(one, server.url) });
  let last: Promise<unknown> = Promise.resolve();
  let next: World | undefined;

  async function run(scenario: Scenario, event: unknown): Promise<FunctionAnswer> {
    server.use(scenario.world);
    const isolate = isolates.take(settingsIn(scenario.world));
    const outcome = await isolate.run({ title: scenario.name, event, scenario });
    isolates.giveBack(isolate, outcome);
    if (next) isolates.prepare(settingsIn(next));
    // The function took it for a fault of AWS, and its report means nothing.
    if (bugs.length > 0) throw bugs[0];
    return outcome.answer;
  }

  isolates.prepare(settingsIn(world));
  return {
    check(scenario, event) {
      const answer = last.then(() => run(scenario, event));
      last = answer.catch(() => {});
      return answer;
    },
    expect(world) {
      next = world;
    },
    async stop() {
      isolates.end();
      await server.stop();
    },
  };
}
