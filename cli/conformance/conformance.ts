import { appendFileSync, writeFileSync } from 'node:fs';
import { namesOf, type Side, sides } from '../../core/vocabulary.ts';
import type { Assembly } from '../../sandbox/assembly.ts';
import { AccountClients } from '../collect/clients.ts';
import { InputError } from '../input/input-error.ts';
import type { Progress } from '../progress.ts';
import { Accounts, type Patience } from './accounts.ts';
import { SandboxChecker } from './checker.ts';
import type { Worlds } from './choose.ts';
import { worldsIn } from './choose.ts';
import { cleanUp, type Removed } from './clean-up.ts';
import { madeUpIdentities } from './identities.ts';
import { AwsChecker } from './in-aws.ts';
import { namePrefix, type RunNames, randomSuffix } from './naming.ts';
import type { OperationName } from './operations.ts';
import { cleanUpOperations, permitted } from './permissions.ts';
import { type Plan, planned } from './plan.ts';
import { type Confirmed, confirmed, type Organization } from './preconditions.ts';
import { organizationsIn, type RecordingRow, recordingFormat } from './recording.ts';
import type { WorldResult } from './results.ts';
import { run } from './run.ts';
import type { Settling } from './settle.ts';
import { readStateFile, StateFile, stateFormat } from './state-file.ts';

export interface Asked {
  readonly scenarios: readonly string[];
  readonly filter?: string;
  readonly region: string;
  readonly profiles: Readonly<Record<Side, string | undefined>>;
  readonly accountIds: Readonly<Record<Side, string | undefined>>;
  readonly settling: Settling;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly progress: Progress;
}

/** Everything that is known before anything is done. */
export interface Prepared {
  readonly worlds: Worlds;
  readonly plan: Plan;
  /** Absent for a plan without credentials. */
  readonly confirmed?: Confirmed;
  /** What nobody could find out beforehand. */
  readonly unknown: readonly string[];
  readonly sandbox: SandboxChecker;
  readonly base: Pick<RunNames, 'prefix' | 'region' | 'identities' | 'organizations'>;
}

/**
 * Asks who the two profiles are and what they may, chooses the worlds and counts the calls.
 *
 * @throws InputError for all that stands in the way of a run
 */
export async function prepare(asked: Asked, assembly: Assembly): Promise<Prepared> {
  const { region, accountIds, progress, scenarios, filter, settling } = asked;
  const { service, customer } = accountIds;
  const clients = clientsFor(asked);
  try {
    const known =
      service && customer ? await confirmed({ clients, region, accountIds: { service, customer } }) : undefined;
    const identities = known?.identities ?? madeUpIdentities;
    const organizations = {
      service: idIn(known?.organizations.service),
      customer: idIn(known?.organizations.customer),
    };
    const base = { prefix: `${namePrefix}${randomSuffix()}`, region, identities, organizations };
    const sameOrganization = organizations.service !== undefined && organizations.service === organizations.customer;
    progress.stage('Choosing worlds, and asking the sandbox what it says in each …');
    const worlds = await worldsIn(scenarios, filter, region, assembly, { identities, sameOrganization });
    const sandbox = new SandboxChecker(assembly.bundleDir);
    const plan = await planned(worlds.chosen, base, sandbox, settling, (done) =>
      progress.counter(`${done} of ${worlds.chosen.length}`),
    );
    const unknown = known ? [...(await refuseMissing(plan, known, clients)), ...unknownIn(known)] : [];
    return { worlds, plan, unknown, sandbox, base, ...(known && { confirmed: known }) };
  } finally {
    for (const side of namesOf(sides)) clients[side].destroy();
  }
}

function clientsFor({ profiles, env }: Pick<Asked, 'profiles' | 'env'>): Readonly<Record<Side, AccountClients>> {
  const pathStyle = Boolean(env['AWS_ENDPOINT_URL'] || env['AWS_ENDPOINT_URL_S3']);
  const of = (profile: string | undefined) =>
    new AccountClients({ pathStyle, ...(profile !== undefined && { profile }) });
  return { service: of(profiles.service), customer: of(profiles.customer) };
}

function idIn(organization: Organization | undefined): string | undefined {
  return organization?.kind === 'member' ? organization.id : undefined;
}

/** @throws InputError with every permission that one of the two lacks */
async function refuseMissing(
  plan: Plan,
  { identities }: Confirmed,
  clients: Readonly<Record<Side, AccountClients>>,
): Promise<readonly string[]> {
  const missing: string[] = [];
  const unknown: string[] = [];
  for (const side of namesOf(sides)) {
    const { prefix, region } = plan;
    const planned = [...plan.calls.create, ...plan.calls.put].filter((count) => count.side === side);
    const kinds = new Set(
      plan.creations.filter(({ resource }) => resource.side === side).map(({ resource }) => resource.kind),
    );
    const removing = cleanUpOperations.filter(
      (operation) => kinds.has('policy') || !/^(Get|List|Delete)Policy/.test(operation),
    );
    const operations = [...planned.map(({ operation }) => operation as OperationName), ...removing];
    const asked = side === 'service' ? [...operations, 'AssumeRole' as const] : operations;
    const found = await permitted({ side, operations: asked }, clients[side], {
      prefix,
      region,
      identity: identities[side],
    });
    if (found.kind === 'unknown') {
      unknown.push(
        `Whether permissions are missing: ${found.why}. They will show while the resources are created; everything is then removed.`,
      );
    } else missing.push(...found.missing.map((one) => `  ${side} account ${identities[side].accountId}: ${one}`));
  }
  if (missing.length === 0) return unknown;
  throw new InputError(
    `Permissions are missing, and nothing was done. Give them to the profiles, or use others:\n${missing.join('\n')}`,
  );
}

