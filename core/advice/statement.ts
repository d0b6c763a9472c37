import { bucketIn, identityOf, isWhole, nameOf, regionIn, viaS3 } from '../arn.ts';
import { type Delivery, resourceArn } from '../delivery/delivery.ts';
import { testObjectPrefix } from '../object-keys.ts';
import { edgesFor, type ResourceRole } from '../permissions.ts';
import { conditionsOn, deliveredAs } from '../s3-headers.ts';
import type { Asked } from './asked.ts';

/** An IAM statement, with its elements in the order of AWS's examples. */
export type ProposedStatement = {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Principal?: { readonly AWS: string };
  readonly Action: string;
  readonly Resource?: string;
  readonly Condition?: Condition;
};

type Condition = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/**
 * The smallest statement for a policy of the caller that allows the denied request. Undefined if the resource is
 * unknown: people paste statements and should not have to guess.
 */
export function identityStatement(asked: Asked): ProposedStatement | undefined {
  const { action, isUnidentified } = asked;
  const resource = resourcePattern(asked);
  if (!action || !resource || isUnidentified || !isOne(asked)) return undefined;
  const condition = conditionOf(asked);
  return {
    Sid: sidOf(asked),
    Effect: 'Allow',
    Action: action,
    Resource: resource,
    ...(condition && { Condition: condition }),
  };
}

/** The same for the policy of a bucket, key or role, which also names the principal. */
export function resourceStatement(asked: Asked): ProposedStatement | undefined {
  const { action } = asked;
  const principal = grantee(asked);
  const resource = action?.startsWith('s3:') ? resourcePattern(asked) : '*';
  if (!action || !principal || !resource || asked.isUnidentified || !isOne(asked)) return undefined;
  const condition = action.startsWith('s3:') ? { ...conditionOf(asked), ...overTls } : conditionOf(asked);
  return {
    Sid: sidOf(asked),
    Effect: 'Allow',
    Principal: { AWS: principal },
    Action: action,
    // A trust policy has no Resource: it applies to its own role.
    ...(!action.startsWith('sts:') && { Resource: resource }),
    ...(condition && { Condition: condition }),
  };
}

/**
 * True if a statement can name the denied resource as one object or key. A `*` in an object's key would allow other
 * objects too, S3 rejects object actions on a bucket, and policies can't name a key by its alias.
 */
function isOne({ action = '', resource, delivery }: Asked): boolean {
  if (delivery || resource === undefined) return true;
  if (/[*?]/.test(resource)) return false;
  return action.startsWith('s3:') ? resource.includes('/') : !action.startsWith('kms:') || resource.includes(':key/');
}

/** Not every bucket policy denies plain HTTP to everyone, as the shipped templates do. */
const overTls: Condition = { Bool: { 'aws:SecureTransport': 'true' } };

/** The role, never its session. Uses the delivery's ARN, because a session's ARN lacks the role's path. */
export function grantee({ delivery, principal, roleArn, step }: Asked): string | undefined {
  const role = step === 'assume-delivery-role' ? undefined : (delivery?.deliveryRoleArn ?? roleArn);
  if (role && (principal === undefined || nameOf(principal) === nameOf(role))) return role;
  return isWhole(principal) ? identityOf(principal) : undefined;
}

/** Sids must be unique within a policy, and one policy may need the same action for both buckets. */
function sidOf(asked: Asked): string {
  const { action = '', role, delivery } = asked;
  const shared = delivery && action.startsWith('kms:') && usesOfKey(asked, delivery).buckets > 1;
  const place = shared ? '' : role?.startsWith('internal') ? 'Internal' : role?.startsWith('inbox') ? 'Inbox' : '';
  return `Allow${place}${action.split(':')[1] ?? ''}`;
}

