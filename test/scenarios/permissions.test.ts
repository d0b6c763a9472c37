import path from 'node:path';
import { jobsInWorlds } from '../../cli/input/jobs.ts';
import { scenarioFilesIn } from '../../cli/input/scenario-files.ts';
import { inSandbox } from '../../cli/run/served-worlds.ts';
import { askedRequestsOf } from '../../core/delivery/requests.ts';
import { isSettingLayer } from '../../core/layers.ts';
import type { Permission } from '../../core/report.ts';
import { type Fault, faultsOf } from '../../model/analysis/faults.ts';
import { deliveryIn } from '../../model/world/delivery-in.ts';
import { assembly } from '../../sandbox/assembly.ts';
import { loadScenario } from '../../sandbox/scenario-files.ts';

/** Compares a report's permissions with the facts of its world. */

const folder = path.join(import.meta.dirname, '../../scenarios');

/** EVERY_SCENARIO=1 takes all scenarios. */
const sample = process.env['EVERY_SCENARIO'] ? 1 : 15;
const some = <T>(items: readonly T[]) => items.filter((_, at) => at % sample === 0);

it('calls nothing denied allowed, and nothing allowed denied', async () => {
  const synthesized = await assembly();
  const files = some(await scenarioFilesIn(folder));
  const scenarios = await Promise.all(files.map((file) => loadScenario(file, synthesized)));
  const found: (readonly Permission[])[] = [];
  await inSandbox({ bundleDir: synthesized.bundleDir })(jobsInWorlds(scenarios, []), (at, { answer }) => {
    const [report] = answer.kind === 'reports' ? answer.reports : [];
    found[at] = report?.permissions ?? [];
  });

  const wrong: string[] = [];
  const counts: Record<string, number> = {};
  for (const [at, { file = '', world, event }] of scenarios.entries()) {
    const faults = faultsOf(world, event);
    const asked = askedRequestsOf(deliveryIn(world, event));
    const permissions = found[at] ?? [];
    // One per permission that the event tests, in the table's order.
    if (permissions.map(edgeOf).join() !== [...new Set(asked.map(edgeOf))].join())
      wrong.push(`${file}: ${permissions.map(edgeOf)}`);
    for (const { step, action, on, state } of permissions) {
      counts[state] = (counts[state] ?? 0) + 1;
      const resource = asked.find((request) => request.on === on && request.action === action)?.resource;
      const isRefused = faults.some((fault) => refuses(fault, action, resource));
      const isRefusedHere = faults.some(
        (fault) => fault.step === step && (fault.on ?? on) === on && refuses(fault, action, resource),
      );
      if ((state === 'allowed' && isRefusedHere) || (state === 'denied' && !isRefused)) {
        wrong.push(`${path.relative(folder, file)}: ${step} ${action} on ${on} is ${state}`);
      }
    }
  }
  expect(wrong).toEqual([]);
  expect(Object.keys(counts).sort()).toEqual(['allowed', 'denied', 'likely-denied', 'possibly-denied', 'unknown']);
}, 600_000);

function edgeOf({ step, action, on }: Pick<Permission, 'step' | 'action' | 'on'>): string {
  return `${step} ${action} ${on}`;
}

function refuses(fault: Fault, action: string, resource: string | undefined): boolean {
  return fault.resource === resource && (fault.action === action || isSettingLayer(fault.layer));
}
