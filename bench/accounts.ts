import type { Progress } from '../cli/progress.ts';
import { placeInWorld } from '../cli/run/function-settings.ts';
import { prepareSandbox } from '../cli/run/prepare-sandbox.ts';
import type { TestEvent } from '../core/event.ts';
import type { Report } from '../core/report.ts';
import { type Sandbox, startSandbox } from '../sandbox/start.ts';
import { type FunctionProcess, type FunctionProcessSettings, startFunctionProcess } from './function-process.ts';
import { withCustomers } from './many-customers.ts';

/** The assumed duration of an AWS call, nearly all of it network time. */
export const latencyMs = 30;

/** Customers whose inboxes all work, and the function, not started yet. */
export interface Accounts {
  readonly sandbox: Sandbox;
  readonly events: readonly TestEvent[];
  startFunction(settings?: Pick<FunctionProcessSettings, 'coverageDir'>): FunctionProcess;
}

/** @param concurrency how many customers of a batch the function checks at once */
export async function openAccounts(progress: Progress, customers: number, concurrency = 10): Promise<Accounts> {
  const { bundleDir, load } = await prepareSandbox(progress);
  const [scenario] = await load([]);
  if (!scenario) throw new Error('There is no default scenario');
  const { world, events } = withCustomers(scenario.world, customers);
  const sandbox = await startSandbox({ world, latencyMs });
  const { functionArn, environment } = placeInWorld(world, sandbox.url);
  return {
    sandbox,
    events,
    startFunction: (settings = {}) =>
      startFunctionProcess({
        bundleDir,
        functionArn,
        environment: { ...environment, CHECK_CONCURRENCY: String(concurrency) },
        ...settings,
      }),
  };
}

/** Measuring something that doesn't work would be meaningless. @throws Error that says what did not pass */
export function passedReports(answer: unknown): readonly Report[] {
  const reports = isBatch(answer) ? answer.reports : [answer as Report];
  for (const { customer, verdict, deniedStep, steps } of reports) {
    if (verdict === 'passed') continue;
    const why = steps.find(({ status }) => status !== 'passed');
    throw new Error(`${customer}: ${verdict} at ${deniedStep}: ${why?.error?.message ?? why?.reason}`);
  }
  return reports;
}

function isBatch(answer: unknown): answer is { readonly reports: readonly Report[] } {
  return typeof answer === 'object' && answer !== null && 'reports' in answer;
}
