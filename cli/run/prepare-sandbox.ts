import { InputError } from '../../model/text/input-error.ts';
import type { Scenario } from '../../model/world/scenario.ts';
import type { Assembly } from '../../sandbox/assembly.ts';
import type { Progress } from '../progress.ts';

interface PreparedSandbox {
  /** The folder of the function's bundle. */
  readonly bundleDir: string;
  /**
   * @param files scenario files; empty for the default world
   * @param events events to check in them, in addition to their own
   * @throws InputError for the first one that can't be loaded
   */
  load(files: readonly string[], events?: readonly unknown[]): Promise<Scenario[]>;
}

export async function prepareSandbox(progress: Progress): Promise<PreparedSandbox> {
  const [synthesized, { defaultScenario, loadScenario }] = await Promise.all([
    synthesizedApp(progress),
    import('../../sandbox/scenario-files.ts'),
  ]);
  return {
    bundleDir: synthesized.bundleDir,
    async load(files, events) {
      if (files.length === 0) return [await defaultScenario(synthesized, events)];
      const scenarios: Scenario[] = [];
      for (const file of files) scenarios.push(await loadScenario(file, synthesized, events));
      return scenarios;
    },
  };
}

/**
 * Account A as synthesized by the CDK app. Loads the code for that on demand.
 *
 * @throws InputError if the app can't be synthesized
 */
export async function synthesizedApp(progress: Progress): Promise<Assembly> {
  const { assembly, AssemblyError } = await import('../../sandbox/assembly.ts');
  return assembly({ onProgress: progress.stage }).catch((error: unknown) => {
    throw error instanceof AssemblyError ? new InputError(error.message) : error;
  });
}
