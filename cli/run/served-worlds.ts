import type { Scenario } from '../../model/world/scenario.ts';
import type { FunctionSettings } from '../../sandbox/lambda-runtime.ts';
import { type Sandbox, startSandbox } from '../../sandbox/start.ts';
import { placeInWorld } from './function-settings.ts';
import { isolates } from './isolates.ts';
import type { Job, JobOutcome, Runner } from './job.ts';

type BundleSettings = Pick<FunctionSettings, 'bundleDir' | 'timeoutMs' | 'onExchange'>;

/** A sandbox that serves the world of one job after another, with the unmodified bundle that runs against it. */
export class ServedWorlds {
  readonly #bugs: unknown[] = [];
  #server: Sandbox | undefined;

  constructor(private readonly settings: BundleSettings) {}

  async run(job: Job): Promise<JobOutcome> {
    const { world } = scenarioOf(job);
    this.#server ??= await startSandbox({ world, onBug: (bug) => this.#bugs.push(bug) });
    this.#server.use(world);
    const isolate = isolates.take({ ...this.settings, ...placeInWorld(world, this.#server.url) });
    const outcome = await isolate.run(job);
    isolates.giveBack(isolate, outcome);
    // The function treated the bug as an AWS fault, so its report means nothing.
    if (this.#bugs.length > 0) throw this.#bugs[0];
    return outcome;
  }

  async stop(): Promise<void> {
    await this.#server?.stop();
  }
}

function scenarioOf({ scenario, title }: Job): Scenario {
  if (!scenario) throw new Error(`${title}: the sandbox runs events in the world of a scenario`);
  return scenario;
}

/** @param lanes the number of parallel jobs, each with its own accounts */
export function inSandbox({ lanes = 2, ...settings }: BundleSettings & { readonly lanes?: number }): Runner {
  return async (jobs, done, begun) => {
    const waiting = jobs.entries();

    async function runLane(): Promise<void> {
      const served = new ServedWorlds(settings);
      try {
        for (const [at, job] of waiting) {
          begun?.(at);
          // May run further checks with the isolate that is idle meanwhile.
          await done(at, await served.run(job));
        }
      } finally {
        await served.stop();
      }
    }

    await Promise.all(jobs.slice(0, lanes).map(runLane));
  };
}
