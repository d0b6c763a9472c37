import type { Scenario } from '../../model/world/scenario.ts';
import type { FunctionSettings, HttpExchange } from '../../sandbox/lambda-runtime.ts';
import { type Sandbox, startSandbox } from '../../sandbox/start.ts';
import { type FunctionPlace, placeInWorld } from '../run/function-settings.ts';
import { isolates } from '../run/isolates.ts';
import type { FunctionAnswer } from '../run/job.ts';

export interface ComparedCheck {
  readonly answer: FunctionAnswer;
  readonly exchanges: readonly HttpExchange[];
}

/** Runs the bundle somewhere, and notes what it asked and was answered. */
export class Checker {
  readonly #bundleDir: string;
  #exchanges: HttpExchange[] = [];
  readonly #note = (exchange: HttpExchange) => void this.#exchanges.push(exchange);

  constructor(bundleDir: string) {
    this.#bundleDir = bundleDir;
  }

  async check({ name, event }: Pick<Scenario, 'name' | 'event'>, place: FunctionPlace): Promise<ComparedCheck> {
    const settings: FunctionSettings = { bundleDir: this.#bundleDir, ...place, onExchange: this.#note };
    const isolate = isolates.take(settings);
    this.#exchanges = [];
    const outcome = await isolate.run({ title: name, event });
    isolates.giveBack(isolate, outcome);
    return { answer: outcome.answer, exchanges: this.#exchanges };
  }
}

/** What the sandbox says of worlds. */
export class SandboxChecker {
  readonly #checker: Checker;
  #sandbox: Sandbox | undefined;

  constructor(bundleDir: string) {
    this.#checker = new Checker(bundleDir);
  }

  async check(scenario: Scenario): Promise<ComparedCheck> {
    const { world } = scenario;
    // What an earlier check left there must not be in a world that is checked again.
    const buckets = new Map([...world.buckets].map(([name, bucket]) => [name, { ...bucket, objects: new Map() }]));
    const fresh = { ...world, buckets, trail: [], callers: new Map(world.callers) };
    this.#sandbox ??= await startSandbox({ world: fresh });
    this.#sandbox.use(fresh);
    return this.#checker.check(scenario, placeInWorld(fresh, this.#sandbox.url));
  }

  async end(): Promise<void> {
    await this.#sandbox?.stop();
  }
}
