import { bucketIn } from '../../core/arn.ts';
import type { DeliveryRequest } from '../../core/delivery/requests.ts';
import { isKey } from '../../core/permissions.ts';
import { conditionKeys } from '../policies/condition-keys.ts';
import type { Question } from '../policies/decision.ts';
import { keyContext } from '../policies/key-context.ts';
import type { Bucket, Caller, World } from '../world/world.ts';

/** A request, without its world. */
export interface SentRequest {
  readonly caller: Caller;
  readonly action: string;
  readonly resource: string;
  /** The owner of a resource that is not in the world. For all others, the world has the owner. */
  readonly resourceAccountId: string;
  /** The Region that the request is sent to; for S3's requests to KMS, S3's own Region. */
  readonly region: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** The bucket or object that S3, or another caller of KMS, uses the key for. */
  readonly encryptionContextArn: string;
  readonly viaS3: boolean;
  /** False for requests that start an upload or add parts to it. */
  readonly createsObject?: false;
  /** Only for AssumeRole. */
  readonly sessionName?: string;
}

export const noContext = '';
const noQuery = new URLSearchParams();

export interface Callers {
  readonly check: Caller;
  readonly deliverer: Caller;
}

/** A request of a delivery in this world, which knows the buckets that have a Bucket Key. */
export function requestIn(world: World, asked: DeliveryRequest, { check, deliverer }: Callers): SentRequest {
  const { by, action, resource, ownerId, region, headers, createsObject, sessionName, encryptionContext } = asked;
  return {
    caller: by === 'check' ? check : deliverer,
    action,
    resource,
    resourceAccountId: ownerId,
    region,
    headers,
    encryptionContextArn: encryptionContext
      ? encryptionContext[
          bucketOf(world, encryptionContext.bucket)?.defaultEncryption.bucketKeyEnabled ? 'bucket' : 'object'
        ]
      : noContext,
    viaS3: isKey(asked.on),
    ...(createsObject === false && { createsObject }),
    ...(sessionName !== undefined && { sessionName }),
  };
}

/** The bucket of an S3 ARN, regardless of its owner. */
export function bucketOf({ buckets }: Pick<World, 'buckets'>, arn: string): Bucket | undefined {
  return buckets.get(bucketIn(arn) ?? '');
}

/** The authorization question of a request. The resource, its owner and its policy come from the world. */
export function questionIn(world: World, request: SentRequest): Question {
  const { caller, action, resource, resourceAccountId: otherwise, region, headers, viaS3, sessionName } = request;
  const { createsObject } = request;
  const common = { caller, action, resource };
  if (action.startsWith('s3:')) {
    const bucket = bucketOf(world, resource);
    return {
      ...common,
      resourceAccountId: bucket?.accountId ?? otherwise,
      ...(bucket?.policy && { resourcePolicy: bucket.policy }),
      context: conditionKeys(world, { headers, query: noQuery, region }, action, { createsObject }),
    };
  }
  if (action.startsWith('kms:')) {
    const key = world.keys.get(resource);
    const { encryptionContextArn } = request;
    const encryptionContext: Readonly<Record<string, string>> =
      encryptionContextArn === noContext ? {} : { 'aws:s3:arn': encryptionContextArn };
    return {
      ...common,
      resourceAccountId: key?.accountId ?? otherwise,
      ...(key && { resourcePolicy: key.policy }),
      context: keyContext(key, { region, encryptionContext, isCryptographic: true }),
      ...(viaS3 && { forwardedBy: { service: 's3', region } }),
    };
  }
  const role = world.roles.get(resource);
  return {
    ...common,
    resourceAccountId: role?.accountId ?? otherwise,
    ...(role && { resourcePolicy: role.trustPolicy }),
    context: {
      'aws:RequestedRegion': region,
      ...(sessionName !== undefined && { 'sts:RoleSessionName': sessionName }),
    },
  };
}
