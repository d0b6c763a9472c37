import type { Scenario } from '../../model/world/scenario.ts';
import type { FunctionSettings } from '../../sandbox/lambda-runtime.ts';
import { startSandbox } from '../../sandbox/start.ts';
import { placeInWorld } from './function-settings.ts';
import { Isolates } from './isolates.ts';
import type { Job, Runner } from './job.ts';

export interface SandboxRun {
  /** The folder of the function's bundle. */
  readonly bundleDir: string;
  /** How many jobs at once, each against accounts of its own. */
  readonly lanes?: number;
  /** Of a run. */
  readonly timeoutMs?: number;
}

interface Turn {
  readonly at: number;
  readonly job: Job;
  readonly scenario: Scenario;
  readonly settings: FunctionSettings;
}

/** Runs the unmodified bundle against the two accounts of each job's scenario. */
export function inSandbox({ bundleDir, lanes = 2, timeoutMs }: SandboxRun): Runner {
  const limit = timeoutMs === undefined ? {} : { timeoutMs };
  return async (jobs, done, begun) => {
    const waiting = jobs.entries();

    function nextTurn(url: string): Turn | undefined {
      const next = waiting.next();
      if (next.done) return undefined;
      const [at, job] = next.value;
      const scenario = scenarioOf(job);
      return { at, job, scenario, settings: { bundleDir, ...limit, ...placeInWorld(scenario.world, url) } };
    }

    async function runLane(first: Job): Promise<void> {
      const bugs: unknown[] = [];
      const isolates = new Isolates();
      const server = await startSandbox({ world: scenarioOf(first).world, onBug: (bug) => bugs.push(bug) });
      try {
        let turn = nextTurn(server.url);
        while (turn) {
          server.use(turn.scenario.world);
          const { at, job, settings } = turn;
          begun?.(at);
          const isolate = isolates.take(settings);
          const running = isolate.run(job);
          turn = nextTurn(server.url);
          if (turn) isolates.prepare(turn.settings, isolate);
          const outcome = await running;
          isolates.giveBack(isolate, outcome);
          // The function took it for a fault of AWS, and its report means nothing.
          if (bugs.length > 0) throw bugs[0];
          await done(at, outcome);
        }
      } finally {
        isolates.end();
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
