import { keyIdIn } from '../../core/arn.ts';
import type { Delivery } from '../../core/delivery/delivery.ts';
import { type DeliveryRequest, ownerSide } from '../../core/delivery/requests.ts';
import type { TestEvent } from '../../core/event.ts';
import { isOfResource, isOwnOfResource, isSettingLayer } from '../../core/layers.ts';
import { isOfInbox, type ResourceRole } from '../../core/permissions.ts';
import type { Effect, Layer, Side, Step } from '../../core/vocabulary.ts';
import { authorizeAsFarAsKnown } from '../policies/authorize.ts';
import type { Behind, Mismatch, Question, StatementReference } from '../policies/decision.ts';
import { checkCaller } from '../world/callers.ts';
import { delivererIn, deliveryIn, requestsIn } from '../world/delivery-in.ts';
import { withoutStatements } from '../world/plain-policies.ts';
import { type Bucket, isUsable, type Key, type World } from '../world/world.ts';
import { bucketOf, type Callers, questionIn, requestIn } from './questions.ts';

/**
 * Every fault of a world, found by evaluating all documents. A check only sees AWS's answers; its results are compared
 * with these faults.
 */
export interface Fault {
  readonly step: Step;
  readonly action: string;
  readonly resource: string;
  /** Set for a key that serves both buckets; absent if the fault affects both of its uses. */
  readonly on?: ResourceRole;
  readonly layer: Layer;
  /** Absent if no policy is at fault. */
  readonly effect?: Effect;
  readonly side: Side;
  readonly accountId: string;
  /** The statement that denies, or that comes closest to allowing. */
  readonly statement?: StatementReference;
  readonly why: string;
  /** The elements that keep the closest statement from allowing the request, with the request's values. */
  readonly mismatches?: readonly Mismatch[];
  /** The conditions of the denying statement, with the request's values. */
  readonly conditions?: readonly Mismatch[];
  /** Set if it is unknown whether this is a fault: the condition keys that decide. */
  readonly hangsOn?: readonly string[];
  /** Set if nothing would allow the request even without the Deny. */
  readonly behind?: Behind;
}

interface Case extends Callers {
  readonly delivery: Delivery;
}

export function faultsOf(world: World, event: TestEvent): readonly Fault[] {
  return analysisOf(world, event).faults;
}

export interface Analysis {
  readonly faults: readonly Fault[];
  /** Possible faults, which depend on unknown condition keys. */
  readonly doubts: readonly Doubt[];
}

export type Doubt = Fault & Required<Pick<Fault, 'hangsOn'>>;

export function analysisOf(world: World, event: TestEvent): Analysis {
  const found: Fault[] = [];
  const asked = requestsIn(world, event).filter(({ isPreparation }) => isPreparation !== true);
  for (const fault of refusalsIn(world, event, asked)) {
    const at = found.findIndex((known) => isSame(known, fault) && isDoubt(known) === isDoubt(fault));
    const known = found[at];
    if (known === undefined) found.push(fault);
    else if (known.on !== fault.on) found[at] = ofSeveral(known);
  }
  const faults = found.filter((fault) => !isDoubt(fault));
  return { faults, doubts: found.filter(isDoubt).filter((doubt) => !faults.some((fault) => isSame(fault, doubt))) };
}

/** The faults of each step, even if an earlier step has the same one; preparation counts as a step too. */
export function refusalsByStep(world: World, event: TestEvent): readonly Fault[] {
  return refusalsIn(world, event, requestsIn(world, event)).filter((fault) => !isDoubt(fault));
}

function refusalsIn(world: World, event: TestEvent, requests: readonly DeliveryRequest[]): readonly Fault[] {
  const delivery = deliveryIn(world, event);
  const input: Case = { delivery, check: checkCaller(world), deliverer: delivererIn(world, event) };
  // If the role doesn't exist, it needs no permissions.
  const nobodyDelivers = delivery.deliveryRoleArn !== undefined && !world.roles.has(delivery.deliveryRoleArn);
  // If no bucket has that name, its permissions in the service's bucket don't matter either.
  const isMistyped = !world.buckets.has(delivery.internal.bucket);
  const asked = requests.filter(
    ({ by, on }) => (by === 'check' || !nobodyDelivers) && (on !== 'internal-key' || !isMistyped),
  );
  return asked.flatMap((request) =>
    faultsOfRequest(world, input, request).map((fault) => ({ ...fault, on: request.on })),
  );
}

function ofSeveral({ on: _, ...fault }: Fault): Fault {
  return fault;
}

function isDoubt(fault: Fault): fault is Doubt {
  return fault.hangsOn !== undefined;
}

/** A fault is listed once, at the first step that it stops. A misconfigured resource stops every action. */
function isSame(a: Fault, b: Fault): boolean {
  if (a.layer === 'plain-http' && b.layer === a.layer) return true;
  return a.layer === b.layer && a.resource === b.resource && (a.action === b.action || isSettingLayer(a.layer));
}

function faultsOfRequest(world: World, input: Case, asked: DeliveryRequest): readonly Fault[] {
  const question = questionIn(world, requestIn(world, asked, input));
  switch (asked.on) {
    case 'delivery-role':
      // A role that doesn't exist is handled like one with an empty trust policy, because no one can assume it.
      return refused(world, input, asked, { resourcePolicy: withoutStatements, ...question });
    case 'internal-object':
    case 'inbox-object':
      return ofObject(world, input, asked, question);
    case 'internal-key':
    case 'inbox-key':
      return ofKey(world, input, asked, question);
  }
}

