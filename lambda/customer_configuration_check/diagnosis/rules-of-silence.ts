import type { Rule } from './rule.ts';
import {
  anyAlternatives,
  assumeRoleAlternatives,
  bareAlternatives,
  ownBucketAlternatives,
  plainAlternatives,
  roleAlternatives,
  whatRefusesAcls,
} from './rule-alternatives.ts';

const iamMessages = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html';
const s3Messages = 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-403-errors.html';
const crossAccount =
  'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html';
const keyPolicies = 'https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html';
const foreignKeys = 'https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html';

/** Answers that leave out which policy refused. */
export const rulesOfSilence: readonly Rule[] = [
  {
    id: 'deny-unattributed',
    when: { wording: 'unattributed', service: 'kms' },
    confidence: 'inferred',
    blames: 'key-policy',
    effectIsTold: true,
    alternatives: roleAlternatives('A Deny here would be worded the same.', ['key-policy']),
    exhaustive: false,
    because:
      'Older texts of KMS say that a Deny refused and not in which policy; conditions of key policies are the usual place.',
    source: keyPolicies,
  },
  {
    id: 'assume-role',
    when: { wording: 'unexplained', service: 'sts' },
    confidence: 'inferred',
    blames: 'role-trust-policy',
    effectIsTold: false,
    alternatives: assumeRoleAlternatives,
    exhaustive: false,
    because:
      'AssumeRole answers alike for a role that does not exist, a trust policy that does not match (ExternalId included) and every other policy; a trust policy that names the caller is enough in its account.',
    source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_roles.html',
  },
  {
    id: 'unexplained-own-key',
    when: { wording: 'unexplained', service: 'kms', relations: ['same-account'] },
    confidence: 'inferred',
    blames: 'identity-policy',
    effectIsTold: false,
    alternatives: [
      {
        layer: 'key-policy',
        why: "The key policy may neither name the caller nor hand the key to the account's IAM policies.",
      },
      ...roleAlternatives('AWS names no reason.', ['identity-policy']),
    ],
    exhaustive: false,
    because: "AWS gives no reason; in one account the caller's own policy is the usual cause.",
    source: keyPolicies,
  },
  {
    id: 'unexplained-own-bucket',
    when: { wording: 'unexplained', service: 's3', relations: ['same-account'] },
    confidence: 'inferred',
    blames: 'identity-policy',
    effectIsTold: false,
    alternatives: ownBucketAlternatives,
    exhaustive: false,
    because: "AWS gives no reason; in one account the caller's own policy is the usual cause.",
    source: s3Messages,
  },
  {
    id: 'unexplained-bucket',
    when: { wording: 'unexplained', service: 's3', relations: ['cross-account'] },
    confidence: 'inferred',
    blames: 'bucket-policy',
    effectIsTold: false,
    alternatives: roleAlternatives('AWS names no reason.', ['bucket-policy']),
    exhaustive: false,
    because: 'AWS gives no reason; both accounts must allow, and the bucket policy is the usual cause.',
    source: crossAccount,
  },
  {
    id: 'unexplained-key',
    when: { wording: 'unexplained', service: 'kms', relations: ['cross-account'] },
    confidence: 'inferred',
    blames: 'key-policy',
    effectIsTold: false,
    alternatives: roleAlternatives('AWS names no reason.', ['key-policy']),
    exhaustive: false,
    because: 'AWS gives no reason; both accounts must allow, and the key policy is the usual cause.',
    source: foreignKeys,
  },
  {
    id: 'opaque-inbox-with-acl',
    when: { wording: 'opaque', relations: ['cross-account'], service: 's3', onlyWith: 'acl' },
    confidence: 'inferred',
    blames: 'bucket-policy',
    edge: { action: 's3:PutObjectAcl', on: 'inbox-object' },
    effectIsTold: false,
    alternatives: [
      {
        layer: 'bucket-policy',
        edge: { action: 's3:PutObject', on: 'inbox-object' },
        why: 'The policy may lack s3:PutObject instead, or both: the request needs both, and S3 does not say which is missing.',
      },
      ...whatRefusesAcls,
      ...bareAlternatives.filter((one) => !whatRefusesAcls.includes(one)),
    ],
    exhaustive: false,
    because:
      'S3 gives no reason to callers from another organization. A request that sends an ACL needs s3:PutObjectAcl too, which bucket policies that demand the ACL often leave out.',
    source: s3Messages,
  },
  {
    id: 'opaque-inbox',
    when: { wording: 'opaque', relations: ['cross-account'], service: 's3' },
    confidence: 'inferred',
    blames: 'bucket-policy',
    effectIsTold: false,
    alternatives: bareAlternatives,
    exhaustive: false,
    because:
      "S3 gives no reason to callers from another organization. It does pass on KMS's words, and gives reasons for buckets of the caller's own account: so this speaks of the inbox bucket and not of a key or of the source.",
    source: s3Messages,
  },
  {
    id: 'opaque-own-bucket',
    when: { wording: 'opaque', relations: ['same-account'], service: 's3' },
    confidence: 'inferred',
    blames: 'bucket-owner',
    effectIsTold: false,
    alternatives: ownBucketAlternatives,
    exhaustive: false,
    because:
      "For a bucket of the caller's own account S3 gives a reason, except where the bucket belongs to another account than the request expects.",
    source: s3Messages,
  },
  {
    id: 'opaque-role',
    when: { wording: 'opaque', service: 'sts' },
    confidence: 'inferred',
    blames: 'role-trust-policy',
    effectIsTold: false,
    alternatives: assumeRoleAlternatives,
    exhaustive: false,
    because: 'AssumeRole gives no reasons.',
    source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_roles.html',
  },
  {
    id: 'cut-off',
    when: { wording: 'cut' },
    confidence: 'unknown',
    effectIsTold: true,
    alternatives: anyAlternatives('The text does not say.'),
    exhaustive: false,
    because: 'The text ends before it says which policy refuses: the whole message may tell.',
    source: iamMessages,
  },
  {
    id: 'deny-somewhere',
    when: { wording: 'unattributed' },
    confidence: 'unknown',
    effectIsTold: true,
    alternatives: anyAlternatives('A Deny in it would be worded so.'),
    exhaustive: false,
    because: 'AWS says that a Deny refused, and not in which policy.',
    source: iamMessages,
  },
  {
    id: 'unexplained',
    when: { wording: 'unexplained' },
    confidence: 'unknown',
    effectIsTold: false,
    alternatives: anyAlternatives('AWS names no reason.'),
    exhaustive: false,
    because: 'AWS says what was refused and not why, and whether caller and resource are of one account is not known.',
    source: iamMessages,
  },
  {
    id: 'opaque',
    when: { wording: 'opaque' },
    confidence: 'unknown',
    effectIsTold: false,
    alternatives: plainAlternatives,
    exhaustive: false,
    because:
      "S3 says no more to callers from another organization, to HEAD requests, or where the bucket's owner is not the expected one. It is unlikely to be the KMS key, because S3 passes on KMS's own words. It is not a missing bucket, a wrong Region or a disabled key: those have their own error codes.",
    source: s3Messages,
  },
];
