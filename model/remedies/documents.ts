import type { TestEvent } from '../../core/event.ts';
import type { PolicyKind } from '../../policy/grammar.ts';
import { delivererIn } from '../world/delivery-in.ts';
import { statementsOf } from '../world/policy-parts.ts';
import type { Account, Policy, PolicyDocument, World } from '../world/world.ts';
import type { DocumentOfWorld, StatementEdit } from './document-edit.ts';

/** Where each kind of document is kept in a world, to be read and to be replaced. */
interface Shelf {
  readonly documents: (world: World, owner: string) => readonly PolicyDocument[];
  /** The same world with another document there; documents are never changed but replaced. */
  readonly replaced: (world: World, of: DocumentOfWorld, document: PolicyDocument) => World;
}

const shelves: Readonly<Record<PolicyKind, Shelf>> = {
  'identity-policy': {
    documents: ({ roles }, owner) => roles.get(owner)?.policies.map(({ document }) => document) ?? [],
    replaced: (world, { owner, index }, document) => ({
      ...world,
      roles: changed(world.roles, owner, (role) => ({ ...role, policies: replacedAt(role.policies, index, document) })),
    }),
  },
  'permissions-boundary': {
    documents: ({ roles }, owner) => [roles.get(owner)?.permissionsBoundary?.document ?? []].flat(),
    replaced: (world, { owner }, document) => ({
      ...world,
      roles: changed(world.roles, owner, (role) =>
        role.permissionsBoundary ? { ...role, permissionsBoundary: { ...role.permissionsBoundary, document } } : role,
      ),
    }),
  },
  'session-policy': {
    // One that the check writes itself is not a document of anybody.
    documents: ({ sessionPolicyOverride }) => (sessionPolicyOverride ? [sessionPolicyOverride] : []),
    replaced: (world, _, document) => ({ ...world, sessionPolicyOverride: document }),
  },
  'role-trust-policy': {
    documents: ({ roles }, owner) => [roles.get(owner)?.trustPolicy ?? []].flat(),
    replaced: (world, { owner }, trustPolicy) => ({
      ...world,
      roles: changed(world.roles, owner, (role) => ({ ...role, trustPolicy })),
    }),
  },
  'bucket-policy': {
    documents: ({ buckets }, owner) => [buckets.get(owner)?.policy ?? []].flat(),
    replaced: (world, { owner }, policy) => ({
      ...world,
      buckets: changed(world.buckets, owner, (bucket) => ({ ...bucket, policy })),
    }),
  },
  'key-policy': {
    documents: ({ keys }, owner) => [keys.get(owner)?.policy ?? []].flat(),
    replaced: (world, { owner }, policy) => ({
      ...world,
      keys: changed(world.keys, owner, (key) => ({ ...key, policy })),
    }),
  },
  'service-control-policy': ofOrganization('serviceControlPolicies'),
  'resource-control-policy': ofOrganization('resourceControlPolicies'),
  'vpc-endpoint-policy': {
    documents: ({ network }, owner) => (network.vpcEndpoint?.id === owner ? [network.vpcEndpoint.policy] : []),
    replaced: (world, _, policy) => {
      const { vpcEndpoint } = world.network;
      return vpcEndpoint ? { ...world, network: { ...world.network, vpcEndpoint: { ...vpcEndpoint, policy } } } : world;
    },
  },
};

function ofOrganization(field: 'serviceControlPolicies' | 'resourceControlPolicies'): Shelf {
  return {
    documents: ({ accounts }, owner) => accounts.get(owner)?.[field].map(({ document }) => document) ?? [],
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
export function documentIn(world: World, { kind, owner, index }: DocumentOfWorld): PolicyDocument | undefined {
  return shelves[kind].documents(world, owner)[index];
}

/** What reports call it by; policies that are part of a resource or a session have no name of their own. */
export function policyIn(world: World, { kind, owner, index }: DocumentOfWorld): Policy | undefined {
  switch (kind) {
    case 'identity-policy':
      return world.roles.get(owner)?.policies[index];
    case 'service-control-policy':
      return world.accounts.get(owner)?.serviceControlPolicies[index];
    case 'resource-control-policy':
      return world.accounts.get(owner)?.resourceControlPolicies[index];
    default:
      return undefined;
  }
}

export function withDocument(world: World, of: DocumentOfWorld, document: PolicyDocument): World {
  return shelves[of.kind].replaced(world, of, document);
}

/** Every document of the two accounts that has a say in a delivery. */
export function documentsOf(world: World, event: TestEvent): readonly DocumentOfWorld[] {
  const roles = new Set([world.checkRoleArn, delivererIn(world, event).roleArn ?? world.checkRoleArn]);
  const owners: Readonly<Record<PolicyKind, Iterable<string>>> = {
    'identity-policy': roles,
    'permissions-boundary': roles,
    'session-policy': [delivererIn(world, event).roleArn ?? []].flat(),
    'role-trust-policy': roles,
    'bucket-policy': world.buckets.keys(),
    'key-policy': world.keys.keys(),
    'service-control-policy': world.accounts.keys(),
    'resource-control-policy': world.accounts.keys(),
    'vpc-endpoint-policy': [world.network.vpcEndpoint?.id ?? []].flat(),
  };
  return (Object.keys(owners) as PolicyKind[]).flatMap((kind) =>
    [...owners[kind]].flatMap((owner) =>
      shelves[kind].documents(world, owner).map((_, index) => ({ kind, owner, index })),
    ),
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
