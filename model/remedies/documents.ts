import type { TestEvent } from '../../core/event.ts';
import type { PolicyKind } from '../../policy/grammar.ts';
import { delivererIn } from '../world/delivery-in.ts';
import { statementsOf } from '../world/policy-parts.ts';
import type { Account, Policy, PolicyDocument, World } from '../world/world.ts';
import type { DocumentOfWorld, StatementEdit } from './document-edit.ts';

/** A document, with the name that reports call its policy by; parts of a resource or a session have none. */
type Kept = Pick<Policy, 'document'> & Partial<Policy>;

/** Where each kind of document is kept in a world, to be read and to be replaced. */
interface Shelf {
  /** Whose documents of this kind have a say in a delivery. */
  readonly owners: (world: World, roles: Roles) => readonly string[];
  readonly policies: (world: World, owner: string) => readonly Kept[];
  /** The same world with another document there; documents are never changed but replaced. */
  readonly replaced: (world: World, of: DocumentOfWorld, document: PolicyDocument) => World;
}

interface Roles {
  readonly check: string;
  /** Undefined where the credentials of the caller deliver, which are no role's. */
  readonly delivery: string | undefined;
}

const ofRoles: Shelf['owners'] = (_, { check, delivery = check }) => [...new Set([check, delivery])];

const shelves: Readonly<Record<PolicyKind, Shelf>> = {
  'identity-policy': {
    owners: ofRoles,
    policies: ({ roles }, owner) => roles.get(owner)?.policies ?? [],
    replaced: (world, { owner, index }, document) => ({
      ...world,
      roles: changed(world.roles, owner, (role) => ({ ...role, policies: replacedAt(role.policies, index, document) })),
    }),
  },
  'permissions-boundary': {
    owners: ofRoles,
    policies: ({ roles }, owner) => withoutName(roles.get(owner)?.permissionsBoundary?.document),
    replaced: (world, { owner }, document) => ({
      ...world,
      roles: changed(world.roles, owner, (role) =>
        role.permissionsBoundary ? { ...role, permissionsBoundary: { ...role.permissionsBoundary, document } } : role,
      ),
    }),
  },
  'session-policy': {
    owners: (_, { delivery }) => [delivery ?? []].flat(),
    // One that the check writes itself is not a document of anyone.
    policies: ({ sessionPolicyOverride }) => withoutName(sessionPolicyOverride),
    replaced: (world, _, document) => ({ ...world, sessionPolicyOverride: document }),
  },
  'role-trust-policy': {
    owners: ofRoles,
    policies: ({ roles }, owner) => withoutName(roles.get(owner)?.trustPolicy),
    replaced: (world, { owner }, trustPolicy) => ({
      ...world,
      roles: changed(world.roles, owner, (role) => ({ ...role, trustPolicy })),
    }),
  },
  'bucket-policy': {
    owners: ({ buckets }) => [...buckets.keys()],
    policies: ({ buckets }, owner) => withoutName(buckets.get(owner)?.policy),
    replaced: (world, { owner }, policy) => ({
      ...world,
      buckets: changed(world.buckets, owner, (bucket) => ({ ...bucket, policy })),
    }),
  },
  'key-policy': {
    owners: ({ keys }) => [...keys.keys()],
    policies: ({ keys }, owner) => withoutName(keys.get(owner)?.policy),
    replaced: (world, { owner }, policy) => ({
      ...world,
      keys: changed(world.keys, owner, (key) => ({ ...key, policy })),
    }),
  },
  'service-control-policy': ofOrganization('serviceControlPolicies'),
  'resource-control-policy': ofOrganization('resourceControlPolicies'),
  'vpc-endpoint-policy': {
    owners: ({ network }) => [network.vpcEndpoint?.id ?? []].flat(),
    policies: ({ network }, owner) =>
      network.vpcEndpoint?.id === owner ? withoutName(network.vpcEndpoint.policy) : [],
    replaced: (world, _, policy) => {
      const { vpcEndpoint } = world.network;
      return vpcEndpoint ? { ...world, network: { ...world.network, vpcEndpoint: { ...vpcEndpoint, policy } } } : world;
    },
  },
};

function withoutName(document: PolicyDocument | undefined): readonly Kept[] {
  return document ? [{ document }] : [];
}

function ofOrganization(field: 'serviceControlPolicies' | 'resourceControlPolicies'): Shelf {
  return {
    owners: ({ accounts }) => [...accounts.keys()],
    policies: ({ accounts }, owner) => accounts.get(owner)?.[field] ?? [],
    replaced: (world, { owner, index }, document) => ({
      ...world,
      accounts: changed(
        world.accounts,
        owner,
        (account): Account => ({ ...account, [field]: replacedAt(account[field], index, document) }),
      ),
    }),
  };
}

function changed<T>(all: ReadonlyMap<string, T>, owner: string, change: (one: T) => T): Map<string, T> {
  return new Map([...all].map(([key, one]) => [key, key === owner ? change(one) : one]));
}

function replacedAt(policies: readonly Policy[], index: number, document: PolicyDocument): readonly Policy[] {
  return policies.map((policy, at) => (at === index ? { ...policy, document } : policy));
}

/** Undefined where the world has no such document. */
export function documentIn(world: World, of: DocumentOfWorld): PolicyDocument | undefined {
  return shelves[of.kind].policies(world, of.owner)[of.index]?.document;
}

/** What reports call it by; undefined where it is part of a resource or a session, and has no name of its own. */
export function policyIn(world: World, { kind, owner, index }: DocumentOfWorld): Policy | undefined {
  const policy = shelves[kind].policies(world, owner)[index];
  return policy?.name === undefined ? undefined : { ...policy, name: policy.name };
}

export function withDocument(world: World, of: DocumentOfWorld, document: PolicyDocument): World {
  return shelves[of.kind].replaced(world, of, document);
}

/** Every document of the two accounts that has a say in a delivery. */
export function documentsOf(world: World, event: TestEvent): readonly DocumentOfWorld[] {
  const roles = { check: world.checkRoleArn, delivery: delivererIn(world, event).roleArn };
  return (Object.keys(shelves) as PolicyKind[]).flatMap((kind) =>
    shelves[kind]
      .owners(world, roles)
      .flatMap((owner) => shelves[kind].policies(world, owner).map((_, index) => ({ kind, owner, index }))),
  );
}

export function isSameDocument(a: DocumentOfWorld, b: DocumentOfWorld): boolean {
  return a.kind === b.kind && a.owner === b.owner && a.index === b.index;
}

/** A single statement stays one where it is replaced; beside another it becomes a list. */
export function edited(document: PolicyDocument, edit: StatementEdit): PolicyDocument {
  const statements = statementsOf(document);
  if (edit.kind === 'add') return { ...document, Statement: [...statements, edit.statement] };
  if (!Array.isArray(document.Statement)) return { ...document, Statement: edit.statement };
  return {
    ...document,
    Statement: statements.map((statement, at) => (at === edit.index ? edit.statement : statement)),
  };
}
