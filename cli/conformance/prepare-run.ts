import { namesOf, type Side, sides } from '../../core/vocabulary.ts';
import { InputError } from '../../model/text/input-error.ts';
import type { Assembly } from '../../sandbox/assembly.ts';
import { AccountClients } from '../collect/account-clients.ts';
import { awsEndpointsIn } from '../collect/aws-access.ts';
import { answerIn, type ReadResult } from '../collect/read-results.ts';
import type { Progress } from '../progress.ts';
import type { Settling } from './account-calls.ts';
import type { OperationName } from './aws-operations.ts';
import { SandboxChecker } from './checkers.ts';
import { type Worlds, worldsIn } from './choose-worlds.ts';
import { type Confirmed, confirmed, permitted } from './preconditions.ts';
import { removals } from './remove-resources.ts';
import { madeUpIdentities, namePrefix, type RunBase, randomSuffix } from './run-names.ts';
import { planned, type RunPlan } from './run-plan.ts';

export interface RunOptions {
  readonly scenarios: readonly string[];
  readonly filter?: string;
  readonly region: string;
  readonly profiles: Readonly<Record<Side, string | undefined>>;
  readonly accountIds: Readonly<Record<Side, string | undefined>>;
  readonly settling: Settling;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly progress: Progress;
}

export interface PreparedRun {
  readonly worlds: Worlds;
  readonly plan: RunPlan;
  /** Absent for a plan without credentials. */
  readonly confirmed?: Confirmed;
  /** Facts that could not be found out in advance. */
  readonly unknown: readonly string[];
  readonly base: RunBase;
  /** The caller must destroy them at the end. */
  readonly clients: RunClients;
}

/**
 * Finds out the identities and permissions of both profiles, chooses the worlds and counts the calls.
 *
 * @throws InputError with every reason that prevents a run
 */
export async function prepareRun(asked: RunOptions, assembly: Assembly): Promise<PreparedRun> {
  const { region, accountIds, progress, scenarios, filter, settling } = asked;
  const { service, customer } = accountIds;
  const clients = runClients(asked);
  const sandbox = new SandboxChecker(assembly.bundleDir);
  try {
    const known =
      service && customer ? await confirmed({ clients, region, accountIds: { service, customer } }) : undefined;
    const identities = known?.identities ?? madeUpIdentities;
    const organizations = valuesOf(known?.organizations);
    const accountBlocks = valuesOf(known?.publicAccessBlocks);
    const base = { accountBlocks, prefix: `${namePrefix}${randomSuffix()}`, region, identities, organizations };
    const sameOrganization = organizations.service !== undefined && organizations.service === organizations.customer;
    progress.stage('Choosing scenarios and running each in the sandbox …');
    const worlds = await worldsIn(scenarios, filter, region, assembly, { identities, sameOrganization });
    const plan = await planned(worlds.chosen, base, sandbox, settling, (done) =>
      progress.counter(`${done} of ${worlds.chosen.length}`),
    );
    const unknown = known ? [...(await refuseMissing(plan, known, clients)), ...unknownIn(known)] : [];
    return { worlds, plan, unknown, base, clients, ...(known && { confirmed: known }) };
  } catch (error) {
    destroyClients(clients);
    throw error;
  } finally {
    await sandbox.end();
  }
}

type RunClients = Readonly<Record<Side, AccountClients>>;

export function destroyClients(clients: RunClients): void {
  for (const side of namesOf(sides)) clients[side].destroy();
}

export function runClients({ profiles, env }: Pick<RunOptions, 'profiles' | 'env'>): RunClients {
  const of = (profile: string | undefined) => new AccountClients({ ...awsEndpointsIn(env), profile });
  return { service: of(profiles.service), customer: of(profiles.customer) };
}

/** Treats unknown values as none. */
export function valuesOf<T>(
  found: Readonly<Record<Side, ReadResult<T | undefined>>> | undefined,
): Record<Side, T | undefined> {
  return { service: found && answerIn(found.service), customer: found && answerIn(found.customer) };
}

/** @throws InputError with every permission that either of the two lacks */
async function refuseMissing(
  plan: RunPlan,
  { identities }: Confirmed,
  clients: RunClients,
): Promise<readonly string[]> {
  const missing: string[] = [];
  const unknown: string[] = [];
  for (const side of namesOf(sides)) {
    const { prefix, region } = plan;
    const planned = [...plan.calls.create, ...plan.calls.put].filter((count) => count.side === side);
    const kinds = new Set(
      plan.creations.filter(({ resource }) => resource.side === side).map(({ resource }) => resource.kind),
    );
    const removing = namesOf(removals).flatMap((kind) => {
      const { always, maybe } = removals[kind];
      return kind === 'policy' && !kinds.has(kind) ? [] : [...always, ...maybe];
    });
    const operations = [...planned.map(({ operation }) => operation as OperationName), ...removing];
    const asked = side === 'service' ? [...operations, 'AssumeRole' as const] : operations;
    const identity = identities[side];
    const found = await permitted({ side, operations: asked }, clients[side], { prefix, region, identity });
    if (found.kind === 'unknown') {
      unknown.push(
        `Whether permissions are missing: ${found.why}. They will show while the resources are created; everything is then removed.`,
      );
    } else missing.push(...found.missing.map((one) => `  ${side} account ${identity.accountId}: ${one}`));
  }
  if (missing.length === 0) return unknown;
  throw new InputError(
    `Permissions are missing, and nothing was done. Give them to the profiles, or use others:\n${missing.join('\n')}`,
  );
}

function unknownIn({ organizations, publicAccessBlocks }: Confirmed): readonly string[] {
  return namesOf(sides).flatMap((side) => {
    const { [side]: organization } = organizations;
    const { [side]: block } = publicAccessBlocks;
    return [
      ...(organization.kind === 'unread'
        ? [
            `Whether the ${side}'s account is the management account of an organization, or in the same one as the other: ${organization.reason}. It is treated as a separate account.`,
          ]
        : []),
      ...(block.kind === 'unread'
        ? [`Whether S3 Block Public Access is on for the ${side}'s account: ${block.reason}. It is treated as off.`]
        : []),
    ];
  });
}
