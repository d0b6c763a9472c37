import { accountIn, bucketIn } from '../arn.ts';
import type { MessageDenial } from '../aws-words/message.ts';
import { type Delivery, resourceArn } from '../delivery/delivery.ts';
import { ownerSide, requestsOf } from '../delivery/requests.ts';
import type { ResourceRole } from '../permissions.ts';
import type { StepResult } from '../report.ts';
import type { Side, Step } from '../vocabulary.ts';

/** A delivery that did not pass, with the result of each step. */
export interface DeniedDelivery {
  readonly delivery: Delivery;
  readonly runId: string;
  /** The delivering principal: the session of the delivery role, or the caller. */
  readonly principal?: string | undefined;
  readonly steps: readonly StepResult[];
  /**
   * The key of the copied object, if it is not the internal key. By default the service's own key, if put-internal did
   * not pass and the copy was tried anyway.
   */
  readonly fallbackSource?: { readonly kmsKeyArn: string } | undefined;
  /** Set if an answer from AWS showed it. */
  readonly sourceKey?: 'allows' | 'refuses' | undefined;
}

/** The denied request: principal, action, resource, and how the accounts of principal and resource relate. */
export interface Asked {
  /** The delivery that sent the request; absent if only a text is known. */
  readonly delivery?: Delivery | undefined;
  readonly step?: Step | undefined;
  readonly action?: string | undefined;
  /** The API operation, if only a text is known. */
  readonly operation?: string | undefined;
  readonly resource?: string | undefined;
  /** The resource's role in the delivery, if known. */
  readonly role?: ResourceRole | undefined;
  readonly principal?: string | undefined;
  readonly principalAccountId?: string | undefined;
  /** The role behind a session, with its path, if a text shows it. A session's ARN doesn't contain the path. */
  readonly roleArn?: string | undefined;
  /** The side of the caller, if the text shows it. */
  readonly caller?: Side | undefined;
  /** True if nothing shows that the caller is the delivery role. No proposed statement may allow it. */
  readonly isUnidentified?: true | undefined;
  readonly resourceAccountId?: string | undefined;
  readonly relation: Relation;
  /** The side that owns the resource. */
  readonly owner?: Side | undefined;
  /** True if S3 called KMS on behalf of the caller. */
  readonly viaS3?: boolean | undefined;
  /** True if the step sends the same request for another resource too, and nothing shows which one was denied. */
  readonly isOneOfSeveral?: true | undefined;
  /** Set if the resource does not exist, with the resource that exists instead. */
  readonly missing?: { readonly instead?: string } | undefined;
  /** True if the policy that denied was read and contains no ID of a deleted role or user. */
  readonly namesNoDeletedRole?: boolean | undefined;
  /** The bucket or object that S3 named to KMS, if a CloudTrail event shows it. */
  readonly encryptionContextArn?: string | undefined;
}

export type Relation = 'same-account' | 'cross-account' | 'unknown';

export function relationOf(principalAccount: string | undefined, resourceAccount: string | undefined): Relation {
  if (!principalAccount || !resourceAccount) return 'unknown';
  return principalAccount === resourceAccount ? 'same-account' : 'cross-account';
}

/**
 * Each step's own S3 or STS permission. An answer without details is about this one: S3 passes on KMS's messages, so a
 * plain “Access Denied” doesn't come from KMS.
 */
const edgeWithoutDetail: Readonly<Record<Step, Edge | undefined>> = {
  'assume-delivery-role': { action: 'sts:AssumeRole', on: 'delivery-role' },
  'put-internal': { action: 's3:PutObject', on: 'internal-object' },
  'copy-to-inbox': { action: 's3:PutObject', on: 'inbox-object' },
  'verify-delivery': undefined,
  'clean-up': { action: 's3:DeleteObject', on: 'internal-object' },
};

type Edge = { readonly action?: string; readonly on: ResourceRole; readonly isOneOfSeveral?: true };

type Answered = Pick<StepResult, 'step' | 'request'>;

/** Finds the request of a delivery that a message is about. */
export function askedIn(input: DeniedDelivery, answered: Answered, message: MessageDenial): Asked {
  const { delivery } = input;
  const { step } = answered;
  const edge = edgeOf(input, answered, message);
  const resource = resourceOf(input, edge, message);
  const principal = message.principal ?? (step === 'assume-delivery-role' ? undefined : input.principal);
  const principalAccountId = accountIn(principal) ?? accountIn(delivery.deliveryRoleArn) ?? delivery.internal.accountId;
  const resourceAccountId = ownerAccount(delivery, edge?.on, resource);
  return {
    delivery,
    step,
    action: edge?.action,
    resource,
    role: edge?.on,
    principal,
    principalAccountId,
    caller: 'service',
    resourceAccountId,
    relation: relationOf(principalAccountId, resourceAccountId),
    owner: edge && ownerSide(edge.on, resourceAccountId, accountsOf(delivery)),
    viaS3: true,
    ...(edge?.isOneOfSeveral && { isOneOfSeveral: true }),
  };
}

