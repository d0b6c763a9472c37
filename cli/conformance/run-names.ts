import { accountArn, arnOf, keyIdIn, roleArn } from '../../core/arn.ts';
import { inEveryText, wholeNames } from '../../core/texts.ts';
import type { Side } from '../../core/vocabulary.ts';
import { defaults } from '../../model/world/default-names.ts';
import type { Scenario } from '../../model/world/scenario.ts';
import type { Caller, PolicyStatement, PublicAccessBlock, Role, World } from '../../model/world/world.ts';

export interface RunNames {
  /** `secure-inbox-conformance-` followed by eight random characters. */
  readonly prefix: string;
  readonly region: string;
  readonly identities: Identities;
  /** AWS's ARNs by label, and unique IDs of roles by name. */
  readonly keyArn: (label: string) => string;
  readonly roleId: (roleName: string) => string;
  /** The organization of each account; undefined if it is in none, or if unknown. */
  readonly organizations: Readonly<Record<Side, string | undefined>>;
  /** S3 Block Public Access of each account; undefined if there is none or it could not be read. */
  readonly accountBlocks: Readonly<Record<Side, PublicAccessBlock | undefined>>;
}

/** The facts known before anything is created. */
export type RunBase = Omit<RunNames, 'keyArn' | 'roleId'>;

export const namePrefix = 'secure-inbox-conformance-';

/** Only characters that are valid in names of buckets and roles. */
export function randomSuffix(random: () => number = Math.random): string {
  return Array.from({ length: 8 }, () => Math.floor(random() * 36).toString(36)).join('');
}

/** IAM's limit is 64 characters. */
export function roleNameOf({ prefix }: Pick<RunNames, 'prefix'>, name: string): string {
  const ending = name === 'secure-inbox-delivery' ? 'delivery' : name;
  return `${prefix}-${ending}`.slice(0, 64);
}

const bucketSlots = ['internal', 'inbox', 'inbox-without-versions'] as const;
export type BucketSlot = (typeof bucketSlots)[number];

/** Policies' patterns for the default names match these names too. */
export function bucketNameOf(
  { prefix, region, identities }: Pick<RunNames, 'prefix' | 'region' | 'identities'>,
  slot: BucketSlot | 'missing' | 'mistyped',
): string {
  return slot === 'inbox'
    ? `${prefix}-${identities.customer.accountId}-${region}`
    : `${prefix}-${slot === 'inbox-without-versions' ? 'plain' : slot}`;
}

export function inboxSlotOf(world: World): BucketSlot | 'missing' {
  const inbox = world.buckets.get(world.inboxBucket);
  if (!inbox) return 'missing';
  return inbox.versioned ? 'inbox' : 'inbox-without-versions';
}

/** The run's key for the inbox. There is one for each type that can't be changed into another. */
export function inboxKeySlotOf(world: World): string {
  const key = world.keys.get(world.inboxKeyArn);
  if (key?.state === 'PendingImport') return 'inbox-imported';
  return key && key.spec !== 'SYMMETRIC_DEFAULT' ? `inbox-${key.spec}` : 'inbox';
}

export function boundaryNameOf({ prefix }: Pick<RunNames, 'prefix'>, role: Pick<Role, 'name'>): string {
  return `${prefix}-boundary-${role.name.endsWith('delivery') ? 'delivery' : 'check'}`;
}

/** Other roles that are named: someone else's in policies, or a nonexistent one in the event. */
export interface OtherRoles {
  readonly principals: readonly { readonly accountId: string; readonly name: string }[];
  readonly missing?: string;
}

export function namesFor({ world, event }: Scenario, names: RunNames, others: OtherRoles): Renaming {
  const { service, customer } = names.identities;
  const delivery = roleIn(world, world.deliveryRoleArn);
  const check = roleIn(world, world.checkRoleArn);
  const otherBuckets = [event.inbox.bucket, event.internal?.bucket].filter(
    (bucket) => bucket !== undefined && bucket !== world.inboxBucket && bucket !== world.internalBucket,
  );
  const otherRoles = [...others.principals.map(({ name }) => name), ...(others.missing ? [others.missing] : [])];
  return new Map([
    ...otherBuckets.map((bucket) => [bucket ?? '', bucketNameOf(names, 'mistyped')] as const),
    ...otherRoles.map((name) => [name, roleNameOf(names, name)] as const),
    [world.serviceAccountId, service.accountId],
    [world.customerAccountId, customer.accountId],
    [world.internalBucket, bucketNameOf(names, 'internal')],
    [world.inboxBucket, bucketNameOf(names, inboxSlotOf(world))],
    [delivery.name, roleNameOf(names, delivery.name)],
    [check.name, roleNameOf(names, check.name)],
    [delivery.roleId, names.roleId(roleNameOf(names, delivery.name))],
    [check.roleId, names.roleId(roleNameOf(names, check.name))],
    [keyIdIn(world.serviceKeyArn), keyIdIn(names.keyArn('service'))],
    [keyIdIn(world.inboxKeyArn), keyIdIn(names.keyArn(inboxKeySlotOf(world)))],
  ]);
}

