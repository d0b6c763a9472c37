import type { RecordingRow } from '../../../cli/conformance/carry-out.ts';
import type { SandboxChecker } from '../../../cli/conformance/checker.ts';
import { scenarioInRegion } from '../../../cli/conformance/choose.ts';
import { type Observed, observed } from '../../../cli/conformance/exchange.ts';
import { accountsAs } from '../../../cli/conformance/naming.ts';
import type { Assembly } from '../../../sandbox/assembly.ts';
import { scenarioOf } from '../../../sandbox/scenario-files.ts';

/** What the sandbox says about a recorded world today. */
export async function replayed(row: RecordingRow, assembly: Assembly, sandbox: SandboxChecker): Promise<Observed> {
  const scenario = await scenarioOf(scenarioInRegion(row.scenario, row.region), assembly);
  const { world } = scenario;
  const { answer, exchanges } = await sandbox.check({
    ...scenario,
    world: { ...world, accounts: accountsAs(row, world) },
  });
  return observed(answer, exchanges, new Map());
}