function edgeOf(input: DeniedDelivery, answered: Answered, message: MessageDenial): Edge | undefined {
  const { step, request } = answered;
  if (message.action !== undefined) return edgeOfAction(input, answered, message.action, message);
  if (message.subject === 'key' || message.layer === 'key-policy') return edgeOfKey(input, step, message);
  if (request?.operation === 'AbortMultipartUpload') return { action: 's3:AbortMultipartUpload', on: 'inbox-object' };
  return edgeWithoutDetail[step];
}

function edgeOfAction(
  input: DeniedDelivery,
  { step, request }: Answered,
  action: string,
  message: MessageDenial,
): Edge {
  const { delivery } = input;
  const { resource } = message;
  const edges = requestsOf(delivery).filter(
    (one) => one.step === step && one.action.toLowerCase() === action.toLowerCase(),
  );
  const [edge] = edges;
  if (edges.some(({ on }) => on !== edge?.on)) return edgeOfPart(input, request?.operation, action, message);
  if (edge) return { action, on: edge.on };
  // Actions outside the table, such as object tags, or a listing when the object is missing: decide by the resource.
  const inInternal = bucketIn(resource) === delivery.internal.bucket || /^s3:(?:Get|List)/.test(action);
  if (action.startsWith('s3:'))
    return { action, on: inInternal || step !== 'copy-to-inbox' ? 'internal-object' : 'inbox-object' };
  if (action.startsWith('kms:')) return { action, on: step === 'copy-to-inbox' ? 'inbox-key' : 'internal-key' };
  return { action, on: 'delivery-role' };
}

/** KMS decrypts a part with the source's key and then with the upload's key. Both requests look the same. */
function edgeOfPart(
  input: DeniedDelivery,
  operation: string | undefined,
  action: string,
  { resource, wording }: MessageDenial,
): Edge {
  const { inbox, internal } = input.delivery;
  const source = sourceKeyOf(input);
  const isOther = source !== inbox.kmsKeyArn;
  const ofSource = operation === 'GetObject' || input.sourceKey === 'refuses' || (isOther && resource === source);
  if (ofSource) return { action, on: 'internal-key' };
  const ofUpload =
    input.sourceKey === 'allows' ||
    (isOther && resource === inbox.kmsKeyArn) ||
    // For a key in the caller's own account, KMS says which policy denies.
    (wording === 'lumped' && accountIn(source) === internal.accountId);
  return { action, on: 'inbox-key', ...(!ofUpload && { isOneOfSeveral: true }) };
}

/** For an answer about a key that names no action. A copy uses two keys, which may be the same. */
function edgeOfKey(input: DeniedDelivery, step: Step, { resource, wording }: MessageDenial): Edge {
  const { inbox } = input.delivery;
  if (step !== 'copy-to-inbox') return { action: 'kms:GenerateDataKey', on: 'internal-key' };
  const sourceKeyArn = sourceKeyOf(input);
  // If no action is known: KMS's older message mentions a ciphertext, and only the source has one.
  if (wording === 'lumped') return { action: 'kms:Decrypt', on: 'internal-key' };
  if (sourceKeyArn === inbox.kmsKeyArn) return { on: 'inbox-key' };
  return resource === sourceKeyArn
    ? { action: 'kms:Decrypt', on: 'internal-key' }
    : { action: 'kms:GenerateDataKey', on: 'inbox-key' };
}

/** The key of the copied object. If put-internal did not pass, that is the service's own key. */
function sourceKeyOf({ delivery, steps, fallbackSource }: DeniedDelivery): string {
  const stored = steps.find(({ step }) => step === 'put-internal')?.status;
  const substitute = stored === 'denied' || stored === 'failed' ? delivery.internal.serviceKmsKeyArn : undefined;
  return fallbackSource?.kmsKeyArn ?? substitute ?? delivery.internal.kmsKeyArn;
}

function resourceOf(input: DeniedDelivery, edge: Edge | undefined, message: MessageDenial): string | undefined {
  if (message.resource !== undefined) return message.resource;
  if (!edge) return undefined;
  if (edge.action === 'kms:Decrypt' && edge.on === 'internal-key') return sourceKeyOf(input);
  const arn = resourceArn(input.delivery, edge.on, input.runId);
  const bucket = message.subject === 'bucket' ? bucketIn(arn) : undefined;
  return bucket ? arn?.split('/')[0] : arn;
}

function accountsOf({ internal, inbox }: Delivery) {
  return { serviceAccountId: internal.accountId, inboxAccountId: inbox.accountId };
}

function ownerAccount(
  delivery: Delivery,
  on: ResourceRole | undefined,
  resource: string | undefined,
): string | undefined {
  const bucket = bucketIn(resource);
  if (bucket === delivery.inbox.bucket) return delivery.inbox.accountId;
  if (bucket === delivery.internal.bucket || on === 'internal-object') return delivery.internal.accountId;
  return accountIn(resource);
}
