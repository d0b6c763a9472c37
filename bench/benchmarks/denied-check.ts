import { relative } from 'node:path';
import { scenarioFilesIn } from '../../cli/input/scenario-files.ts';
import { placeInWorld } from '../../cli/run/function-settings.ts';
import { prepareSandbox } from '../../cli/run/prepare-sandbox.ts';
import type { Report } from '../../core/report.ts';
import { InputError } from '../../model/text/input-error.ts';
import type { Scenario } from '../../model/world/scenario.ts';
import { startSandbox } from '../../sandbox/start.ts';
import { latencyMs } from '../accounts.ts';
import type { Benchmark } from '../benchmark.ts';
import { type FunctionProcess, startFunctionProcess } from '../function-process.ts';
import { spreadOf } from '../statistics.ts';
import { longestChain, windowsOf } from '../windows.ts';

interface Denied {
  readonly file: string;
  readonly extraCalls: number;
  readonly extraRoundTrips: number;
  readonly wallMs: number;
}

export const deniedCheck: Benchmark = {
  name: 'denied-check',
  question: `What does explaining a denial cost, in AWS calls beyond the check's own steps, at ${latencyMs} ms each?`,
  async measure(progress) {
    const { bundleDir, load } = await prepareSandbox(progress);
    const scenarios = await brokenScenarios(load);
    const [some] = scenarios;
    if (!some) throw new Error('There is no scenario of a denied check.');
    const sandbox = await startSandbox({ world: some.world, latencyMs });
    const processes = new Map<string, FunctionProcess>();
    const measured: Denied[] = [];
    try {
      for (const [at, { file = '', world, event }] of scenarios.entries()) {
        progress.counter(`${at + 1} of ${scenarios.length}: ${file}`);
        sandbox.use(world);
        const place = placeInWorld(world, sandbox.url);
        const key = JSON.stringify(place);
        const running = processes.get(key) ?? startFunctionProcess({ bundleDir, ...place });
        processes.set(key, running);
        const { answer, wallMs } = await running.invoke(event);
        const { verdict, steps } = answer as Report;
        if (verdict === 'passed') {
          // The catalog reports a wrong answer. The kept session belongs to this world.
          processes.delete(key);
          await running.stop();
          continue;
        }
        // A request that only prepares the copy counts too, because it is sent and answered.
        const ownCalls = steps.filter(
          ({ status, request, error }) => request && (status !== 'skipped' || error),
        ).length;
        measured.push({
          file,
          wallMs,
          extraCalls: sandbox.calls.length - ownCalls,
          extraRoundTrips: longestChain(windowsOf(sandbox.calls, latencyMs)) - ownCalls,
        });
      }
    } finally {
      await Promise.all([...processes.values()].map((running) => running.stop()));
      await sandbox.stop();
    }
    if (measured.length === 0) throw new Error('No scenario of a denied check was denied.');
    const calls = spreadOf(measured.map(({ extraCalls }) => extraCalls));
    const trips = spreadOf(measured.map(({ extraRoundTrips }) => extraRoundTrips));
    const wall = spreadOf(measured.map(({ wallMs }) => wallMs));
    const worst = measured.find(({ extraRoundTrips }) => extraRoundTrips === trips.max);
    const most = measured.find(({ extraCalls }) => extraCalls === calls.max);
    return [
      {
        what: 'round trips after the denial, at most',
        value: trips.max,
        unit: 'round trips',
        goal: { atMost: 5 },
        spread: trips,
        note: `${relative('.', worst?.file ?? '')}; calls made at the same time count once`,
      },
      {
        what: 'extra AWS calls, at most',
        value: calls.max,
        unit: 'calls',
        goal: { atMost: 12 },
        spread: calls,
        note: relative('.', most?.file ?? ''),
      },
      { what: 'a denied check, from event to report', value: wall.median, unit: 'ms', spread: wall },
      { what: 'scenarios that did not pass', value: measured.length, unit: 'scenarios' },
    ];
  },
};

async function brokenScenarios(
  load: (files: readonly string[]) => Promise<readonly Scenario[]>,
): Promise<readonly Scenario[]> {
  const scenarios: Scenario[] = [];
  for (const file of await scenarioFilesIn('scenarios')) {
    // The catalog reports scenarios that can't be loaded.
    const loaded = await load([file]).catch((error: unknown) => {
      if (error instanceof InputError) return [];
      throw error;
    });
    scenarios.push(...loaded.filter(({ expect }) => expect.verdict !== 'passed'));
  }
  return scenarios;
}
