import type { Side } from '../../core/vocabulary.ts';
import type { Bucket, Key, PolicyDocument, Role, World } from '../../model/world/world.ts';
import type { PolicyKind } from '../../policy/policy-kinds.ts';
import { allowing, type Identities, roleIn } from './run-names.ts';

interface Place {
  readonly side: Side;
  readonly type: 'role' | 'bucket' | 'key';
  /** The name of a role or bucket, or the ARN of a key. */
  readonly name: string;
}

export type SettingKind =
  | 'trust-policy'
  | 'inline-policy'
  | 'permissions-boundary'
  | 'tag'
  | 'bucket-policy'
  | 'public-access-block'
  | 'object-ownership'
  | 'default-encryption'
  | 'key-policy'
  | 'key-state'
  | 'grant';

/** The policies that a run writes. A session policy is part of its request instead. */
export const kindsWritten: readonly PolicyKind[] = [
  'role-trust-policy',
  'identity-policy',
  'permissions-boundary',
  'session-policy',
  'bucket-policy',
  'key-policy',
];

/** One setting of a resource that can be written. The list has no entry for what a world doesn't have. */
export interface Setting {
  readonly on: Place;
  readonly kind: SettingKind;
  /** For an inline policy, a tag or a grant, because a resource can have several. */
  readonly name?: string;
  readonly value: unknown;
}

export function idOf({ on, kind, name = '' }: Pick<Setting, 'on' | 'kind' | 'name'>): string {
  return [on.name, kind, name].join('\n');
}

/**
 * All settings of a world's resources that a delivery uses. The policies of keys and of the check's role also let the
 * user regain control.
 */
export function settingsOf(world: World, identities: Identities): readonly Setting[] {
  const side = (accountId: string): Side => (accountId === world.serviceAccountId ? 'service' : 'customer');
  const check = roleIn(world, world.checkRoleArn);
  const delivery = roleIn(world, world.deliveryRoleArn);
  const buckets = [world.buckets.get(world.internalBucket), world.buckets.get(world.inboxBucket)];
  const keys = [world.keys.get(world.serviceKeyArn), world.keys.get(world.inboxKeyArn)];
  const trust = { Version: '2012-10-17', Statement: [allowing(identities.service, 'sts:AssumeRole')] };
  return [
    ...settingsOfRole({ ...check, trustPolicy: trust }),
    ...settingsOfRole(delivery),
    ...buckets.flatMap((bucket) => (bucket ? settingsOfBucket(bucket, side(bucket.accountId)) : [])),
    ...keys.flatMap((key) => (key ? settingsOfKey(key, side(key.accountId), identities) : [])),
  ];
}

function settingsOfRole(role: Role): readonly Setting[] {
  const on: Place = { side: 'service', type: 'role', name: role.name };
  const { permissionsBoundary: boundary } = role;
  return [
    { on, kind: 'trust-policy', value: role.trustPolicy },
    ...role.policies
      .filter(hasStatements)
      .map(({ name, document }) => ({ on, kind: 'inline-policy' as const, name, value: document })),
    ...(boundary
      ? [{ on, kind: 'permissions-boundary' as const, value: { arn: boundary.arn, document: boundary.document } }]
      : []),
    ...Object.entries(role.tags ?? {}).map(([name, value]) => ({ on, kind: 'tag' as const, name, value })),
  ];
}

function settingsOfBucket(bucket: Bucket, side: Side): readonly Setting[] {
  const on: Place = { side, type: 'bucket', name: bucket.name };
  const { policy, publicAccessBlock, objectOwnership, defaultEncryption } = bucket;
  return [
    ...(policy && hasStatements({ document: policy }) ? [{ on, kind: 'bucket-policy' as const, value: policy }] : []),
    ...(publicAccessBlock ? [{ on, kind: 'public-access-block' as const, value: publicAccessBlock }] : []),
    { on, kind: 'object-ownership', value: objectOwnership },
    { on, kind: 'default-encryption', value: defaultEncryption },
  ];
}

function settingsOfKey(key: Key, side: Side, identities: Identities): readonly Setting[] {
  const on: Place = { side, type: 'key', name: key.arn };
  return [
    { on, kind: 'key-policy', value: administered(key.policy, identities[side]) },
    // Without key material, a key can be in no other state.
    ...(key.state === 'PendingImport' ? [] : [{ on, kind: 'key-state' as const, value: key.state }]),
    ...key.grants.map((grant, at) => ({ on, kind: 'grant' as const, name: String(at), value: grant })),
  ];
}

/** A key whose policy locks out its own account can be neither changed nor deleted. */
export function administered(policy: PolicyDocument, identity: Identities[Side]): PolicyDocument {
  return { ...policy, Statement: [...[policy.Statement].flat(), allowing(identity, 'kms:*', '*')] };
}

/** AWS has no empty policies, so a policy without statements counts as none. */
function hasStatements({ document }: { readonly document: PolicyDocument }): boolean {
  return [document.Statement].flat().length > 0;
}

/** A setting to write, or to remove if `to` is absent. */
export interface Change extends Omit<Setting, 'value'> {
  readonly from?: unknown;
  readonly to?: unknown;
}

/** The value of each resource's settings, by the ID of the setting. */
export type Current = Map<string, Setting>;

/** The changes from the accounts' current state to a world, including the removal of settings. */
export function changesTo(wanted: readonly Setting[], current: Current): readonly Change[] {
  const places = new Set(wanted.map(({ on }) => on.name));
  const byId = new Map(wanted.map((setting) => [idOf(setting), setting]));
  const gone = [...current.values()].filter((setting) => places.has(setting.on.name) && !byId.has(idOf(setting)));
  const removals = gone.map(({ value, ...setting }): Change => ({ ...setting, from: value }));
  const writes = wanted.flatMap(({ value, ...setting }): Change[] => {
    const from = current.get(idOf(setting))?.value;
    return JSON.stringify(from) === JSON.stringify(value)
      ? []
      : [{ ...setting, ...(from !== undefined && { from }), to: value }];
  });
  return [...removals, ...writes];
}

export function noted(current: Current, { from: _, to, ...setting }: Change): void {
  if (to === undefined) current.delete(idOf(setting));
  else current.set(idOf(setting), { ...setting, value: to });
}
