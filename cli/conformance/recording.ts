import type { ScenarioFile } from '../../model/world/scenario-schema.ts';
import type { PublicAccessBlock } from '../../model/world/world.ts';
import type { Assembly } from '../../sandbox/assembly.ts';
import type { SandboxChecker } from './checker.ts';
import { scenarioIn } from './choose.ts';
import { type Observed, observed } from './exchange.ts';
import type { Organization } from './preconditions.ts';

/** One line of a recording: a world, and what was answered in it. It holds no account id and no name of a run. */
export interface RecordingRow {
  readonly format: typeof recordingFormat;
  /** Whether the answers are AWS's, or those of whatever AWS_ENDPOINT_URL named. */
  readonly from: 'AWS' | 'another endpoint';
  /** The day. */
  readonly recorded: string;
  readonly region: string;
  /** Ids of organizations, as the default world has them; null where the account is in none or that is not known. */
  readonly organizations: Readonly<Record<'service' | 'customer', string | null>>;
  /** S3 Block Public Access of each account; null where there is none or that is not known. */
  readonly accountBlocks: Readonly<Record<'service' | 'customer', PublicAccessBlock | null>>;
  readonly file: string;
  readonly scenario: ScenarioFile;
  readonly observed: Observed;
}

export const recordingFormat = 'secure-inbox conformance recording 1';

export function recordedOrganizations(
  found: Readonly<Record<'service' | 'customer', Organization>>,
): RecordingRow['organizations'] {
  const [service, customer] = [found.service, found.customer].map((one) => (one.kind === 'member' ? one.id : null));
  return {
    service: service ? 'o-service' : null,
    customer: customer ? (customer === service ? 'o-service' : 'o-customer') : null,
  };
}

/** What the sandbox says of the same world today. */
export async function replayed(row: RecordingRow, assembly: Assembly, sandbox: SandboxChecker): Promise<Observed> {
  const scenario = await scenarioIn(row.scenario, row.region, assembly);
  const { world } = scenario;
  const accounts = new Map(
    [...world.accounts].map(([id, { organizationId: _, ...account }]) => {
      const side = id === world.serviceAccountId ? 'service' : 'customer';
      const { [side]: organizationId } = row.organizations;
      const { [side]: publicAccessBlock } = row.accountBlocks;
      return [
        id,
        { ...account, ...(organizationId && { organizationId }), ...(publicAccessBlock && { publicAccessBlock }) },
      ];
    }),
  );
  const { answer, exchanges } = await sandbox.check({ ...scenario, world: { ...world, accounts } });
  return observed(answer, exchanges, new Map());
}
