import { crossAccount, foreignKeys, iamMessages, type Rule, s3Messages } from './rule.ts';
import {
  anyAlternatives,
  assumeRoleAlternatives,
  bareAlternatives,
  ownBucketAlternatives,
  plainAlternatives,
  roleAlternatives,
  whatRefusesFurtherEdges,
} from './rule-alternatives.ts';

const keyPolicies = 'https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html';

/** Rules for answers that don't say which policy denied. */
export const rulesOfSilence: readonly Rule[] = [
  {
    id: 'deny-unattributed',
    when: { wording: 'unattributed', service: 'kms' },
    confidence: 'inferred',
    blames: 'key-policy',
    effectIsTold: true,
    alternatives: roleAlternatives('A Deny here has the same words.', ['key-policy']),
    because:
      'Older KMS texts say that a Deny applied, but not in which policy. It is usually a condition of the key policy.',
    source: keyPolicies,
  },
  {
    id: 'assume-role',
    when: { wording: 'unexplained', service: 'sts' },
    confidence: 'inferred',
    blames: 'role-trust-policy',
    alternatives: assumeRoleAlternatives,
    because:
      'AssumeRole gives the same answer for a role that does not exist, a trust policy that does not match (including ExternalId) and every other policy. Within one account, a trust policy that names the caller is enough.',
    source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_roles.html',
  },
  {
    id: 'unexplained-own-key',
    when: { wording: 'unexplained', service: 'kms', relations: ['same-account'] },
    confidence: 'inferred',
    blames: 'identity-policy',
    alternatives: [
      {
        layer: 'key-policy',
        why: "The key policy may neither name the caller nor delegate to the account's IAM policies.",
      },
      ...roleAlternatives('AWS names no reason.', ['identity-policy']),
    ],
    because: "AWS gives no reason. Within one account, the caller's own policy is the usual cause.",
    source: keyPolicies,
  },
  {
    id: 'unexplained-own-bucket',
    when: { wording: 'unexplained', service: 's3', relations: ['same-account'] },
    confidence: 'inferred',
    blames: 'identity-policy',
    alternatives: ownBucketAlternatives,
    because: "AWS gives no reason. Within one account, the caller's own policy is the usual cause.",
    source: s3Messages,
  },
  {
    id: 'unexplained-bucket',
    when: { wording: 'unexplained', service: 's3', relations: ['cross-account'] },
    confidence: 'inferred',
    blames: 'bucket-policy',
    alternatives: roleAlternatives('AWS names no reason.', ['bucket-policy']),
    because: 'AWS gives no reason. Both accounts must allow it, and the bucket policy is the usual cause.',
    source: crossAccount,
  },
  {
    id: 'unexplained-key',
    when: { wording: 'unexplained', service: 'kms', relations: ['cross-account'] },
    confidence: 'inferred',
    blames: 'key-policy',
    alternatives: roleAlternatives('AWS names no reason.', ['key-policy']),
    because: 'AWS gives no reason. Both accounts must allow it, and the key policy is the usual cause.',
    source: foreignKeys,
  },
  {
    id: 'opaque-inbox-with-acl',
    when: { wording: 'opaque', relations: ['cross-account'], service: 's3', onlyWith: 'acl' },
    confidence: 'inferred',
    blames: 'bucket-policy',
    edge: { action: 's3:PutObjectAcl', on: 'inbox-object' },
    alternatives: [
      {
        layer: 'bucket-policy',
        edge: { action: 's3:PutObject', on: 'inbox-object' },
        why: 'The policy may not allow s3:PutObject instead, or neither. The request needs both, and S3 does not say which is missing.',
      },
      ...whatRefusesFurtherEdges,
      ...bareAlternatives.filter((one) => !whatRefusesFurtherEdges.includes(one)),
    ],
    because:
      'S3 gives no reason to callers from another organization. A request with an ACL also needs s3:PutObjectAcl, which bucket policies that require the ACL often do not allow.',
    source: s3Messages,
  },
  {
    id: 'opaque-inbox',
    when: { wording: 'opaque', relations: ['cross-account'], service: 's3' },
    confidence: 'inferred',
    blames: 'bucket-policy',
    alternatives: bareAlternatives,
    because:
      "S3 gives no reason to callers from another organization. It passes on KMS's words, and gives reasons for buckets of the caller's own account. So this is about the inbox bucket, not a key or the source.",
    source: s3Messages,
  },
  {
    id: 'opaque-own-bucket',
    when: { wording: 'opaque', relations: ['same-account'], service: 's3' },
    confidence: 'inferred',
    blames: 'bucket-owner',
    alternatives: ownBucketAlternatives,
    because:
      "S3 gives reasons for buckets of the caller's own account, unless the bucket belongs to another account than the request expects.",
    source: s3Messages,
  },
  {
    id: 'opaque-role',
    when: { wording: 'opaque', service: 'sts' },
    confidence: 'inferred',
    blames: 'role-trust-policy',
    alternatives: assumeRoleAlternatives,
    because: 'AssumeRole gives no reasons.',
    source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_roles.html',
  },
  {
    id: 'cut-off',
    when: { wording: 'cut' },
    confidence: 'unknown',
    effectIsTold: true,
    alternatives: anyAlternatives('The text does not say.'),
    because: 'The text ends before it names the policy. The whole message may name it.',
    source: iamMessages,
  },
  {
    id: 'deny-somewhere',
    when: { wording: 'unattributed' },
    confidence: 'unknown',
    effectIsTold: true,
    alternatives: anyAlternatives('A Deny in it has these words.'),
    because: 'AWS says that a Deny applied, but not in which policy.',
    source: iamMessages,
  },
  {
    id: 'unexplained',
    when: { wording: 'unexplained' },
    confidence: 'unknown',
    alternatives: anyAlternatives('AWS names no reason.'),
    because:
      'AWS says what was denied but not why, and it is not known whether caller and resource are in one account.',
    source: iamMessages,
  },
  {
    id: 'opaque',
    when: { wording: 'opaque' },
    confidence: 'unknown',
    alternatives: plainAlternatives,
    because:
      "S3 says no more to callers from another organization, to HEAD requests, or if the bucket's owner is not the expected one. The KMS key is an unlikely cause, because S3 passes on KMS's own words. A missing bucket, a wrong Region and a disabled key have their own error codes.",
    source: s3Messages,
  },
];
