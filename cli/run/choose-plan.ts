import { availableParallelism } from 'node:os';
import { defined } from '../../core/values.ts';
import { InputError } from '../../model/text/input-error.ts';
import { jobsInWorlds, type ReadFiles } from '../input/jobs.ts';
import type { Progress } from '../progress.ts';
import type { Job, Runner } from './job.ts';
import { prepareSandbox } from './prepare-sandbox.ts';
import type { UntilToldOptions } from './until-cloudtrail-tells.ts';

interface PlanOptions {
  readonly function?: string;
  readonly local?: true;
  readonly profile?: string;
  readonly region?: string;
  /** How long to wait for CloudTrail; absent if no event requests it. */
  readonly waitMs?: number;
}

interface Plan {
  readonly runner: Runner;
  readonly jobs: readonly Job[];
}

/** Determines where the check runs, and its inputs. Loads only what that place needs. */
export async function choosePlan(
  options: PlanOptions,
  { events, scenarios }: ReadFiles,
  env: Readonly<Record<string, string | undefined>>,
  progress: Progress,
): Promise<Plan> {
  const { waitMs } = options;
  const wanted = waitMs === undefined ? undefined : { waitMs, progress };
  // On this machine, a run may last as long as the user waits. A deployed function has its own limit.
  const timeLimit = waitMs === undefined ? {} : { timeoutMs: waitMs };
  const where = defined({ profile: options.profile || undefined, region: options.region || undefined });

  if (options.function === undefined && !options.local) {
    const { bundleDir, load } = await prepareSandbox(progress);
    const [{ isolates }, { inSandbox }, { verifyingRemedies }] = await Promise.all([
      import('./isolates.ts'),
      import('./served-worlds.ts'),
      import('./verifying-remedies.ts'),
    ]);
    // Loads the bundle while the scenarios are loaded.
    isolates.prepare(bundleDir);
    const lanes = Math.min(2, availableParallelism());
    const once = inSandbox({ bundleDir, lanes, ...timeLimit });
    const runner = verifyingRemedies(await untilToldIf(wanted, once), once);
    const given = events.map(({ event }) => event);
    return { runner, jobs: jobsInWorlds(await load(scenarios, given), events) };
  }

  const option = options.local ? '--local' : '--function';
  if (scenarios.length > 0) throw new InputError(`${option}: talks to AWS, where a scenario has no place.`);
  if (events.length === 0) throw new InputError(`${option}: say what to check with --event FILE.`);
  if (options.function !== undefined) {
    const { deployed } = await import('./deployed.ts');
    progress.stage(`Invoking ${options.function}…`);
    const once = deployed({ functionName: options.function, ...where });
    return { runner: await untilToldIf(wanted, once), jobs: events };
  }
  const [{ bundleDir }, { locally }] = await Promise.all([prepareSandbox(progress), import('./locally.ts')]);
  const once = locally({ bundleDir, env, ...where, ...timeLimit });
  return { runner: await untilToldIf(wanted, once), jobs: events };
}

async function untilToldIf(wanted: UntilToldOptions | undefined, runner: Runner): Promise<Runner> {
  if (!wanted) return runner;
  const { untilTold } = await import('./until-cloudtrail-tells.ts');
  return untilTold(runner, wanted);
}
