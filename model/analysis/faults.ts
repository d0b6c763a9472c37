import { parseArn } from '../../core/arn.ts';
import type { Delivery } from '../../core/delivery.ts';
import { resourceArn } from '../../core/delivery.ts';
import type { TestEvent } from '../../core/event.ts';
import { type PermissionEdge, permissionEdges, type ResourceRole } from '../../core/permissions.ts';
import { internalTestObjectKey } from '../../core/test-object.ts';
import type { Effect, Layer, Side, Step } from '../../core/vocabulary.ts';
import { authorize } from '../policies/authorize.ts';
import { conditionKeys } from '../policies/condition-keys.ts';
import type { Behind, Mismatch, Question, Refusal, StatementReference } from '../policies/decision.ts';
import { keyContext } from '../policies/key-context.ts';
import { checkCaller } from '../world/callers.ts';
import { delivererIn, deliveryIn } from '../world/delivery-in.ts';
import type { Bucket, Caller, Key, World } from '../world/world.ts';

/**
 * Everything that is wrong with a world, found by looking at every document: the truth that a check, which sees only
 * what AWS answers, is measured by.
 */
export interface Fault {
  readonly step: Step;
  readonly action: string;
  readonly resource: string;
  readonly layer: Layer;
  /** Absent where no policy is at fault. */
  readonly effect?: Effect;
  readonly side: Side;
  readonly accountId: string;
  /** The one that refuses, or comes closest to allowing. */
  readonly statement?: StatementReference;
  readonly why: string;
  /** What keeps the closest statement from allowing it, each with what the request has instead. */
  readonly mismatches?: readonly Mismatch[];
  /** What the conditions of the denying statement ask for, each with what the request has. */
  readonly conditions?: readonly Mismatch[];
  /** Set where nothing would allow it even without the Deny. */
  readonly behind?: Behind;
}

interface Case {
  readonly delivery: Delivery;
  readonly check: Caller;
  readonly deliverer: Caller;
}

/** Stands for any run: no policy can be written against one. */
const runId = 'run';

export async function faultsOf(world: World, event: TestEvent): Promise<readonly Fault[]> {
  const input: Case = {
    delivery: deliveryIn(world, event),
    check: checkCaller(world),
    deliverer: delivererIn(world, event),
  };
  const found: Fault[] = [];
  for (const edge of edgesOf(world, input.delivery)) {
    for (const fault of await faultsOfEdge(world, input, edge)) {
      if (!found.some((known) => isSame(known, fault))) found.push(fault);
    }
  }
  return found;
}

/** A fault is listed once, at the first step that it stops; a resource that is not as it must be stops every action. */
function isSame(a: Fault, b: Fault): boolean {
  return a.layer === b.layer && a.resource === b.resource && (a.action === b.action || !policyLayers.has(a.layer));
}

const policyLayers: ReadonlySet<Layer> = new Set([
  'identity-policy',
  'permissions-boundary',
  'session-policy',
  'role-trust-policy',
  'service-control-policy',
  'resource-control-policy',
  'vpc-endpoint-policy',
  'bucket-policy',
  'block-public-access',
  'key-policy',
]);

function edgesOf(world: World, { steps, inbox, deliveryRoleArn }: Delivery): readonly PermissionEdge[] {
  // What a role that does not exist would be allowed is no question.
  const nobodyDelivers = deliveryRoleArn !== undefined && !world.roles.has(deliveryRoleArn);
  return permissionEdges.filter(({ step, onlyWith }) => {
    if (step === 'assume-delivery-role') return deliveryRoleArn !== undefined;
    if (nobodyDelivers || (onlyWith !== undefined && inbox[onlyWith] === undefined)) return false;
    return steps.includes(step);
  });
}

async function faultsOfEdge(world: World, input: Case, edge: PermissionEdge): Promise<Fault[]> {
  const arn = resourceArn(input.delivery, edge.on, runId);
  if (arn === undefined) return [];
  switch (edge.on) {
    case 'delivery-role':
      return ofRole(world, input, edge, arn);
    case 'internal-object':
    case 'inbox-object':
      return ofObject(world, input, edge, arn);
    case 'internal-key':
    case 'inbox-key':
      return ofKey(world, input, edge, arn);
  }
}

