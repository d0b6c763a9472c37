import { keyArn } from '../../core/arn.ts';
import { defined } from '../../core/values.ts';
import type { PolicyParts } from './policy-parts.ts';
import type { CustomerPart } from './scenario-schema.ts';
import type { Bucket, DefaultEncryption, Key, PublicAccessBlock } from './world.ts';

export function inboxOf(bucket: Bucket, { inbox }: CustomerPart, parts: PolicyParts): Bucket {
  if (!inbox) return bucket;
  const { exists: _, bucketPolicy: __, owner, blockPublicAccess, defaultEncryption, ...settings } = inbox;
  return {
    ...parts.applied('inboxBucket', bucket),
    ...defined({ ...settings, accountId: owner }),
    ...(blockPublicAccess && {
      publicAccessBlock: { ...allPublic, ...bucket.publicAccessBlock, ...blockPublicAccess },
    }),
    ...(defaultEncryption && { defaultEncryption: encryptionOf(defaultEncryption, parts) }),
  };
}

const allPublic = {
  BlockPublicAcls: false,
  IgnorePublicAcls: false,
  BlockPublicPolicy: false,
  RestrictPublicBuckets: false,
} satisfies PublicAccessBlock;

type EncryptionPart = NonNullable<NonNullable<CustomerPart['inbox']>['defaultEncryption']>;

export function encryptionOf(
  { sseAlgorithm, kmsKeyArn, bucketKeyEnabled = false }: EncryptionPart,
  parts: PolicyParts,
): DefaultEncryption {
  return { sseAlgorithm, bucketKeyEnabled, ...(kmsKeyArn && { kmsKeyArn: parts.filled(kmsKeyArn) }) };
}

/** Moves the key to its Region before policies are read, because they may name the key. */
export function inRegion(key: Key, { key: part }: CustomerPart): Key {
  const region = part?.region;
  return region ? { ...key, region, arn: key.arn.replace(`:${key.region}:`, `:${region}:`) } : key;
}

export function inboxKeyOf(key: Key, { key: part }: CustomerPart, parts: PolicyParts): Key {
  if (!part) return key;
  const { state, spec, grants, replicas } = part;
  return {
    ...parts.applied('inboxKeyArn', key),
    ...defined({ state, spec }),
    ...(replicas && { multiRegion: true }),
    ...(grants && {
      grants: grants.map(({ granteePrincipal, operations, constraints }, index) => ({
        grantId: String(index + 1).padStart(64, '0'),
        granteePrincipal: parts.filled(granteePrincipal),
        operations,
        ...(constraints && { constraints: parts.filled(constraints) }),
      })),
    }),
  };
}

/**
 * The related keys of a multi-Region key. They share its ID and key material, but have separate policies.
 * https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html
 */
export function replicasOf(primary: Key, { key: part }: CustomerPart, parts: PolicyParts): readonly Key[] {
  return (part?.replicas ?? []).map(({ region, keyPolicy, state }, index) => ({
    ...primary,
    ...(keyPolicy && {
      policy: parts.document(`customer.key.replicas.${index}.keyPolicy`, 'key-policy', keyPolicy, primary.policy),
    }),
    arn: keyArn(region, primary.accountId, primary.keyId),
    region,
    isReplica: true,
    state: state ?? 'Enabled',
    grants: [],
    aliases: [],
  }));
}
