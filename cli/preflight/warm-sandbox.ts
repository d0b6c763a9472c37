import type { Scenario } from '../../model/world/scenario.ts';
import { isolates } from '../run/isolates.ts';
import type { FunctionAnswer } from '../run/job.ts';
import { ServedWorlds } from '../run/served-worlds.ts';

/** The sandbox and the function, kept between checks. */
export interface WarmSandbox {
  /** Runs one check after another, on demand. */
  check(scenario: Scenario, event: unknown): Promise<FunctionAnswer>;
  stop(): Promise<void>;
}

/**
 * Starts the function immediately, so that it loads while documents are read.
 *
 * @param bundleDir the folder of the function's bundle
 */
export function warmSandbox(bundleDir: string): WarmSandbox {
  const served = new ServedWorlds({ bundleDir });
  let last: Promise<unknown> = Promise.resolve();
  isolates.prepare(bundleDir);
  return {
    check(scenario, event) {
      const answer = last.then(async () => (await served.run({ title: scenario.name, event, scenario })).answer);
      last = answer.catch(() => {});
      return answer;
    },
    stop: () => served.stop(),
  };
}
