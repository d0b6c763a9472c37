import { bucketArn, partitionIn } from '../../core/arn.ts';
import type { TestEvent } from '../../core/event.ts';
import { edgesFor, type PermissionEdge, type ResourceRole } from '../../core/permissions.ts';
import type { Note } from '../../core/report.ts';
import type { Layer, Step } from '../../core/vocabulary.ts';
import type { Fault } from '../analysis/faults.ts';
import { documentIn, documentsOf } from '../remedies/documents.ts';
import { deliveryIn } from '../world/delivery-in.ts';
import type { UnknownPart } from '../world/scenario.ts';
import type { World } from '../world/world.ts';
import { type BucketOfDelivery, withAnyBucketKeys } from './bucket-keys.ts';
import { documentAtFault } from './locate.ts';

/** What a report can say where nobody knows everything. */
export interface Knowledge {
  /** What is not known and has a say in this delivery; empty where everything is known. */
  readonly notes: readonly Note[];
  /** Faults that there are whatever that is. */
  readonly certain: readonly Fault[];
  /** Steps that it has a say in. */
  readonly steps: ReadonlySet<Step>;
}

/** @param unknown parts that nobody could read; the templates' stand in for them, and say nothing */
export async function withoutUnknown(
  world: World,
  event: TestEvent,
  faults: readonly Fault[],
  unknown: readonly UnknownPart[],
): Promise<Knowledge> {
  const roles = rolesIn(world, event);
  const asked = unknown.flatMap(({ part }) => sayOf(part).flatMap(({ bucketKeyOf }) => bucketKeyOf ?? []));
  const { decisive, certain } = await withAnyBucketKeys(world, event, faults, [...new Set(asked)]);
  const texts = documentsOf(world, event).map((document) => JSON.stringify(documentIn(world, document)));
  // A value that no policy asks for decides nothing.
  const matters = (row: Say) =>
    stepsOf(row, roles).length > 0 &&
    (row.layers.length > 0 ||
      (row.bucketKeyOf !== undefined && decisive.has(row.bucketKeyOf)) ||
      row.keys?.some((key) => texts.some((text) => key.test(text))) === true);
  const relevant = unknown.filter(({ part }) => sayOf(part).some(matters));
  const rows = relevant.flatMap(({ part }) => sayOf(part)).filter(matters);
  return {
    notes: relevant.map(noteOf),
    certain: certain.filter((fault) => !rows.some((row) => castsDoubtOn(row, fault, { world, event, roles }))),
    steps: new Set(rows.flatMap((row) => stepsOf(row, roles))),
  };
}

function noteOf({ part, needs, why, origin }: UnknownPart): Note {
  if (why === undefined) {
    return { kind: 'unknown', detail: `Cannot know what ${part} says, which could not be read: ${needs} would tell.` };
  }
  return {
    kind: 'unknown',
    detail: `${why} ${needs}`,
    ...(origin && { file: origin.source.file, line: origin.line, column: origin.column }),
  };
}

/** The resources of a delivery; the service's own key only where something waits under it. */
type Place = ResourceRole | 'service-key';

/** A part of the two accounts, and what it has a say in. */
interface Say {
  readonly part: string;
  /** What it decides about, among the resources of a delivery. */
  readonly on: readonly Place[];
  /** Layers that it alone speaks for: what was found there was found in a stand-in. */
  readonly layers: readonly Layer[];
  /** Layers of resources in the caller's own account that it could make unnecessary. */
  readonly couldReplace?: readonly Layer[];
  /** Condition keys whose values it decides. */
  readonly keys?: readonly RegExp[];
  /** Requests name their key: of a default encryption, the Bucket Key is all that counts. */
  readonly bucketKeyOf?: BucketOfDelivery;
}

const inbox: readonly Place[] = ['inbox-object'];
const inboxKey: readonly Place[] = ['inbox-key'];
const internal: readonly Place[] = ['internal-object'];
const delivered: readonly Place[] = ['internal-object', 'internal-key', 'inbox-object', 'inbox-key'];
const everything: readonly Place[] = ['delivery-role', ...delivered];

/** A policy of a resource that grants to the caller itself needs nothing else of the caller's own account. */
const ofCaller: readonly Layer[] = ['identity-policy', 'permissions-boundary', 'session-policy'];

/**
 * Service control policies of the customer are not in the table: they bind its own principals, which deliver nothing.
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
 */