async function ofRole(world: World, { check, delivery }: Case, edge: PermissionEdge, arn: string): Promise<Fault[]> {
  const role = world.roles.get(arn);
  const accountId = parseArn(arn)?.accountId ?? '';
  const question: Question = {
    caller: check,
    action: edge.action,
    resource: arn,
    resourceAccountId: accountId,
    // Nobody can assume a role that does not exist: as if its trust policy were empty.
    resourcePolicy: role?.trustPolicy ?? { Version: '2012-10-17', Statement: [] },
    context: { 'aws:RequestedRegion': delivery.internal.region, 'sts:RoleSessionName': `check-${delivery.customer}` },
  };
  return refused(world, delivery, edge, question);
}

async function ofObject(
  world: World,
  { delivery, deliverer }: Case,
  edge: PermissionEdge,
  arn: string,
): Promise<Fault[]> {
  const side = edge.on === 'inbox-object' ? delivery.inbox : delivery.internal;
  const bucket = world.buckets.get(side.bucket);
  const owner = edge.on === 'inbox-object' ? 'customer' : 'service';
  // A copy is one request, sent to the inbox's Region, also for what it asks about its source.
  const { region } = edge.operation === 'CopyObject' ? delivery.inbox : delivery.internal;
  const request = { headers: headersOf(delivery, edge), query: new URLSearchParams(), region };
  const question: Question = {
    caller: deliverer,
    action: edge.action,
    resource: arn,
    resourceAccountId: side.accountId,
    context: conditionKeys(world, request, edge.action, {}),
  };
  const found = bucketAsItMustBe(bucket, side);
  if (!('wrong' in found)) {
    const { policy } = found;
    return refused(world, delivery, edge, { ...question, ...(policy && { resourcePolicy: policy }) });
  }
  const { step, action } = edge;
  const fault: Fault = { step, action, resource: arn, side: owner, accountId: side.accountId, ...found.wrong };
  return [fault, ...(await refusedAllTheSame(world, delivery, edge, question))];
}

function bucketAsItMustBe(
  bucket: Bucket | undefined,
  side: Delivery['inbox' | 'internal'],
): Bucket | { readonly wrong: Pick<Fault, 'layer' | 'why'> } {
  const wrong = (layer: Layer, why: string) => ({ wrong: { layer, why } });
  if (!bucket) return wrong('bucket-missing', `no bucket is called ${side.bucket}`);
  const { name, region, accountId } = bucket;
  if (region !== side.region) return wrong('region', `the bucket ${name} is in ${region}, not in ${side.region}`);
  if (accountId === side.accountId) return bucket;
  return wrong('bucket-owner', `the bucket ${name} belongs to ${accountId}, not to ${side.accountId}`);
}

/** What the check sends with the call that raises the question, as far as policies can look at it. */
function headersOf({ inbox, internal, customer }: Delivery, { operation, on }: PermissionEdge): Record<string, string> {
  switch (operation) {
    case 'PutObject':
      return encryptionHeaders(internal.kmsKeyArn);
    case 'CopyObject':
      // What is asked about the source of a copy does not look at the headers for its destination.
      if (on !== 'inbox-object') return {};
      return {
        ...encryptionHeaders(inbox.kmsKeyArn),
        'x-amz-copy-source': `${internal.bucket}/${internalTestObjectKey(customer, runId)}`,
        ...(inbox.acl && { 'x-amz-acl': inbox.acl }),
      };
    default:
      return {};
  }
}

function encryptionHeaders(kmsKeyArn: string): Record<string, string> {
  return {
    'x-amz-server-side-encryption': 'aws:kms',
    'x-amz-server-side-encryption-aws-kms-key-id': kmsKeyArn,
  };
}