/** The resource to allow for real reports: for a test object, everything in its folder. Undefined if unknown. */
export function resourcePattern({ action = '', resource, role, delivery }: Asked): string | undefined {
  if (!isWhole(resource)) return undefined;
  const bucket = bucketIn(resource);
  if (!bucket || !delivery || !role || !resource.includes('/')) return resource;
  return objectPattern(delivery, role, action) ?? resource;
}

/** Every object that the service may handle there, so that real reports are covered, not only the test object. */
function objectPattern(delivery: Delivery, role: ResourceRole, action: string): string | undefined {
  const bucketArn = resourceArn(delivery, role, '')?.split('/')[0];
  if (!bucketArn?.includes(':s3:')) return undefined;
  if (role === 'inbox-object') return `${bucketArn}/${delivery.inbox.prefix}*`;
  return action === 's3:DeleteObject' ? `${bucketArn}/${testObjectPrefix}*` : `${bucketArn}/*`;
}

function conditionOf(asked: Asked): Condition | undefined {
  if (asked.action?.startsWith('kms:')) return asked.viaS3 ? onlyForS3(asked) : undefined;
  if (asked.role !== 'inbox-object' || !asked.delivery) return undefined;
  const keys = conditionsOn(asked.action ?? '', deliveredAs(asked.delivery.inbox));
  if (Object.keys(keys).length === 0) return undefined;
  // UploadPartCopy and CompleteMultipartUpload send none of these headers.
  const isOfParts = asked.delivery.kind === 'multipart' && asked.action === 's3:PutObject';
  return { [isOfParts ? 'StringEqualsIfExists' : 'StringEquals']: keys };
}

/**
 * Lets the key be used only by S3 for these buckets. S3 sends KMS the object's ARN as encryption context, or the
 * bucket's ARN if a Bucket Key is on, so both are listed:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html
 */
function onlyForS3(asked: Asked): Condition | undefined {
  const { regions, objects } = asked.delivery ? usesOfKey(asked, asked.delivery) : usesTold(asked);
  const context = [...new Set(objects.flatMap((arn) => [arn.split('/')[0] ?? arn, arn]))];
  const condition: Condition = {
    ...(regions.length > 0 && { StringEquals: { 'kms:ViaService': oneOrAll(regions.map(viaS3)) } }),
    ...(context.length > 0 && { StringLike: { 'kms:EncryptionContext:aws:s3:arn': context } }),
  };
  return Object.keys(condition).length > 0 ? condition : undefined;
}

interface Uses {
  readonly regions: readonly string[];
  readonly objects: readonly string[];
}

/** If one key encrypts both buckets, one permission covers the same action for both. */
function usesOfKey({ action, resource, role }: Asked, delivery: Delivery): Uses & { readonly buckets: number } {
  const roles = edgesFor(delivery.kind, delivery.inbox.acl)
    .filter((edge) => edge.action === action && (edge.on === role || resourceArn(delivery, edge.on, '') === resource))
    .map(({ on }) => on);
  const inInternal = roles.includes('internal-key');
  const inInbox = roles.includes('inbox-key');
  const places = [
    ...(inInternal ? [{ region: delivery.internal.region, of: 'internal-object' as const }] : []),
    ...(inInbox ? [{ region: delivery.inbox.region, of: 'inbox-object' as const }] : []),
  ];
  return {
    buckets: places.length,
    regions: [...new Set(places.map(({ region }) => region))],
    objects: places.flatMap(({ of }) => objectPattern(delivery, of, '') ?? []),
  };
}

/** S3 only accepts keys in the bucket's own Region, so the key's ARN shows S3's Region. */
function usesTold({ resource, encryptionContextArn }: Asked): Uses {
  const region = regionIn(resource);
  return {
    regions: region ? [region] : [],
    objects: encryptionContextArn && isWhole(encryptionContextArn) ? [encryptionContextArn] : [],
  };
}

function oneOrAll(values: readonly string[]): string | readonly string[] {
  const [first, ...rest] = values;
  return first !== undefined && rest.length === 0 ? first : values;
}