/** The names used in recordings, which are those of the default world. */
export function neutralNames(names: RunNames, map: Renaming): Renaming {
  const { service, customer } = names.organizations;
  return new Map([
    ...(['delivery', 'check'] as const).map(
      (role) => [`${names.prefix}-boundary-${role}`, 'permissions-boundary'] as const,
    ),
    ...(customer === undefined ? [] : [[customer, defaults.customerOrganizationId] as const]),
    ...(service === undefined ? [] : [[service, defaults.serviceOrganizationId] as const]),
    ...reversed(map),
  ]);
}

export function inRun(scenario: Scenario, names: RunNames, map: Renaming): Scenario {
  // Preflight locates faults with the template, which has thousands of lines that a run doesn't need.
  const { customerStack: _, ...placed } = scenario;
  const { world, ...rest } = renamed(placed, map);
  const accounts = accountsAs(names, world);
  const roles = new Map([...world.roles].map(([arn, role]) => [arn, withBoundaryNamed(role, names)]));
  return { ...rest, world: { ...world, accounts, roles, trail: [], now: scenario.world.now } };
}

/** Sets only what a run can find out about the real accounts. */
export function accountsAs(
  {
    organizations,
    accountBlocks,
  }: {
    readonly organizations: Readonly<Record<Side, string | null | undefined>>;
    readonly accountBlocks: Readonly<Record<Side, PublicAccessBlock | null | undefined>>;
  },
  world: World,
): World['accounts'] {
  return new Map(
    [...world.accounts].map(([id, { organizationId: _, ...account }]) => {
      const side = id === world.serviceAccountId ? 'service' : 'customer';
      const { [side]: organizationId } = organizations;
      const { [side]: publicAccessBlock } = accountBlocks;
      return [
        id,
        { ...account, ...(organizationId && { organizationId }), ...(publicAccessBlock && { publicAccessBlock }) },
      ];
    }),
  );
}

/** Each role has one managed policy for boundaries. Only its document changes. */
function withBoundaryNamed(role: Role, names: RunNames): Role {
  if (!role.permissionsBoundary) return role;
  const name = boundaryNameOf(names, role);
  const arn = arnOf({ partition: 'aws', service: 'iam', accountId: role.accountId, resource: `policy/${name}` });
  return { ...role, permissionsBoundary: { ...role.permissionsBoundary, name, arn } };
}

export function roleIn({ roles }: World, arn: string): Role {
  const role = roles.get(arn);
  if (!role) throw new Error(`The world has no role ${arn}`);
  return role;
}

export type Renaming = ReadonlyMap<string, string>;

/**
 * A copy with other names in every text, including keys of objects and maps. A name that is part of a longer one is a
 * different name. All are replaced at once, so that a new name is never mistaken for an old one.
 */
export function renamed<T>(value: T, names: Renaming): T {
  const changed = [...names].filter(([from, to]) => from !== to && from !== '').map(([from]) => from);
  if (changed.length === 0) return value;
  const whole = wholeNames(changed.sort((a, b) => b.length - a.length));
  return inEveryText(value, (text) => text.replace(whole, (name) => names.get(name) ?? name)) as T;
}

function reversed(names: Renaming): Renaming {
  return new Map([...names].map(([from, to]) => [to, from]));
}

/** The identity that prepares worlds in one of the two accounts. */
export interface Identity {
  readonly accountId: string;
  readonly arn: string;
  /** The value of aws:userid. */
  readonly userId: string;
}

export type Identities = Readonly<Record<Side, Identity>>;

/** Runs one after the other: if the service's account has a problem, nothing is sent to the customer's. */
export async function onBothSides<T>(of: (side: Side) => Promise<T>): Promise<Readonly<Record<Side, T>>> {
  return { service: await of('service'), customer: await of('customer') };
}

/** For a plan without credentials: the accounts used in every example. */
export const madeUpIdentities: Identities = {
  service: madeUp('111111111111', 'AROAMADEUPSERVICEADMIN'),
  customer: madeUp('222222222222', 'AROAMADEUPCUSTOMERADMN'),
};

function madeUp(accountId: string, roleId: string): Identity {
  return { accountId, arn: roleArn('aws', accountId, 'admin'), userId: `${roleId}:you` };
}

/**
 * Allows an action only to the identity that runs this, in any of its sessions. The principal is the account, so the
 * identity's own policies must allow it too, with a condition, because a session's ARN lacks the role's path.
 */
export function allowing({ accountId, userId }: Identity, action: string, resource?: string): PolicyStatement {
  const [id = ''] = userId.split(':');
  return {
    Sid: 'SecureInboxConformance',
    Effect: 'Allow',
    Principal: { AWS: accountArn('aws', accountId) },
    Action: action,
    ...(resource !== undefined && { Resource: resource }),
    Condition: { StringLike: { 'aws:userid': id.startsWith('AROA') ? `${id}:*` : userId } },
  };
}

/** The same identity as a caller in the simulation, whose own policies allow everything. */
export function callerOf({ accountId, arn, userId }: Identity): Caller {
  return { accessKeyId: '', secretAccessKey: '', accountId, arn, userId };
}
