import { appendFileSync, writeFileSync } from 'node:fs';
import { asError } from '../../core/values.ts';
import type { Side } from '../../core/vocabulary.ts';
import { InputError } from '../../model/text/input-error.ts';
import { defaults } from '../../model/world/default-names.ts';
import type { ScenarioFile } from '../../model/world/scenario-schema.ts';
import type { PublicAccessBlock } from '../../model/world/world.ts';
import type { Assembly } from '../../sandbox/assembly.ts';
import { codeOf, reasonFor } from '../output-files.ts';
import type { Progress } from '../progress.ts';
import { Accounts, type Patience } from './account-calls.ts';
import { AwsChecker } from './checkers.ts';
import type { WorldResult } from './compare-answers.ts';
import type { Observed } from './observed-check.ts';
import { type Confirmed, confirmed } from './preconditions.ts';
import { destroyClients, type PreparedRun, type RunOptions, runClients, valuesOf } from './prepare-run.ts';
import { type RemovedResource, removeResources } from './remove-resources.ts';
import { run } from './run-worlds.ts';
import { readStateFile, StateFile, stateFormat } from './state-file.ts';

interface Files {
  readonly state: string;
  readonly recording: string;
}

export interface Conformance {
  readonly results: readonly WorldResult[];
  readonly removed: readonly RemovedResource[];
  /** Why the run ended before the last world. */
  readonly ended?: unknown;
}

/** Runs the prepared plan, and always cleans up. */
export async function runPlan(
  asked: RunOptions,
  { plan, base, clients, confirmed: known }: PreparedRun,
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
  const accounts = new Accounts(clients, region, settling);
  const aws = new AwsChecker(assembly.bundleDir, accounts, env);
  const results: WorldResult[] = [];
  const common = {
    format: recordingFormat,
    from: env['AWS_ENDPOINT_URL'] ? 'another endpoint' : 'AWS',
    recorded: new Date().toISOString().slice(0, 10),
    region,
    organizations: recordedOrganizations(known.organizations),
    accountBlocks: { service: base.accountBlocks.service ?? null, customer: base.accountBlocks.customer ?? null },
  } as const;
  let ended: unknown;
  try {
    await run({
      plan,
      base,
      accounts,
      state,
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
  await aws.end();
  onCleanUp();
  const removed = await cleanUpWith(state, new Accounts(clients, region, patience), progress);
  return { results, removed, ...(ended !== undefined && { ended }) };
}

function startRecording(path: string): void {
  try {
    writeFileSync(path, '', { flag: 'wx' });
  } catch (error) {
    const code = codeOf(error);
    const reason = code === 'EEXIST' ? 'exists already' : `cannot be written: ${reasonFor(code)}`;
    throw new InputError(`--output ${path}: ${reason}. Nothing was created. Give another file.`);
  }
}

/** If credentials expire, clean-up ends too, and reports the remaining resources like any others. */
async function cleanUpWith(
  state: StateFile,
  accounts: Accounts,
  progress: Progress,
): Promise<readonly RemovedResource[]> {
  progress.stage('Removing what was created …');
  try {
    return await removeResources(state, accounts, (done, of) => progress.counter(`${done} of ${of} removed`));
  } catch (error) {
    const { message: why } = asError(error);
    return state.state.resources.map((resource) => ({ resource, outcome: 'left', why }) as const);
  }
}

/**
 * Removes the leftovers of an earlier run.
 *
 * @param profiles replace those of the run
 * @throws InputError if an account is not the run's
 */
export async function cleanUpOf(
  path: string,
  profiles: RunOptions['profiles'],
  { env, progress, patience }: Pick<RunOptions, 'env' | 'progress'> & { readonly patience: Patience },
): Promise<readonly RemovedResource[]> {
  const file = readStateFile(path);
  const { region, accounts } = file.state;
  const used = {
    service: profiles.service ?? accounts.service.profile,
    customer: profiles.customer ?? accounts.customer.profile,
  };
  const clients = runClients({ profiles: used, env });
  try {
    const accountIds = { service: accounts.service.accountId, customer: accounts.customer.accountId };
    await confirmed({ clients, region, accountIds });
    return await cleanUpWith(file, new Accounts(clients, region, patience), progress);
  } finally {
    destroyClients(clients);
  }
}

/** One line of a recording: a world and its answers. Contains no account ID and no name of a run. */
export interface RecordingRow {
  readonly format: typeof recordingFormat;
  /** Distinguishes answers of AWS from those of AWS_ENDPOINT_URL. */
  readonly from: 'AWS' | 'another endpoint';
  readonly recorded: string;
  readonly region: string;
  /** Organization IDs of the default world; null if the account is in none or that is unknown. */
  readonly organizations: Readonly<Record<'service' | 'customer', string | null>>;
  /** S3 Block Public Access of each account; null if there is none or it is unknown. */
  readonly accountBlocks: Readonly<Record<'service' | 'customer', PublicAccessBlock | null>>;
  readonly file: string;
  readonly scenario: ScenarioFile;
  readonly observed: Observed;
}

export const recordingFormat = 'secure-inbox conformance recording 1';

function recordedOrganizations(found: Confirmed['organizations']): RecordingRow['organizations'] {
  const { service, customer } = valuesOf(found);
  const { serviceOrganizationId, customerOrganizationId } = defaults;
  const ofCustomer = customer === service ? serviceOrganizationId : customerOrganizationId;
  return { service: service ? serviceOrganizationId : null, customer: customer ? ofCustomer : null };
}