function ofObject(world: World, input: Case, asked: DeliveryRequest, question: Question): readonly Fault[] {
  const side = isOfInbox(asked.on) ? input.delivery.inbox : input.delivery.internal;
  const wrong = wrongWithBucket(bucketOf(world, asked.resource), side);
  if (!wrong) {
    const refusals = [...unpaid(world, asked, question), ...refused(world, input, asked, question)];
    return refusals.length > 0 ? refusals : overPlainHttp(world, asked);
  }
  const { step, action, resource, owner } = asked;
  const fault: Fault = { step, action, resource, side: owner, accountId: side.accountId, ...wrong };
  if (fault.layer === 'bucket-missing' && !isOfInbox(asked.on)) return [fault];
  // The policy of a bucket of the caller's own account may allow what the caller's policies don't.
  return [fault, ...refused(world, input, asked, question).filter(({ layer }) => !isOwnOfResource(layer))];
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/RequesterPaysBuckets.html */
function unpaid(world: World, asked: DeliveryRequest, { caller }: Question): readonly Fault[] {
  const { step, action, resource, owner: side } = asked;
  const { name, accountId, requesterPays } = bucketOf(world, resource) ?? {};
  if (!requesterPays || accountId === undefined || accountId === caller.accountId) return [];
  const why = `the bucket ${name} is a Requester Pays bucket, and the request does not agree to pay`;
  return [{ step, action, resource, layer: 'requester-pays', side, accountId, why }];
}

/**
 * “All GET and PUT requests for an object protected by KMS will fail if they're not made via SSL”. S3 checks this after
 * permissions. https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
 */
function overPlainHttp({ network, serviceAccountId }: World, asked: DeliveryRequest): readonly Fault[] {
  const { step, action, resource } = asked;
  if (network.secureTransport || action !== 's3:PutObject') return [];
  const why = 'the request comes over plain HTTP, over which S3 uses no KMS key';
  return [{ step, action, resource, layer: 'plain-http', side: 'service', accountId: serviceAccountId, why }];
}

function wrongWithBucket(
  bucket: Bucket | undefined,
  side: Delivery['inbox' | 'internal'],
): Pick<Fault, 'layer' | 'why'> | undefined {
  if (!bucket) return { layer: 'bucket-missing', why: `no bucket is called ${side.bucket}` };
  const { name, region, accountId } = bucket;
  if (region !== side.region) {
    return { layer: 'region', why: `the bucket ${name} is in ${region}, not in ${side.region}` };
  }
  if (accountId === side.accountId) return undefined;
  return { layer: 'bucket-owner', why: `the bucket ${name} belongs to ${accountId}, not to ${side.accountId}` };
}

function ofKey(world: World, input: Case, asked: DeliveryRequest, question: Question): readonly Fault[] {
  const { step, action, resource, ownerId: accountId } = asked;
  const side = ownerOf(world, input, asked, accountId);
  const missing = (layer: Layer, why: string): Fault => ({ step, action, resource, layer, side, accountId, why });
  const key = world.keys.get(resource);
  if (!key) {
    const namesakes = [...world.keys.values()].filter(({ keyId }) => keyId === keyIdIn(resource));
    const elsewhere = namesakes.find((one) => one.accountId === accountId);
    const [other] = namesakes;
    const fault = elsewhere
      ? missing('region', `the key is in ${elsewhere.region}`)
      : missing(
          'key-missing',
          `no KMS key has the ARN ${resource}${other ? `: the key of this ID is in account ${other.accountId}` : ''}`,
        );
    return [fault, ...refusedAllTheSame(world, input, asked, question)];
  }
  const state = keyState(key);
  return [...refused(world, input, asked, question), ...(state ? [missing('key-state', state)] : [])];
}

function keyState({ state, spec, arn }: Key): string | undefined {
  if (!isUsable(state)) return `the key ${arn} is ${state}`;
  return spec === 'SYMMETRIC_DEFAULT' ? undefined : `the key ${arn} has the spec ${spec}; S3 uses symmetric keys only`;
}

/**
 * A bucket or key that differs from the event has no policy of its own here. But if both accounts' other policies deny
 * the caller, they would also deny if the event were right.
 */
function refusedAllTheSame(
  world: World,
  input: Case,
  asked: DeliveryRequest,
  { resourcePolicy: _, ...question }: Question,
): readonly Fault[] {
  return refused(world, input, asked, question).filter(({ layer }) => !isOwnOfResource(layer));
}

function refused(world: World, input: Case, asked: DeliveryRequest, question: Question): readonly Fault[] {
  const { refusals } = authorizeAsFarAsKnown(world, question);
  return refusals.map((refusal) => {
    const accountId = isOfResource(refusal.layer) ? question.resourceAccountId : question.caller.accountId;
    return {
      ...refusal,
      step: asked.step,
      action: asked.action,
      resource: question.resource,
      side: isOfResource(refusal.layer) ? ownerOf(world, input, asked, accountId) : 'service',
      accountId,
    };
  });
}

function ownerOf(world: World, { delivery }: Case, { on }: DeliveryRequest, accountId: string): Side {
  const { serviceAccountId } = world;
  return ownerSide(on, accountId, { serviceAccountId, inboxAccountId: delivery.inbox.accountId });
}

/** A fault is listed at the first step that it stops. After an earlier fault is fixed, that may be a later step. */
export function isSameRefusal(a: Fault, b: Fault): boolean {
  return a.layer === b.layer && a.action === b.action && a.resource === b.resource;
}
