import { bucketIn } from '../../core/arn.ts';
import { isOfResource, layers } from '../../core/layers.ts';
import { isSameValue, keptIn } from '../../core/values.ts';
import { policyErrors } from '../../policy/grammar.ts';
import { type Fault, faultsOf, isSameRefusal } from '../analysis/faults.ts';
import { tooLongFor } from '../policies/size-limits.ts';
import { anybodyAnything, everything, withoutStatements } from '../world/plain-policies.ts';
import { statementsOf } from '../world/policy-parts.ts';
import type { Account, PolicyDocument, Role, World } from '../world/world.ts';
import {
  type DocumentOfWorld,
  documentIn,
  edited,
  type Fix,
  policyIn,
  type StatementEdit,
  withDocument,
} from './documents.ts';
import { about, type Broken, type EditableDocument, type FaultContext, type Proposal } from './fault-context.ts';
import { loosenedDenies } from './loosen-deny.ts';
import { addedAllows, publicStatementsNamed } from './name-the-public.ts';
import { type Opening, openingsOf } from './openings.ts';
import { revivedAllows, widenedAllows } from './widen-allow.ts';

interface FixedFault {
  readonly fixes: readonly Fix[];
  readonly world: World;
  readonly left: readonly Fault[];
}

/** The smallest change of a document that fixes a fault and grants nothing else; undefined if there is none. */
export function fixForFault(
  broken: Broken,
  fault: Fault,
  editable: readonly DocumentOfWorld[],
): FixedFault | undefined {
  const it = about({ ...broken, fault });
  const places = placesOf(it, editable);
  for (const { propose, order } of ways(fault)) {
    const attempts: Attempt[] = [];
    for (const place of places) {
      for (const proposal of propose(place)) {
        const found = attemptWith(proposal, place, broken);
        if (found) attempts.push(found);
      }
    }
    const inOrder = order === 'most first' ? attempts.toSorted((a, b) => b.gone.length - a.gone.length) : attempts;
    for (const found of inOrder) {
      if (!opens(found, broken)) return fixedBy(found);
    }
  }
  return undefined;
}

interface Way {
  readonly propose: (place: EditableDocument) => readonly Proposal[];
  /** Prefers the smallest change, or the one that fixes most. */
  readonly order: 'as proposed' | 'most first';
}

function ways({ layer, effect }: Fault): readonly Way[] {
  if (layer === 'block-public-access') return [{ propose: publicStatementsNamed, order: 'as proposed' }];
  if (effect === 'explicit') return [{ propose: loosenedDenies, order: 'as proposed' }];
  return [
    { propose: widenedAllows, order: 'most first' },
    { propose: revivedAllows, order: 'most first' },
    { propose: addedAllows, order: 'most first' },
  ];
}

function placesOf(it: FaultContext, editable: readonly DocumentOfWorld[]): readonly EditableDocument[] {
  const { fault, world } = it;
  const home = homeOf(it);
  return editable.flatMap((of) => {
    if (of.kind !== home?.kind || of.owner !== home.owner || !isDenying(fault, world, of)) return [];
    const document = documentIn(world, of) ?? (isWithoutPolicy(world, of) ? withoutStatements : undefined);
    return document ? [{ about: it, of, document }] : [];
  });
}

function isWithoutPolicy({ buckets }: World, { kind, owner }: DocumentOfWorld): boolean {
  return kind === 'bucket-policy' && buckets.has(owner);
}

/** The owner of the document that denies; undefined if a resource is in a wrong state. */
function homeOf({ fault, who, world }: FaultContext): Pick<DocumentOfWorld, 'kind' | 'owner'> | undefined {
  const row = layers[fault.layer];
  if (!('document' in row)) return undefined;
  const [kind, owner] = row.document;
  const owners = {
    caller: who,
    account: fault.accountId,
    resource: bucketIn(fault.resource) ?? fault.resource,
    'vpc-endpoint': world.network.vpcEndpoint?.id ?? '',
  };
  return { kind, owner: owners[owner] };
}

/** If a role or account has several policies, the Deny is in the one that the fault names. */
function isDenying({ effect, statement }: Fault, world: World, of: DocumentOfWorld): boolean {
  const policy = policyIn(world, of);
  if (effect !== 'explicit' || !policy) return true;
  return policy.name === statement?.policy && policy.arn === statement.policyArn;
}

/** A proposal that fixes a fault, and the resulting world. */
interface Attempt {
  readonly proposal: Proposal;
  readonly place: EditableDocument;
  readonly after: PolicyDocument;
  readonly world: World;
  readonly gone: readonly Fault[];
  readonly left: readonly Fault[];
}

