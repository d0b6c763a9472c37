import { accountIn, bucketArnIn } from '../arn.ts';
import { internalTestObjectKey } from '../object-keys.ts';
import { edgesFor, isKey, isOfInbox, type Operation, type PermissionEdge, type ResourceRole } from '../permissions.ts';
import { deliveredAs, encryptedWith, headersOf } from '../s3-headers.ts';
import { namesOf, type Side, type Step, steps } from '../vocabulary.ts';
import { type Delivery, resourceArn } from './delivery.ts';

/**
 * One authorization question of a delivery: the caller, the action, the resource, and everything that policies can
 * test. The session policy, the analysis of two accounts, the remedies, the simulator's questions and the diagnosis use
 * it, so that all of them ask what the check asks; a test compares it with the check's requests.
 */
export interface DeliveryRequest extends PermissionEdge {
  /** The check assumes the role; a session of the role, or the check itself without one, does the rest. */
  readonly by: 'check' | 'deliverer';
  readonly resource: string;
  /** The account that owns the resource, as the event says. Only AWS knows the real owner of a bucket. */
  readonly ownerId: string;
  /** The side whose resource it is. */
  readonly owner: Side;
  /** True if the owner is not the deliverer's account: then both accounts must allow it. */
  readonly isForeign: boolean;
  /** The Region that the request is sent to; for a key, the Region of the S3 that asks for it. */
  readonly region: string;
  /** The headers that conditions can test, by their lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** False for requests that begin an upload and add parts to it: the last request creates the object. */
  readonly createsObject?: false;
  /** Set for sts:AssumeRole. */
  readonly sessionName?: string;
  /** The value of `aws:s3:arn` that S3 sends to KMS: the object, or its bucket if that has a Bucket Key. */
  readonly encryptionContext?: EncryptionContexts;
  /** Set if the event does not ask for the step, which only prepares another one. */
  readonly isPreparation?: true;
}

interface EncryptionContexts {
  readonly object: string;
  readonly bucket: string;
}

/** @param runId by default a stand-in for any run, because no policy can depend on one */
export function requestsOf(delivery: Delivery, runId = 'run'): readonly DeliveryRequest[] {
  return edgesFor(delivery.kind, delivery.inbox.acl)
    .filter((edge) => isAsked(edge, delivery))
    .flatMap((edge) => {
      const resource = resourceArn(delivery, edge.on, runId);
      return resource === undefined ? [] : [requestFor(edge, resource, delivery, runId)];
    });
}

/** The same without what only prepares a step: the permissions that the event asks about. */
export function askedRequestsOf(delivery: Delivery, runId?: string): readonly DeliveryRequest[] {
  return requestsOf(delivery, runId).filter(({ isPreparation }) => isPreparation !== true);
}

/** A delivery as real reports are delivered, whatever steps a test event isolates. */
export function withEveryStep(delivery: Delivery): Delivery {
  return { ...delivery, steps: namesOf(steps) };
}

/** A copy needs an object to be copied, so put-internal is tried anyway; and only a copy leaves an upload behind. */
function isAsked({ step, operation }: PermissionEdge, { steps: asked }: Delivery): boolean {
  if (operation === 'AbortMultipartUpload' && !asked.includes('copy-to-inbox')) return false;
  return asked.includes(step) || step === 'put-internal';
}

/** True if a step asks for the same action on another resource too: KMS decrypts and encrypts a part. */
export function isAskedOfSeveral(delivery: Delivery, step: Step | undefined, action: string | undefined): boolean {
  const asked = requestsOf(delivery).filter((one) => one.step === step && one.action === action);
  return new Set(asked.map(({ on }) => on)).size > 1;
}

const operationsOnParts: ReadonlySet<Operation> = new Set(['CreateMultipartUpload', 'UploadPartCopy']);
const copies: ReadonlySet<Operation> = new Set(['CopyObject', 'UploadPartCopy']);
const hasBody: ReadonlySet<Operation> = new Set(['PutObject', 'CompleteMultipartUpload']);

function requestFor(edge: PermissionEdge, resource: string, delivery: Delivery, runId: string): DeliveryRequest {
  const { internal, inbox, customer, steps: asked } = delivery;
  const place = isOfInbox(edge.on) ? inbox : internal;
  const isObject = edge.on === 'internal-object' || edge.on === 'inbox-object';
  const ownerId = isObject ? place.accountId : (accountIn(resource) ?? '');
  // A copy is one request, sent to the inbox's Region, also for what it asks about its source.
  const { region } = copies.has(edge.operation) && isObject ? inbox : place;
  return {
    ...edge,
    by: edge.on === 'delivery-role' ? 'check' : 'deliverer',
    resource,
    ownerId,
    owner: ownerSide(edge.on, ownerId, { serviceAccountId: internal.accountId, inboxAccountId: inbox.accountId }),
    isForeign: ownerId !== internal.accountId,
    region,
    headers: isObject ? sentHeaders(edge.operation, delivery, runId) : {},
    ...(operationsOnParts.has(edge.operation) && edge.action === 's3:PutObject' && { createsObject: false as const }),
    ...(edge.on === 'delivery-role' && { sessionName: `check-${customer}` }),
    ...(isKey(edge.on) && { encryptionContext: encryptionContextsOf(edge.on, delivery, runId) }),
    ...(!asked.includes(edge.step) && { isPreparation: true }),
  };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html */
function encryptionContextsOf(on: ResourceRole, delivery: Delivery, runId: string): EncryptionContexts {
  const object = resourceArn(delivery, isOfInbox(on) ? 'inbox-object' : 'internal-object', runId) ?? '';
  return { object, bucket: bucketArnIn(object) };
}

/** For a multipart upload, only the first request says how the object is stored: https://github.com/boto/botocore/issues/471 */
function sentHeaders(operation: Operation, { inbox, internal, customer }: Delivery, runId: string) {
  const isFirst = operation === 'CopyObject' || operation === 'CreateMultipartUpload';
  return {
    ...(hasBody.has(operation) ? hashOf.unknownBody : hashOf.emptyBody),
    ...(operation === 'PutObject' && headersOf(encryptedWith(internal.kmsKeyArn))),
    ...(isFirst && headersOf(deliveredAs(inbox))),
    ...(copies.has(operation) && {
      'x-amz-copy-source': `${internal.bucket}/${internalTestObjectKey(customer, runId)}`,
    }),
  };
}

/**
 * Every request to S3 is signed with the hash of its body. A test object differs with each run, as does the list of an
 * upload's parts, so that of their hashes no more can be said than that each is one.
 */
export const hashOf = {
  emptyBody: { 'x-amz-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' },
  unknownBody: { 'x-amz-content-sha256': '0'.repeat(64) },
} as const;

/** Both sides may be in one account. The purpose of a resource then decides whose it is. */
export function ownerSide(
  on: ResourceRole,
  accountId: string | undefined,
  { serviceAccountId, inboxAccountId }: { readonly serviceAccountId: string; readonly inboxAccountId: string },
): Side {
  // The service fixes its delivery role, in whichever account it is.
  if (on === 'delivery-role' || on === 'internal-object') return 'service';
  if (on === 'inbox-object') return 'customer';
  // A key's ARN names its owner; within one account, what the key is for tells its side.
  if (accountId !== serviceAccountId) return 'customer';
  return on === 'inbox-key' && inboxAccountId === serviceAccountId ? 'customer' : 'service';
}
