import type { RecordingRow } from '../../../cli/conformance/carry-out-plan.ts';
import type { SandboxChecker } from '../../../cli/conformance/checkers.ts';
import { scenarioInRegion } from '../../../cli/conformance/choose-worlds.ts';
import { type Observed, observed } from '../../../cli/conformance/observed-check.ts';
import { accountsAs } from '../../../cli/conformance/run-names.ts';
import type { Assembly } from '../../../sandbox/assembly.ts';
import { scenarioOf } from '../../../sandbox/scenario-files.ts';

/** The sandbox's current answer for a recorded world. */
export async function replayed(row: RecordingRow, assembly: Assembly, sandbox: SandboxChecker): Promise<Observed> {
  const scenario = await scenarioOf(scenarioInRegion(row.scenario, row.region), assembly);
  const { world } = scenario;
  const { answer, exchanges } = await sandbox.check({
    ...scenario,
    world: { ...world, accounts: accountsAs(row, world) },
  });
  return observed(answer, exchanges, new Map());
}
