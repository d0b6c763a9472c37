import { parseArn } from '../../core/arn.ts';
import { requestsOf, withEveryStep } from '../../core/delivery/requests.ts';
import type { TestEvent } from '../../core/event.ts';
import { isOfResource } from '../../core/layers.ts';
import type { PermissionEdge } from '../../core/permissions.ts';
import type { PolicyKind } from '../../policy/grammar.ts';
import type { Fault } from '../analysis/faults.ts';
import { bucketOf } from '../analysis/questions.ts';
import type { TooLong } from '../policies/size-limits.ts';
import { callerAt, deliveryIn } from '../world/delivery-in.ts';
import type { PolicyDocument, PolicyStatement, World } from '../world/world.ts';
import type { DocumentOfWorld, StatementEdit } from './documents.ts';
import { remedyForFault } from './for-fault.ts';
import { intendedRequests } from './request.ts';
import { comparisonsOf, isSameKey } from './statement-parts.ts';

export interface FaultContext {
  readonly world: World;
  readonly event: TestEvent;
  readonly fault: Fault;
  /** Every fault of the caller with the same Deny statement; without a Deny, only this fault. */
  readonly alike: readonly Fault[];
  /** The ARN of the denied role, or of an account's root user. */
  readonly who: string;
  /** The smallest statement that allows the request, for a policy of the caller. */
  readonly ofCaller: PolicyStatement | undefined;
  /** The same for the resource's policy, which names the caller. */
  readonly ofResource: PolicyStatement | undefined;
  /** Actions of a delivery on the fault's resource. */
  readonly needed: readonly string[];
}

export interface Broken {
  readonly world: World;
  readonly event: TestEvent;
  readonly faults: readonly Fault[];
  /** Collects changes that would make a document too long to save. */
  readonly unsavable?: Unsavable[];
}

export interface Unsavable {
  readonly document: DocumentOfWorld;
  readonly fault: Fault;
  readonly excess: TooLong;
}

export function about({ world, event, fault, faults }: Broken & { readonly fault: Fault }): FaultContext {
  const caller = callerAt(fault.step, world, event);
  const service = parseArn(fault.resource)?.service;
  const kind = service === 's3' ? 'bucket-policy' : service === 'kms' ? 'key-policy' : 'role-trust-policy';
  return {
    world,
    event,
    fault,
    alike: [fault, ...faults.filter((other) => other !== fault && isSameDeny(other, fault))],
    who: caller.roleArn ?? caller.arn,
    ofCaller: statementFor(world, event, fault, 'identity-policy'),
    ofResource: statementFor(world, event, fault, kind),
    needed: intendedRequests(world, event)
      .filter(({ request }) => request.resource === fault.resource)
      .map(({ request }) => request.action),
  };
}

const assumes = ({ step }: Fault) => step === 'assume-delivery-role';

function isSameDeny(a: Fault, b: Fault): boolean {
  return (
    assumes(a) === assumes(b) &&
    a.effect === 'explicit' &&
    a.layer === b.layer &&
    a.accountId === b.accountId &&
    a.statement?.policy === b.statement?.policy &&
    a.statement?.index === b.statement?.index
  );
}

function statementFor(
  world: World,
  event: TestEvent,
  fault: Fault,
  layer: 'identity-policy' | 'bucket-policy' | 'key-policy' | 'role-trust-policy',
): PolicyStatement | undefined {
  const { statement: _, ...rest } = fault;
  return remedyForFault(world, event, { ...rest, layer, effect: 'implicit' })?.statement as PolicyStatement | undefined;
}

/** A resource's policy applies to every caller, so its statement must name this one. */
export function tightestFor(kind: PolicyKind, { ofCaller, ofResource }: FaultContext): PolicyStatement | undefined {
  return isOfResource(kind) ? ofResource : ofCaller;
}

/**
 * A delivery's values of a condition key, as a policy should have them: patterns for values that differ in each
 * delivery. Empty for keys whose values no one stated, so that nothing made up gets into a document: an address, a VPC,
 * an organization, the unique ID of a role.
 */
export function rightValues(
  key: string,
  { world, event, fault, who, ofResource, ofCaller }: FaultContext,
): readonly string[] {
  const inStatements = [ofResource, ofCaller].flatMap((statement) =>
    statement ? comparisonsOf(statement).filter((comparison) => isSameKey(comparison.key, key)) : [],
  );
  const [told] = inStatements;
  if (told) return told.values;
  const name = Object.keys(known).find((one) => isSameKey(one, key));
  const edges = requestsOf(withEveryStep(deliveryIn(world, event))).filter(
    ({ step, action }) => step === fault.step && action === fault.action,
  );
  return name === undefined ? [] : (known[name]?.({ world, event, fault, who, edges }) ?? []);
}

type Known = Pick<FaultContext, 'world' | 'event' | 'fault' | 'who'> & { readonly edges: readonly PermissionEdge[] };

const known: Readonly<Record<string, (about: Known) => readonly string[]>> = {
  'aws:PrincipalArn': ({ who }) => [who],
  'aws:PrincipalAccount': ({ who }) => [parseArn(who)?.accountId ?? ''],
  'kms:CallerAccount': ({ who }) => [parseArn(who)?.accountId ?? ''],
  'aws:ResourceAccount': (about) => [ownerOf(about)],
  's3:ResourceAccount': (about) => [ownerOf(about)],
  'aws:RequestedRegion': ({ world, event }) => {
    const { inbox, internal } = deliveryIn(world, event);
    return [...new Set([internal.region, inbox.region])];
  },
  's3:x-amz-copy-source': ({ world, event, edges }) =>
    edges.some(({ operation }) => operation === 'CopyObject' || operation === 'UploadPartCopy')
      ? [`${deliveryIn(world, event).internal.bucket}/*`]
      : [],
  'sts:RoleSessionName': () => ['check-*'],
};

function ownerOf({ world, event, fault: { resource } }: Known): string {
  const asked = requestsOf(withEveryStep(deliveryIn(world, event))).find((one) => one.resource === resource);
  return bucketOf(world, resource)?.accountId ?? asked?.ownerId ?? parseArn(resource)?.accountId ?? '';
}

export interface ProposedEdit {
  readonly edit: StatementEdit;
  readonly summary: string;
}

/** Edits that belong together and may fix a fault. They must be tried. */
export type Proposal = readonly ProposedEdit[];

export interface EditableDocument {
  readonly about: FaultContext;
  readonly of: DocumentOfWorld;
  readonly document: PolicyDocument;
}
