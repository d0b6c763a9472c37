import { accountArn, arnOf } from '../../core/arn.ts';
import type { Side } from '../../core/vocabulary.ts';
import { InputError } from '../../model/text/input-error.ts';
import { defaults } from '../../model/world/default-names.ts';
import { keyUsage } from '../../model/world/key-spec.ts';
import { type Accounts, Refused } from './account-calls.ts';
import type { PlannedCall } from './aws-operations.ts';
import type { Chosen } from './obstacles.ts';
import {
  allowing,
  type BucketSlot,
  boundaryNameOf,
  bucketNameOf,
  type Identities,
  inboxKeySlotOf,
  inboxSlotOf,
  type RunNames,
  roleNameOf,
} from './run-names.ts';
import { type Resource, runTag, type StateFile } from './state-file.ts';
import { administered } from './world-settings.ts';

export interface Creation {
  readonly resource: Resource;
  /** This call must answer that nothing has this name. */
  readonly mustBeFree?: PlannedCall;
  /** Earlier ones are in the state file; the first one creates it. */
  readonly calls: readonly PlannedCall[];
}

type Base = Pick<RunNames, 'prefix' | 'region' | 'identities'>;

/** The resources of all worlds, without duplicates. */
export function creationsFor(chosen: readonly Chosen[], base: Base): readonly Creation[] {
  const worlds = chosen.map(({ scenario }) => scenario.world);
  const slots = new Set<BucketSlot>(['internal', 'inbox']);
  const keys = new Set(['service', 'inbox']);
  const boundaries = new Set<string>();
  const others = new Map<string, { readonly side: Side; readonly name: string }>();
  for (const { scenario, others: named } of chosen) {
    const { world } = scenario;
    const slot = inboxSlotOf(world);
    if (slot !== 'missing') slots.add(slot);
    keys.add(inboxKeySlotOf(world));
    for (const role of world.roles.values()) if (role.permissionsBoundary) boundaries.add(boundaryNameOf(base, role));
    for (const { accountId, name } of named.principals) {
      others.set(`${accountId} ${name}`, { side: accountId === world.serviceAccountId ? 'service' : 'customer', name });
    }
  }
  const [first] = worlds;
  const [checkName, deliveryName] = [first?.checkRoleArn, first?.deliveryRoleArn].map(
    (arn = '') => arn.split('/').at(-1) ?? '',
  );
  return [
    role(base, 'service', checkName ?? ''),
    role(base, 'service', deliveryName ?? ''),
    ...[...others.values()].map(({ side, name }) => role(base, side, name)),
    ...[...boundaries].map((name) => boundary(base, name)),
    ...[...slots].map((slot) => bucket(base, slot)),
    ...[...keys].map((label) => key(base, label)),
  ];
}

const tags = ({ prefix }: Base) => [{ Key: runTag, Value: prefix }];

function role(base: Base, side: Side, original: string): Creation {
  const name = roleNameOf(base, original);
  // Until the first scenario is applied, and for roles that are only named, only the user can assume them.
  const trust = { Version: '2012-10-17', Statement: [allowing(base.identities[side], 'sts:AssumeRole')] };
  const input = { RoleName: name, AssumeRolePolicyDocument: JSON.stringify(trust), Tags: tags(base) };
  return {
    resource: { kind: 'role', side, name, state: 'planned' },
    calls: [{ side, operation: 'CreateRole', input, learn: { as: `role ${name}`, from: ['Role', 'RoleId'] } }],
  };
}

function boundary(base: Base, name: string): Creation {
  const { accountId } = base.identities.service;
  const arn = arnOf({ partition: 'aws', service: 'iam', accountId, resource: `policy/${name}` });
  const PolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Deny', Action: '*', Resource: '*' }],
  });
  const input = { PolicyName: name, PolicyDocument, Tags: tags(base) };
  const learn = { as: `version ${arn}`, from: ['Policy', 'DefaultVersionId'] };
  return {
    resource: { kind: 'policy', side: 'service', name: arn, state: 'planned' },
    calls: [{ side: 'service', operation: 'CreatePolicy', input, learn }],
  };
}