async function ofKey(world: World, { delivery, deliverer }: Case, edge: PermissionEdge, arn: string): Promise<Fault[]> {
  const isInbox = edge.on === 'inbox-key';
  const bucket = world.buckets.get(isInbox ? delivery.inbox.bucket : delivery.internal.bucket);
  const key = world.keys.get(arn);
  const accountId = parseArn(arn)?.accountId ?? '';
  const missing = (layer: Layer, why: string): Fault => ({
    step: edge.step,
    action: edge.action,
    resource: arn,
    layer,
    side: ownerSide(world, delivery, edge.on, accountId),
    accountId,
    why,
  });
  // Of S3 in the Region that the event names: a bucket elsewhere is a fault of its own.
  const { region } = isInbox ? delivery.inbox : delivery.internal;
  const object = resourceArn(delivery, isInbox ? 'inbox-object' : 'internal-object', runId) ?? '';
  const question: Question = {
    caller: deliverer,
    action: edge.action,
    resource: arn,
    resourceAccountId: accountId,
    context: keyContext(key, {
      region,
      encryptionContext: { 'aws:s3:arn': encryptionContext(bucket, object) },
      isCryptographic: true,
    }),
    forwardedBy: { service: 's3', region },
  };
  if (!key) {
    const elsewhere = [...world.keys.values()].find(({ keyId }) => arn.endsWith(`key/${keyId}`));
    const fault = elsewhere
      ? missing('region', `the key is in ${elsewhere.region}`)
      : missing('key-missing', `no KMS key has the ARN ${arn}`);
    return [fault, ...(await refusedAllTheSame(world, delivery, edge, question))];
  }
  const state = keyState(key);
  return [
    ...(await refused(world, delivery, edge, { ...question, resourcePolicy: key.policy })),
    ...(state ? [missing('key-state', state)] : []),
  ];
}

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html */
function encryptionContext(bucket: Bucket | undefined, objectArn: string): string {
  return bucket?.defaultEncryption.bucketKeyEnabled ? (objectArn.split('/')[0] ?? objectArn) : objectArn;
}

function keyState({ state, spec, arn }: Key): string | undefined {
  if (state !== 'Enabled') return `the key ${arn} is ${state}`;
  return spec === 'SYMMETRIC_DEFAULT' ? undefined : `the key ${arn} has the spec ${spec}; S3 uses symmetric keys only`;
}

/**
 * A bucket or key that is not what the event says has no policy of its own. But what refuses the caller for both
 * accounts' other policies would refuse it also if things were as the event says.
 */
async function refusedAllTheSame(
  world: World,
  delivery: Delivery,
  edge: PermissionEdge,
  question: Question,
): Promise<Fault[]> {
  return (await refused(world, delivery, edge, question)).filter(({ layer }) => !policiesOfTheResource.has(layer));
}

const policiesOfTheResource: ReadonlySet<Layer> = new Set(['bucket-policy', 'key-policy', 'block-public-access']);

async function refused(world: World, delivery: Delivery, edge: PermissionEdge, question: Question): Promise<Fault[]> {
  const { refusals } = authorize(world, question);
  return refusals
    .filter(({ hangsOn }) => hangsOn === undefined)
    .map((refusal) => {
      const accountId = accountOf(refusal, question);
      return {
        step: edge.step,
        action: edge.action,
        resource: question.resource,
        layer: refusal.layer,
        effect: refusal.effect,
        side: layersOfTheResource.has(refusal.layer) ? ownerSide(world, delivery, edge.on, accountId) : 'service',
        accountId,
        ...(refusal.statement && { statement: refusal.statement }),
        why: refusal.why,
        ...(refusal.mismatches && { mismatches: refusal.mismatches }),
        ...(refusal.conditions && { conditions: refusal.conditions }),
        ...(refusal.behind && { behind: refusal.behind }),
      };
    });
}

/** Both sides may be in one account: then whose a resource is, is told by what it is for. */
function ownerSide(world: World, { inbox }: Delivery, on: ResourceRole, accountId: string): Side {
  // Whichever account the delivery role is said to be in, it is for the service to mend.
  if (on === 'delivery-role' || on === 'internal-object') return 'service';
  if (on === 'inbox-object' || accountId !== world.serviceAccountId) return 'customer';
  return on === 'inbox-key' && inbox.accountId === world.serviceAccountId ? 'customer' : 'service';
}

const layersOfTheResource: ReadonlySet<Layer> = new Set([
  'bucket-policy',
  'key-policy',
  'role-trust-policy',
  'resource-control-policy',
  'block-public-access',
]);

function accountOf({ layer }: Refusal, { caller, resourceAccountId }: Question): string {
  return layersOfTheResource.has(layer) ? resourceAccountId : caller.accountId;
}
