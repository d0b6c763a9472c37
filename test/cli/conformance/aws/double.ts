import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Caller, PolicyDocument, PolicyStatement, Role, World } from '../../../../model/world/world.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../../../sandbox/start.ts';
import { iamWrites } from './iam-writes.ts';
import { kmsWrites } from './kms-writes.ts';
import { s3Writes } from './s3-writes.ts';

/**
 * Two accounts that contain only an administrator each, served by the sandbox with operations that write. The command
 * changes them as it changes AWS, through the SDK and over HTTP, and they answer like the simulation.
 */
export interface AwsDouble {
  readonly sandbox: Sandbox;
  readonly world: World;
  readonly tags: Tags;
  /** For a process, or for the SDK in this one. */
  readonly env: Readonly<Record<string, string>>;
  readonly args: readonly string[];
  stop(): Promise<void>;
}

export const accountIds = { service: '444455556666', customer: '777788889999' } as const;

/** Roles, policies and keys by ARN; buckets by name. */
export type Tags = Map<string, Readonly<Record<string, string>>>;

export interface DoubleOptions {
  /** How long it takes until a written policy or state is in effect. @default 0 */
  readonly lagMs?: number;
  /** Statements that deny the administrators something. @default none */
  readonly denied?: readonly PolicyStatement[];
  /** Replacements for the double's own operations. */
  readonly operations?: SandboxOptions['operations'];
  readonly intercept?: SandboxOptions['intercept'];
  readonly organizations?: Readonly<Partial<Record<keyof typeof accountIds, string>>>;
}

export async function startDouble(options: DoubleOptions = {}): Promise<AwsDouble> {
  const { lagMs = 0, operations = {}, intercept } = options;
  const world = twoAccounts(options);
  const tags: Tags = new Map();
  const timers = new Set<NodeJS.Timeout>();
  const later = (change: () => void) => {
    if (lagMs === 0) return change();
    const timer = setTimeout(() => {
      timers.delete(timer);
      change();
    }, lagMs);
    timers.add(timer);
  };
  const made = { tags, later };
  const sandbox = await startSandbox({
    world,
    operations: {
      ...operations,
      iam: { ...iamWrites(made), ...operations.iam },
      s3: { ...s3Writes(made), ...operations.s3 },
      kms: { ...kmsWrites(made), ...operations.kms },
    },
    ...(intercept && { intercept }),
  });
  const folder = mkdtempSync(join(tmpdir(), 'aws-double-'));
  const profiles = Object.keys(accountIds).map((side) => {
    const caller = [...world.callers.values()].find(({ accountId }) => accountId === accountIds[side as 'service']);
    return `[${side}]\naws_access_key_id=${caller?.accessKeyId}\naws_secret_access_key=${caller?.secretAccessKey}\naws_session_token=${caller?.sessionToken}\n`;
  });
  writeFileSync(join(folder, 'credentials'), profiles.join('\n'));
  writeFileSync(join(folder, 'config'), '');
  return {
    sandbox,
    world,
    tags,
    env: {
      AWS_ENDPOINT_URL: sandbox.url,
      AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials'),
      AWS_CONFIG_FILE: join(folder, 'config'),
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    },
    args: Object.entries(accountIds).flatMap(([side, id]) => [`--${side}-profile`, side, `--${side}-account`, id]),
    async stop() {
      for (const timer of timers) clearTimeout(timer);
      await sandbox.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

function twoAccounts({ denied = [], organizations = {} }: DoubleOptions): World {
  const { service, customer } = accountIds;
  const accounts = Object.entries(accountIds).map(([side, id]) => {
    const organizationId = organizations[side as 'service'];
    const none = { serviceControlPolicies: [], resourceControlPolicies: [] };
    return [id, { id, ...none, ...(organizationId !== undefined && { organizationId }) }] as const;
  });
  const administrators = [service, customer].map((accountId): Role => {
    const everything = { Effect: 'Allow' as const, Action: '*', Resource: '*' };
    return {
      arn: `arn:aws:iam::${accountId}:role/administrator`,
      accountId,
      name: 'administrator',
      roleId: `AROAADMIN${accountId}`,
      trustPolicy: { Version: '2012-10-17', Statement: [] },
      policies: [{ name: 'all', document: { Version: '2012-10-17', Statement: [everything, ...denied] } }],
    };
  });
  const callers = administrators.map(
    ({ accountId, arn, roleId }): Caller => ({
      accessKeyId: `ASIAADMIN${accountId}`,
      secretAccessKey: `secret of ${accountId}`,
      sessionToken: `token of ${accountId}`,
      accountId,
      arn: `arn:aws:sts::${accountId}:assumed-role/administrator/me`,
      userId: `${roleId}:me`,
      roleArn: arn,
    }),
  );
  return {
    serviceAccountId: service,
    customerAccountId: customer,
    accounts: new Map(accounts),
    roles: new Map(administrators.map((role) => [role.arn, role])),
    buckets: new Map(),
    keys: new Map(),
    callers: new Map(callers.map((caller) => [caller.accessKeyId, caller])),
    network: { sourceIp: '203.0.113.10', secureTransport: true },
    trail: [],
    checkRoleArn: '',
    deliveryRoleArn: '',
    internalBucket: '',
    serviceKeyArn: '',
    inboxBucket: '',
    inboxKeyArn: '',
    functionEnvironment: {},
    defaultEvent: { customer: '', inbox: { accountId: '', region: '', bucket: '', kmsKeyArn: '' } },
    now: () => new Date(),
  };
}

export interface Made {
  readonly tags: Tags;
  /** Makes a change immediately, or after the lag. */
  readonly later: (change: () => void) => void;
}

/** Roles of the two accounts that a policy names but that don't exist. AWS rejects such a policy. */
export function missingPrincipals(world: World, text: string): readonly string[] {
  const { Statement } = JSON.parse(text) as PolicyDocument;
  const principals = JSON.stringify([Statement].flat().map(({ Principal, NotPrincipal }) => [Principal, NotPrincipal]));
  const named = [...principals.matchAll(/"arn:aws:(?:iam|sts)::(\d{12}):(?:role|assumed-role)\/([^"]+)"/g)];
  return named
    .filter(([arn, accountId, path = '']) => {
      const names = arn.includes(':sts:') ? [path.split('/')[0]] : [path.split('/').at(-1)];
      return ![...world.roles.values()].some((role) => role.accountId === accountId && names.includes(role.name));
    })
    .map(([arn]) => arn);
}
