import type { TestEvent } from '../../core/event.ts';
import { layers } from '../../core/layers.ts';
import { type PolicyPartName, parts } from '../../core/parts.ts';
import { type PolicyKind, policyKinds } from '../../policy/policy-kinds.ts';
import type { Fault } from '../analysis/faults.ts';
import { delivererIn } from '../world/delivery-in.ts';
import { statementsOf } from '../world/policy-parts.ts';
import type { Network, Policy, PolicyDocument, PolicyStatement, World } from '../world/world.ts';

/** A document with its policy's name in reports. Policies that are part of a resource or a session have no name. */
type Kept = Pick<Policy, 'document'> & Partial<Policy>;

/** Reads and replaces documents of one kind in a world. */
interface Shelf {
  /** The owners of the documents that decide a delivery. */
  readonly owners: (world: World, roles: Roles) => readonly string[];
  readonly holder: (world: World, owner: string) => object | undefined;
  /** Returns the world with another document there. Worlds are never modified. */
  readonly replaced: (world: World, owner: string, holder: object) => World;
}

interface Roles {
  readonly check: string;
  /** Undefined if the caller's own credentials deliver, because they belong to no role. */
  readonly delivery: string | undefined;
}

function shelf(kept: 'accounts' | 'roles' | 'buckets' | 'keys', owners?: Shelf['owners']): Shelf {
  return {
    owners: owners ?? ((world) => [...world[kept].keys()]),
    holder: (world, owner) => world[kept].get(owner),
    replaced: (world, owner, holder) => ({
      ...world,
      [kept]: new Map<string, object>([...world[kept], [owner, holder]]),
    }),
  };
}

const shelves: Readonly<Record<(typeof layers)[PolicyKind]['document'][2], Shelf>> = {
  accounts: shelf('accounts'),
  roles: shelf('roles', (_, { check, delivery = check }) => [...new Set([check, delivery])]),
  buckets: shelf('buckets'),
  keys: shelf('keys'),
  // A session policy that the check writes itself is no one's document.
  session: {
    owners: (_, { delivery }) => [delivery ?? []].flat(),
    holder: (world) => world,
    replaced: (_, __, world) => world as World,
  },
  vpcEndpoint: {
    owners: ({ network }) => [network.vpcEndpoint?.id ?? []].flat(),
    holder: ({ network: { vpcEndpoint } }, owner) => (vpcEndpoint?.id === owner ? vpcEndpoint : undefined),
    replaced: (world, _, vpcEndpoint) => ({ ...world, network: { ...world.network, vpcEndpoint } as Network }),
  },
};

function shelfOf(kind: PolicyKind): { readonly shelf: Shelf; readonly field: string } {
  const [, , kept, field] = layers[kind].document;
  return { shelf: shelves[kept], field };
}

/** Several named policies, a single one, or a document. */
type Value = readonly Policy[] | Policy | PolicyDocument | undefined;

function valueIn(world: World, kind: PolicyKind, owner: string): Value {
  const { shelf: of, field } = shelfOf(kind);
  const holder = of.holder(world, owner) as Readonly<Record<string, Value>> | undefined;
  return holder?.[field];
}

function policiesIn(world: World, kind: PolicyKind, owner: string): readonly Kept[] {
  const value = valueIn(world, kind, owner);
  if (value === undefined) return [];
  if (isSeveral(value)) return value;
  return [{ document: 'document' in value ? (value as Policy).document : (value as PolicyDocument) }];
}

function isSeveral(value: NonNullable<Value>): value is readonly Policy[] {
  return Array.isArray(value);
}

function replacedAt(policies: readonly Policy[], index: number, document: PolicyDocument): readonly Policy[] {
  return policies.map((policy, at) => (at === index ? { ...policy, document } : policy));
}

/** @param index the index among several policies of the part */
export function documentOfPart(world: World, part: PolicyPartName, index: number): DocumentOfWorld {
  const { kind, owner } = parts[part];
  return { kind, owner: owner === 'vpcEndpoint' ? (world.network.vpcEndpoint?.id ?? '') : world[owner], index };
}

export function policiesOfPart(world: World, part: PolicyPartName): readonly Kept[] {
  const { kind, owner } = documentOfPart(world, part, 0);
  return policiesIn(world, kind, owner);
}

/** Undefined if the world has no such document. */
export function documentIn(world: World, of: DocumentOfWorld): PolicyDocument | undefined {
  return policiesIn(world, of.kind, of.owner)[of.index]?.document;
}

/** The name in reports; undefined if it is part of a resource or a session and has no name of its own. */
export function policyIn(world: World, { kind, owner, index }: DocumentOfWorld): Policy | undefined {
  const policy = policiesIn(world, kind, owner)[index];
  return policy?.name === undefined ? undefined : { ...policy, name: policy.name };
}

export function withDocument(world: World, of: DocumentOfWorld, document: PolicyDocument): World {
  const { shelf: holders, field } = shelfOf(of.kind);
  const holder = holders.holder(world, of.owner);
  if (!holder) return world;
  const value = valueIn(world, of.kind, of.owner) ?? document;
  const changed = isSeveral(value)
    ? replacedAt(value, of.index, document)
    : 'document' in value
      ? { ...value, document }
      : document;
  return holders.replaced(world, of.owner, { ...holder, [field]: changed });
}

/** Every document in the two accounts that can affect a delivery. */
export function documentsOf(world: World, event: TestEvent): readonly DocumentOfWorld[] {
  const roles = { check: world.checkRoleArn, delivery: delivererIn(world, event).roleArn };
  return (Object.keys(policyKinds) as PolicyKind[]).flatMap((kind) =>
    shelfOf(kind)
      .shelf.owners(world, roles)
      .flatMap((owner) => policiesIn(world, kind, owner).map((_, index) => ({ kind, owner, index }))),
  );
}

export function isSameDocument(a: DocumentOfWorld, b: DocumentOfWorld): boolean {
  return a.kind === b.kind && a.owner === b.owner && a.index === b.index;
}

/** Keeps a single statement single when it is replaced. If another is added, they become a list. */
export function edited(document: PolicyDocument, edit: StatementEdit): PolicyDocument {
  const statements = statementsOf(document);
  if (edit.kind === 'add') return { ...document, Statement: [...statements, edit.statement] };
  if (!Array.isArray(document.Statement)) return { ...document, Statement: edit.statement };
  return {
    ...document,
    Statement: statements.map((statement, at) => (at === edit.index ? edit.statement : statement)),
  };
}

/** Identifies a document in the two accounts: its type, its owner, and its index. */
export interface DocumentOfWorld {
  readonly kind: PolicyKind;
  /** A role's or key's ARN, a bucket's name, an account's ID, or a VPC endpoint's ID. */
  readonly owner: string;
  /** The index among several policies of that type and owner. */
  readonly index: number;
}

export type StatementEdit =
  | { readonly kind: 'add'; readonly statement: PolicyStatement }
  | { readonly kind: 'replace'; readonly index: number; readonly statement: PolicyStatement };

/** A change of a document that fixes faults and grants nothing else. */
export interface Fix {
  readonly document: DocumentOfWorld;
  readonly edit: StatementEdit;
  readonly faults: readonly Fault[];
  /** A sentence for the user: “Exempt secure-inbox-delivery from DenyAllButOurs.” */
  readonly summary: string;
}