const table: readonly Say[] = [
  { part: 'service.organizationId', on: everything, layers: [], keys: [/PrincipalOrg|SourceOrg/i] },
  { part: 'service.checkRole.policies', on: ['delivery-role'], layers: ['identity-policy'] },
  { part: 'service.checkRole.permissionsBoundary', on: ['delivery-role'], layers: ['permissions-boundary'] },
  { part: 'service.deliveryRole.policies', on: delivered, layers: ['identity-policy'] },
  { part: 'service.deliveryRole.permissionsBoundary', on: delivered, layers: ['permissions-boundary'] },
  { part: 'service.deliveryRole.sessionPolicy', on: delivered, layers: ['session-policy'] },
  {
    part: 'service.deliveryRole.trustPolicy',
    on: ['delivery-role'],
    layers: ['role-trust-policy'],
    couldReplace: ofCaller,
  },
  { part: 'service.deliveryRole.roleId', on: delivered, layers: [], keys: [/userid/i] },
  { part: 'service.serviceControlPolicies', on: everything, layers: ['service-control-policy'] },
  {
    part: 'service.resourceControlPolicies',
    on: ['delivery-role', 'internal-object', 'service-key'],
    layers: ['resource-control-policy'],
  },
  {
    part: 'service.vpcEndpointPolicy',
    on: ['internal-object', 'inbox-object'],
    layers: ['vpc-endpoint-policy'],
    keys: [/SourceVpc|SourceIp/i],
  },
  { part: 'service.sourceIp', on: everything, layers: [], keys: [/SourceIp/i] },
  {
    part: 'service.internal.bucketPolicy',
    on: internal,
    layers: ['bucket-policy', 'block-public-access'],
    couldReplace: ofCaller,
  },
  { part: 'service.internal.objectOwnership', on: internal, layers: ['object-ownership'] },
  { part: 'service.internal.defaultEncryption', on: ['internal-key'], layers: [], bucketKeyOf: 'internal' },
  { part: 'service.internal.kmsKeyState', on: ['service-key'], layers: ['key-state'] },
  { part: 'service.internal.kmsKeyPolicy', on: ['service-key'], layers: ['key-policy'], couldReplace: ofCaller },
  { part: 'customer.organizationId', on: everything, layers: [], keys: [/ResourceOrg/i] },
  { part: 'customer.inbox.exists', on: inbox, layers: ['bucket-missing'] },
  { part: 'customer.inbox.region', on: inbox, layers: ['region'] },
  { part: 'customer.inbox.owner', on: inbox, layers: ['bucket-owner'] },
  {
    part: 'customer.inbox.bucketPolicy',
    on: inbox,
    layers: ['bucket-policy', 'block-public-access'],
    couldReplace: ofCaller,
  },
  { part: 'customer.inbox.objectOwnership', on: inbox, layers: ['object-ownership'] },
  { part: 'customer.inbox.blockPublicAccess', on: inbox, layers: ['block-public-access'] },
  { part: 'customer.inbox.defaultEncryption', on: inboxKey, layers: [], bucketKeyOf: 'inbox' },
  { part: 'customer.key.keyPolicy', on: inboxKey, layers: ['key-policy'], couldReplace: ofCaller },
  // A grant allows what the policy of the key does not.
  { part: 'customer.key.grants', on: inboxKey, layers: ['key-grant'], couldReplace: ['key-policy', ...ofCaller] },
  { part: 'customer.key.state', on: inboxKey, layers: ['key-state'] },
  { part: 'customer.key.spec', on: inboxKey, layers: ['key-state'] },
  { part: 'customer.key.region', on: inboxKey, layers: ['region'] },
  {
    part: 'customer.resourceControlPolicies',
    on: [...inbox, ...inboxKey],
    layers: ['resource-control-policy'],
  },
];

/** What a part has a say in: also a larger or a smaller one than those of the table. */
function sayOf(part: string): readonly Say[] {
  return table.filter((row) => `${row.part}.`.startsWith(`${part}.`) || `${part}.`.startsWith(`${row.part}.`));
}

/** Which resource is which, in this world: what waits may lie under either key. */
interface Roles {
  readonly of: (place: Place) => string | undefined;
  readonly edges: readonly PermissionEdge[];
  readonly steps: readonly Step[];
}

function rolesIn(world: World, event: TestEvent): Roles {
  const { inbox: to, internal: from, deliveryRoleArn, steps, kind } = deliveryIn(world, event);
  const partition = partitionIn(to.kmsKeyArn);
  const arns: Readonly<Record<Place, string | undefined>> = {
    'delivery-role': deliveryRoleArn,
    'internal-object': bucketArn(partition, from.bucket),
    'internal-key': from.kmsKeyArn,
    'service-key': from.kmsKeyArn === to.kmsKeyArn ? undefined : from.kmsKeyArn,
    'inbox-object': bucketArn(partition, to.bucket),
    'inbox-key': to.kmsKeyArn,
  };
  return { of: (place) => arns[place], steps, edges: edgesFor(kind, 'any') };
}

function stepsOf({ on }: Say, { of, steps, edges }: Roles): readonly Step[] {
  const resources = new Set(on.map(of));
  return edges
    .filter(({ on: role, step }) => of(role) !== undefined && resources.has(of(role)) && steps.includes(step))
    .map(({ step }) => step);
}

interface Context {
  readonly world: World;
  readonly event: TestEvent;
  readonly roles: Roles;
}

function castsDoubtOn(row: Say, fault: Fault, { world, event, roles }: Context): boolean {
  const isItsResource = row.on.some((role) => {
    const arn = roles.of(role);
    return arn !== undefined && (fault.resource === arn || fault.resource.startsWith(`${arn}/`));
  });
  if (!isItsResource) return false;
  if (row.layers.includes(fault.layer)) return true;
  const couldBeGranted = fault.effect === 'implicit' && row.couldReplace?.includes(fault.layer);
  if (couldBeGranted && isReplaceable(fault, row, world)) return true;
  const document = row.keys && documentAtFault(world, event, fault);
  const text = document && JSON.stringify(documentIn(world, document));
  return row.keys?.some((key) => text !== undefined && key.test(text)) ?? false;
}

/** Across accounts both sides must allow; a grant on a key stands for the key's policy alone. */
function isReplaceable({ layer, resource }: Fault, { part }: Say, world: World): boolean {
  if (layer === 'key-policy') return true;
  const owner =
    world.keys.get(resource)?.accountId ??
    (part.startsWith('customer.') ? world.customerAccountId : world.serviceAccountId);
  return owner === world.serviceAccountId;
}
