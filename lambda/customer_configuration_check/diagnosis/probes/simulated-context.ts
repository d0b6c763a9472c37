import type { ContextEntry } from '@aws-sdk/client-iam';
import { accountIn, viaS3 } from '../../../../core/arn.ts';
import { hashOf } from '../../../../core/delivery/requests.ts';
import { keysOfHeaders } from '../../../../core/s3-headers.ts';
import { names } from '../../../../core/vocabulary.ts';
import { deliveryEdges, isSameEdge } from '../delivery-edges.ts';
import type { DeliveryEdge } from '../findings.ts';
import type { Situation } from '../situation.ts';

/** Facts about a request that the simulator doesn't know by itself. */
interface SimulatedRequest {
  readonly roleArn: string;
  readonly now: Date;
  /** The value of `aws:s3:arn` that S3 sends to KMS. */
  readonly encryptionContext?: string | undefined;
  /** True if AWS has confirmed who owns the bucket; otherwise only the event says so. */
  readonly isOwnerConfirmed: boolean;
  readonly isFunction: boolean;
}

export function simulatedRequest(
  { now, isFunction }: Situation,
  roleArn: string,
  isOwnerConfirmed: boolean,
  encryptionContext?: string,
): SimulatedRequest {
  return { roleArn, now, encryptionContext, isOwnerConfirmed, isFunction };
}

/**
 * Every request names the expected bucket owner, so an allowed request confirms the owner. So does a denial with a
 * reason: S3 gives none if the owner is not the expected one.
 */
export function isOwnerConfirmed({ case: input, open, answerAt }: Situation, { on }: DeliveryEdge): boolean {
  return deliveryEdges(input).some((edge) => {
    if (edge.on !== on) return false;
    const said = answerAt(edge.step);
    const isReason = said?.wording === 'named' && said.action === edge.action;
    return isReason || !open.some((one) => isSameEdge(one, edge));
  });
}

type Values = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * The condition keys in the context of the real request whose values are known in advance. Keys that depend on the
 * network, tags or the organization are left out; the simulator then reports them as missing.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html,
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html and
 * https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
 */
export function contextOf(edge: DeliveryEdge, request: SimulatedRequest): readonly ContextEntry[] {
  const { roleArn, now, isFunction } = request;
  const values: Values = {
    'aws:PrincipalArn': roleArn,
    'aws:PrincipalAccount': accountIn(roleArn),
    'aws:PrincipalType': 'AssumedRole',
    'aws:PrincipalIsAWSService': 'false',
    // A function never has MFA, but a person who runs the check may have used it.
    'aws:MultiFactorAuthPresent': isFunction ? 'false' : undefined,
    'aws:CurrentTime': now.toISOString(),
    'aws:EpochTime': String(Math.floor(now.getTime() / 1000)),
    ...(edge.action.startsWith('kms:') ? ofKey(edge, request) : ofRoleOrObject(edge, request)),
  };
  return Object.entries(values).flatMap(([name, value]) =>
    value === undefined || value.length === 0
      ? []
      : [
          {
            ContextKeyName: name,
            ContextKeyType: types[name] ?? (typeof value === 'string' ? 'string' : 'stringList'),
            ContextKeyValues: typeof value === 'string' ? [value] : [...value],
          },
        ],
  );
}

const types: Readonly<Record<string, NonNullable<ContextEntry['ContextKeyType']>>> = {
  'aws:CurrentTime': 'date',
  'aws:EpochTime': 'numeric',
  'aws:MultiFactorAuthPresent': 'boolean',
  'aws:PrincipalIsAWSService': 'boolean',
  'aws:ViaAWSService': 'boolean',
  'aws:SecureTransport': 'boolean',
  's3:ObjectCreationOperation': 'boolean',
};

