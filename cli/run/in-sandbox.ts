import type { Scenario } from '../../model/world/scenario.ts';
import { startSandbox } from '../../sandbox/start.ts';
import { placeInWorld } from './function-settings.ts';
import { isolates } from './isolates.ts';
import type { Job, Runner } from './job.ts';

interface SandboxRun {
  /** The folder of the function's bundle. */
  readonly bundleDir: string;
  /** How many jobs at once, each against accounts of its own. */
  readonly lanes?: number;
  /** Of a run. */
  readonly timeoutMs?: number;
}

/** Runs the unmodified bundle against the two accounts of each job's scenario. */
export function inSandbox({ bundleDir, lanes = 2, timeoutMs }: SandboxRun): Runner {
  const limit = timeoutMs === undefined ? {} : { timeoutMs };
  return async (jobs, done, begun) => {
    const waiting = jobs.entries();

    async function runLane(first: Job): Promise<void> {
      const bugs: unknown[] = [];
      const server = await startSandbox({ world: scenarioOf(first).world, onBug: (bug) => bugs.push(bug) });
      try {
        for (const [at, job] of waiting) {
          const { world } = scenarioOf(job);
          server.use(world);
          begun?.(at);
          const isolate = isolates.take({ bundleDir, ...limit, ...placeInWorld(world, server.url) });
          const outcome = await isolate.run(job);
          isolates.giveBack(isolate, outcome);
          // The function took it for a fault of AWS, and its report means nothing.
          if (bugs.length > 0) throw bugs[0];
          // It may run further checks, with the isolate that waits here meanwhile.
          await done(at, outcome);
        }
      } finally {
        await server.stop();
      }
    }

    await Promise.all(jobs.slice(0, lanes).map(runLane));
  };
}

function scenarioOf({ scenario, title }: Job): Scenario {
  if (!scenario) throw new Error(`${title}: the sandbox runs events in the world of a scenario`);
  return scenario;
}
