import { accountIn, bucketArnIn } from '../arn.ts';
import { internalTestObjectKey } from '../object-keys.ts';
import { edgesFor, isKey, isOfInbox, type Operation, type PermissionEdge, type ResourceRole } from '../permissions.ts';
import { deliveredAs, encryptedWith, headersOf } from '../s3-headers.ts';
import { keptIn } from '../values.ts';
import { namesOf, type Side, type Step, steps } from '../vocabulary.ts';
import { type Delivery, resourceArn } from './delivery.ts';

/**
 * One authorization request of a delivery: the principal, the action, the resource, and all values that policies can
 * test. The session policy, the analysis of both accounts, the remedies, the policy simulator and the diagnosis use it,
 * so that they all evaluate what the check sends. A test compares it with the check's requests.
 */
export interface DeliveryRequest extends PermissionEdge {
  /**
   * The check assumes the role. All other requests are sent by a session of the role or, if there is none, the check.
   */
  readonly by: 'check' | 'deliverer';
  readonly resource: string;
  /** The account that owns the resource, according to the event. Only AWS knows a bucket's real owner. */
  readonly ownerId: string;
  /** The side that owns the resource. */
  readonly owner: Side;
  /** True if the owner is not the deliverer's account, so that both accounts must allow the request. */
  readonly isForeign: boolean;
  /** The Region that the request is sent to; for a key, the Region of the S3 endpoint that uses it. */
  readonly region: string;
  /** The headers that conditions can test, keyed by lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** False for requests that start an upload or add parts to it; only the last request creates the object. */
  readonly createsObject?: false;
  /** Set for sts:AssumeRole. */
  readonly sessionName?: string;
  /** The value of `aws:s3:arn` that S3 sends to KMS: the object, or its bucket if that has a Bucket Key. */
  readonly encryptionContext?: EncryptionContexts;
  /** Set if the event doesn't request the step, which only prepares another one. */
  readonly isPreparation?: true;
}

interface EncryptionContexts {
  readonly object: string;
  readonly bucket: string;
}

const known = new WeakMap<Delivery, Map<string, readonly DeliveryRequest[]>>();

/**
 * The requests of a delivery. They are cached as long as the delivery exists, because each part of a diagnosis needs
 * them.
 *
 * @param runId by default a placeholder, because no policy can depend on the run
 */
export function requestsOf(delivery: Delivery, runId = 'run'): readonly DeliveryRequest[] {
  const ofRuns = keptIn(known, delivery, () => new Map<string, readonly DeliveryRequest[]>());
  return keptIn(ofRuns, runId, () =>
    edgesFor(delivery.kind, delivery.inbox.acl)
      .filter((edge) => isAsked(edge, delivery))
      .flatMap((edge) => {
        const resource = resourceArn(delivery, edge.on, runId);
        return resource === undefined ? [] : [requestFor(edge, resource, delivery, runId)];
      }),
  );
}

/** The same without requests that only prepare a step: the permissions that the event tests. */
export function askedRequestsOf(delivery: Delivery, runId?: string): readonly DeliveryRequest[] {
  return requestsOf(delivery, runId).filter(({ isPreparation }) => isPreparation !== true);
}

const everyStep = namesOf(steps);

/** The delivery of real reports, whatever steps a test event isolates. */
export function withEveryStep(delivery: Delivery): Delivery {
  return delivery.steps.length === everyStep.length ? delivery : { ...delivery, steps: everyStep };
}

/** A copy needs a source object, so put-internal is tried anyway. Only a copy can leave an upload behind. */
function isAsked({ step, operation }: PermissionEdge, { steps: asked }: Delivery): boolean {
  if (operation === 'AbortMultipartUpload' && !asked.includes('copy-to-inbox')) return false;
  return asked.includes(step) || step === 'put-internal';
}

/** True if a step needs the same action on another resource too, as KMS decrypts and encrypts a part. */
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
  // A copy is one request to the inbox's Region, even for the permissions on its source.
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

/**
 * In a multipart upload, only the first request says how to store the object:
 * https://github.com/boto/botocore/issues/471
 */
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
 * Every request to S3 is signed with the hash of its body. A test object differs in each run, and so does the list of
 * an upload's parts, so all that is known of their hashes is the format.
 */
export const hashOf = {
  emptyBody: { 'x-amz-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' },
  unknownBody: { 'x-amz-content-sha256': '0'.repeat(64) },
} as const;

/** Both sides may be in one account; then the resource's purpose decides which side owns it. */
export function ownerSide(
  on: ResourceRole,
  accountId: string | undefined,
  { serviceAccountId, inboxAccountId }: { readonly serviceAccountId: string; readonly inboxAccountId: string },
): Side {
  // The service owns its delivery role, in whichever account it is.
  if (on === 'delivery-role' || on === 'internal-object') return 'service';
  if (on === 'inbox-object') return 'customer';
  // A key's ARN shows its owner. Within one account, the key's purpose decides the side.
  if (accountId !== serviceAccountId) return 'customer';
  return on === 'inbox-key' && inboxAccountId === serviceAccountId ? 'customer' : 'service';
}