/** S3's request to KMS on behalf of the role has no keys about the client's network. */
function ofKey({ region, ownerId }: DeliveryEdge, { roleArn, encryptionContext }: SimulatedRequest): Values {
  return {
    'aws:RequestedRegion': region,
    'aws:ResourceAccount': ownerId || undefined,
    'aws:SecureTransport': 'true',
    'aws:ViaAWSService': 'true',
    'kms:CallerAccount': accountIn(roleArn),
    'kms:ViaService': viaS3(region),
    'kms:EncryptionAlgorithm': 'SYMMETRIC_DEFAULT',
    'kms:EncryptionContext:aws:s3:arn': encryptionContext,
    'kms:EncryptionContextKeys': ['aws:s3:arn'],
  };
}

function ofRoleOrObject(
  { on, action, region, ownerId, resource, headers, createsObject, sessionName }: DeliveryEdge,
  { isOwnerConfirmed }: SimulatedRequest,
): Values {
  const accountId = on === 'delivery-role' ? accountIn(resource) : isOwnerConfirmed ? ownerId : undefined;
  const common = { 'aws:RequestedRegion': region, 'aws:ResourceAccount': accountId, 'aws:ViaAWSService': 'false' };
  if (on === 'delivery-role') return { ...common, 'sts:RoleSessionName': sessionName };
  return {
    ...common,
    's3:ResourceAccount': accountId,
    's3:authType': 'REST-HEADER',
    's3:signatureversion': 'AWS4-HMAC-SHA256',
    's3:ObjectCreationOperation': action === 's3:PutObject' ? String(createsObject ?? true) : undefined,
    ...keysOfHeaders(action, headers),
    // The hash of the body is unknown here.
    ...(headers['x-amz-content-sha256'] === unknownHash && { 's3:x-amz-content-sha256': undefined }),
  };
}

const unknownHash = hashOf.unknownBody['x-amz-content-sha256'];

/** Keys that a function's session never has, although other sessions may. */
const absentOfFunctions: readonly string[] = ['aws:FederatedProvider', 'aws:MultiFactorAuthAge', 'aws:SourceIdentity'];

/** Keys that requests of these kinds never have. Prefixes of keys end in a colon, slash or hyphen. */
const absent: Readonly<Record<'all' | 's3' | 'kms' | 'sts', readonly string[]>> = {
  all: names(`
    aws:PrincipalServiceName aws:PrincipalServiceNamesList aws:SourceAccount aws:SourceArn aws:SourceOrgID
    aws:SourceOrgPaths aws:TagKeys aws:RequestTag/ aws:referer aws:username
  `),
  s3: names(`
    kms: sts: s3:AccessPoint s3:DataAccessPoint s3:ExistingJob s3:JobSuspendedCause s3:LocationConstraint
    s3:RequestJob s3:RequestObjectTag s3:VersionId s3:delimiter s3:if- s3:max-keys s3:object-lock- s3:prefix
    s3:x-amz-acl s3:x-amz-copy-source s3:x-amz-grant- s3:x-amz-metadata-directive
    s3:x-amz-server-side-encryption s3:x-amz-storage-class s3:x-amz-website-redirect-location
  `),
  kms: names(`
    s3: sts: kms:EncryptionContext: kms:GrantConstraintType kms:GrantIsForAWSResource kms:RequestAlias
    aws:SourceIp aws:SourceVpc aws:SourceVpce aws:VpcSourceIp
  `),
  sts: names('s3: kms: sts:ExternalId sts:SourceIdentity sts:TransitiveTagKeys sts:RequestContext/'),
};

/**
 * The missing keys that the real request may have. If there are any, the simulator's decision may differ from AWS's.
 * The simulator names the keys of every statement, including statements about other actions.
 */
export function unknownKeys(missing: readonly string[], action: string, isFunction: boolean): readonly string[] {
  const [service = ''] = action.split(':');
  const ofService = absent[service as keyof typeof absent] ?? [];
  const never = [...absent.all, ...(isFunction ? absentOfFunctions : []), ...ofService].map((one) => one.toLowerCase());
  return missing.filter((key) => {
    const name = key.toLowerCase();
    return !never.some(
      (one) => name === one || (/[:/-]$|tag$|point$|job$|encryption$/.test(one) && name.startsWith(one)),
    );
  });
}