function bucket(base: Base, slot: BucketSlot): Creation {
  const side: Side = slot === 'internal' ? 'service' : 'customer';
  const Bucket = bucketNameOf(base, slot);
  const owned = { Bucket, ExpectedBucketOwner: base.identities[side].accountId };
  const elsewhere =
    base.region === defaults.region ? {} : { CreateBucketConfiguration: { LocationConstraint: base.region } };
  return {
    resource: { kind: 'bucket', side, name: Bucket, state: 'planned' },
    mustBeFree: { side, operation: 'HeadBucket', input: { Bucket } },
    calls: [
      { side, operation: 'CreateBucket', input: { Bucket, ...elsewhere } },
      { side, operation: 'PutBucketTagging', input: { ...owned, Tagging: { TagSet: tags(base) } } },
      ...(slot === 'inbox'
        ? [
            {
              side,
              operation: 'PutBucketVersioning' as const,
              input: { ...owned, VersioningConfiguration: { Status: 'Enabled' } },
            },
          ]
        : []),
    ],
  };
}

function key(base: Base, label: string): Creation {
  const side: Side = label === 'service' ? 'service' : 'customer';
  const spec = /^inbox-([A-Z].*)$/.exec(label)?.[1];
  const input = {
    Description: `${base.prefix} ${label}`,
    ...(spec !== undefined && { KeySpec: spec, KeyUsage: keyUsage({ arn: label, spec }) }),
    ...(label === 'inbox-imported' && { Origin: 'EXTERNAL' }),
    Policy: JSON.stringify(administered(ownAccount(base.identities, side), base.identities[side])),
    BypassPolicyLockoutSafetyCheck: true,
    Tags: [{ TagKey: runTag, TagValue: base.prefix }],
  };
  return {
    resource: { kind: 'key', side, name: label, state: 'planned' },
    calls: [{ side, operation: 'CreateKey', input, learn: { as: `key ${label}`, from: ['KeyMetadata', 'Arn'] } }],
  };
}

function ownAccount(identities: Identities, side: Side) {
  const Principal = { AWS: accountArn('aws', identities[side].accountId) };
  return {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow' as const, Principal, Action: 'kms:*', Resource: '*' }],
  };
}

/**
 * Creates all resources. Each is recorded in the state file before it is created.
 *
 * @throws InputError if a name exists already, which is left alone, and with every permission that was missing
 */
export async function create(
  creations: readonly Creation[],
  accounts: Accounts,
  state: StateFile,
  wanted: () => void,
): Promise<void> {
  const refused: Refused[] = [];
  for (const { resource, mustBeFree, calls } of creations) {
    wanted();
    if (mustBeFree && !(await isFree(mustBeFree, accounts))) throw exists(resource.name);
    state.set(resource);
    try {
      for (const [nth, call] of calls.entries()) {
        await accounts.send(call, nth > 0);
        const arn = resource.kind === 'key' ? accounts.known.get(`key ${resource.name}`) : undefined;
        state.set({ ...resource, state: 'created', ...(arn !== undefined && { arn }) });
      }
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      // Nothing was created, so clean-up must not touch a resource with this name.
      const { status = 500 } = error;
      if (error.call === calls[0] && status >= 400 && status < 500) state.remove(resource);
      if (/AlreadyExists|AlreadyOwnedByYou/.test(error.code)) throw exists(resource.name);
      refused.push(error);
      if (!/AccessDenied|Unauthorized/.test(error.code)) break;
    }
  }
  if (refused.length === 0) return;
  throw new InputError(
    `AWS refused to create what the run needs. What was created is removed again.\n${refused
      .map(({ call, code, text }) => `  ${call.side}'s account, ${call.operation}: ${code}: ${text}`)
      .join('\n')}`,
  );
}

async function isFree(call: Creation['mustBeFree'] & {}, accounts: Accounts): Promise<boolean> {
  try {
    await accounts.send(call);
    return false;
  } catch (error) {
    if (error instanceof Refused && /^(NotFound|NoSuchBucket|404)$/.test(error.code)) return true;
    // 403 and 301 mean that another account has it.
    if (error instanceof Refused) return false;
    throw error;
  }
}

function exists(name: string): InputError {
  return new InputError(
    `${name} exists already. It was left alone, and what this run has created is removed. Run it again: each run takes other names.`,
  );
}