function unknownIn({ organizations }: Confirmed): readonly string[] {
  return namesOf(sides).flatMap((side) => {
    const found = organizations[side];
    if (found.kind !== 'unknown') return [];
    return [
      `Whether the ${side}'s account is the management account of an organization, or in the same one as the other: ${found.why}. It is taken for an account of its own.`,
    ];
  });
}

export interface Files {
  readonly state: string;
  readonly recording: string;
}

/** What a run has found, and what is left of it. */
export interface Conformance {
  readonly results: readonly WorldResult[];
  readonly removed: readonly Removed[];
  /** Why it ended before the last world. */
  readonly ended?: unknown;
}

/** Runs what was prepared and removes it again, whatever happens meanwhile. */
export async function carryOut(
  asked: Asked,
  { plan, base, sandbox, confirmed: known }: Prepared,
  assembly: Assembly,
  files: Files,
  {
    alive,
    patience,
    onCleanUp,
  }: { readonly alive: () => void; readonly patience: Patience; readonly onCleanUp: () => void },
): Promise<Conformance> {
  if (!known) throw new Error('Nobody has confirmed the accounts');
  const { env, progress, settling, region, profiles } = asked;
  const account = (side: Side) => ({
    accountId: known.identities[side].accountId,
    ...(profiles[side] !== undefined && { profile: profiles[side] }),
  });
  const state = new StateFile(files.state, {
    format: stateFormat,
    prefix: plan.prefix,
    region,
    startedAt: new Date().toISOString(),
    accounts: { service: account('service'), customer: account('customer') },
    resources: [],
  });
  startRecording(files.recording);
  const clients = clientsFor(asked);
  const accounts = new Accounts(clients, region, settling);
  const aws = new AwsChecker(assembly.bundleDir, accounts, env);
  const results: WorldResult[] = [];
  const common = {
    format: recordingFormat,
    from: env['AWS_ENDPOINT_URL'] ? 'another endpoint' : 'AWS',
    recorded: new Date().toISOString().slice(0, 10),
    region,
    organizations: organizationsIn(known.organizations),
  } as const;
  let ended: unknown;
  try {
    await run({
      plan,
      base,
      accounts,
      state,
      sandbox,
      aws,
      settling,
      progress,
      alive,
      done(result, { file }, observed) {
        results.push(result);
        if (!observed) return;
        const row: RecordingRow = { ...common, file: result.file, scenario: file, observed };
        appendFileSync(files.recording, `${JSON.stringify(row)}\n`);
      },
    });
  } catch (error) {
    ended = error;
  }
  try {
    await aws.end();
    onCleanUp();
    const removed = await cleanUpWith(state, new Accounts(clients, region, patience), progress);
    return { results, removed, ...(ended !== undefined && { ended }) };
  } finally {
    for (const side of namesOf(sides)) clients[side].destroy();
  }
}

function startRecording(path: string): void {
  try {
    writeFileSync(path, '', { flag: 'wx' });
  } catch (error) {
    const exists = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    const reason = exists ? 'exists already' : String(error instanceof Error ? error.message : error);
    throw new InputError(`--output ${path}: ${reason}. Nothing was created. Give another file.`);
  }
}

/** Credentials that have ended end the clean-up too: what is left is then told like any other remainder. */
async function cleanUpWith(state: StateFile, accounts: Accounts, progress: Progress): Promise<readonly Removed[]> {
  progress.stage('Removing what was created …');
  try {
    return await cleanUp(state, accounts, (done, of) => progress.counter(`${done} of ${of} removed`));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return state.state.resources.map((resource) => ({ resource, outcome: 'left', why }) as const);
  }
}

/**
 * Removes what an earlier run has left.
 *
 * @param profiles in place of those of the run
 * @throws InputError for another account than the run's
 */
export async function cleanUpOf(
  path: string,
  profiles: Asked['profiles'],
  { env, progress, patience }: Pick<Asked, 'env' | 'progress'> & { readonly patience: Patience },
): Promise<readonly Removed[]> {
  const file = readStateFile(path);
  const { region, accounts } = file.state;
  const used = {
    service: profiles.service ?? accounts.service.profile,
    customer: profiles.customer ?? accounts.customer.profile,
  };
  const clients = clientsFor({ profiles: used, env });
  try {
    const accountIds = { service: accounts.service.accountId, customer: accounts.customer.accountId };
    await confirmed({ clients, region, accountIds });
    return await cleanUpWith(file, new Accounts(clients, region, patience), progress);
  } finally {
    for (const side of namesOf(sides)) clients[side].destroy();
  }
}