function attemptWith(
  proposal: Proposal,
  place: EditableDocument,
  { world: before, event, faults, unsavable }: Broken,
): Attempt | undefined {
  const { about: it, of, document } = place;
  const after = proposal.reduce((changed, { edit }) => edited(changed, edit), document);
  const excess = tooLongFor(of.kind, document, after);
  if (excess) {
    unsavable?.push({ document: of, fault: it.fault, excess });
    return undefined;
  }
  if (policyErrors(of.kind, after).length > policyErrors(of.kind, document).length) return undefined;
  const world = withDocument(before, of, after);
  const left = faultsOf(world, event);
  const gone = faults.filter((one) => !left.some((other) => isSameDenial(one, other)));
  const breaksMore = left.some(
    (one) => !faults.some((known) => isSameRefusal(known, one)) || isDeniedAnew(proposal, document, one, it.fault),
  );
  return gone.includes(it.fault) && !breaksMore ? { proposal, place, after, world, gone, left } : undefined;
}

/**
 * A loosened Deny may allow the delivering role more, within its own Allow. So may an Allow for the role that now
 * covers the right objects; tightening it is a separate change. No one else may get access.
 */
function opens({ place, proposal, after, world }: Attempt, { world: before, event }: Broken): boolean {
  const { of, document, about: it } = place;
  const isOwnAllow = proposal.every(({ edit }) => isAboutPlaces(edit, document, it.who));
  const changes = changedStatements(document, after).map((statement) => ({ statement }));
  const openings = openingsOf(unmasked(before, of), unmasked(world, of), event, changes);
  const isTheirs = ({ request: { caller } }: Opening) =>
    (it.fault.effect === 'explicit' || isOwnAllow) && caller.roleArn === it.who;
  return !openings.every(isTheirs);
}

/** True if a statement that names only the caller and certain objects now covers other objects. */
function isAboutPlaces(edit: StatementEdit, document: PolicyDocument, who: string): boolean {
  if (edit.kind !== 'replace') return false;
  const { Resource: _, ...before } = statementsOf(document)[edit.index] ?? { Effect: 'Deny' };
  const { Resource: __, ...after } = edit.statement;
  return isSameValue(before, after) && isSameValue(before['Principal'], { AWS: who });
}

function fixedBy({ proposal, place, world, gone, left }: Attempt): FixedFault {
  const fixes = proposal.map(({ edit, summary }) => ({ document: place.of, edit, faults: gone, summary }));
  return { fixes, world, left };
}

/** True if a statement that was just added now denies a delivery. */
function isDeniedAnew(
  proposal: Proposal,
  document: PolicyDocument,
  { statement, layer }: Fault,
  fixed: Fault,
): boolean {
  const first = statementsOf(document).length;
  const adds = proposal.some(({ edit }) => edit.kind === 'add' && edit.statement.Effect === 'Deny');
  return (
    adds && layer === fixed.layer && statement?.policy === fixed.statement?.policy && (statement?.index ?? 0) >= first
  );
}

function changedStatements(before: PolicyDocument, after: PolicyDocument) {
  const were = statementsOf(before);
  const are = statementsOf(after);
  return [...were.filter((one) => !are.includes(one)), ...are.filter((one) => !were.includes(one))];
}

/** Another Deny, or a missing Allow, may be behind a Deny. Reaching the next one is progress. */
function isSameDenial(a: Fault, b: Fault): boolean {
  if (!isSameRefusal(a, b) || a.effect !== b.effect) return false;
  if (a.effect !== 'explicit') return true;
  return a.statement?.policy === b.statement?.policy && a.statement?.index === b.statement?.index;
}

/**
 * The world in which the effect of a changed document shows. The customer can't rely on denials in the service
 * account's policies, so for a document about the customer's own resources these allow everything. A caller's policies
 * don't have to make up for the policies of other people's resources.
 */
function unmasked(world: World, document: DocumentOfWorld): World {
  const ofWorld = keptIn(ofWorlds, world, () => new Map<string, World>());
  return keptIn(ofWorld, `${document.kind} ${document.owner}`, () => withoutMasks(world, document));
}

/** Cached for the same world, so that its answers are not computed again. */
const ofWorlds = new WeakMap<World, Map<string, World>>();

function withoutMasks(world: World, { kind, owner }: DocumentOfWorld): World {
  // If deliveries use plain HTTP, that must change, not a document.
  const network = { ...world.network, secureTransport: true };
  if (!isOfResource(kind) || accountOf(world, owner) === world.serviceAccountId) return { ...world, network };
  const { vpcEndpoint } = network;
  return {
    ...world,
    roles: new Map([...world.roles].map(([arn, role]) => [arn, allowedEverything(role)])),
    accounts: new Map(
      [...world.accounts].map(([id, account]): [string, Account] => [id, { ...account, serviceControlPolicies: [] }]),
    ),
    network: { ...network, ...(vpcEndpoint && { vpcEndpoint: { ...vpcEndpoint, policy: anybodyAnything } }) },
  };
}

/** The account of a document's owner: of a bucket, key or role, or the account itself. */
function accountOf({ buckets, keys, roles }: World, owner: string): string {
  return (buckets.get(owner) ?? keys.get(owner) ?? roles.get(owner))?.accountId ?? owner;
}

function allowedEverything({ permissionsBoundary: _, ...role }: Role): Role {
  return { ...role, policies: [everything] };
}
