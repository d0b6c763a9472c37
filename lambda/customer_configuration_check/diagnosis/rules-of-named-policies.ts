import type { Alternative, Rule } from './rule.ts';

const iamMessages = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html';
const s3Messages = 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-403-errors.html';
const crossAccount =
  'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html';
const foreignKeys = 'https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html';
const publicBuckets = 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html';

const missingIdentity: Alternative = {
  layer: 'identity-policy',
  why: "Where the resource's policy trusts the caller's whole account, AWS names that policy although the caller's own policy is what is missing.",
};

/** Answers that name a type of policy. */
export const rulesOfNamedPolicies: readonly Rule[] = [
  {
    id: 'kms-lumped',
    when: { wording: 'lumped' },
    confidence: 'inferred',
    effectIsTold: false,
    alternatives: [
      missingIdentity,
      {
        layer: 'key-missing',
        why: 'KMS says the same of a key that does not exist: its owner sees with `aws kms describe-key` whether it does.',
      },
      { layer: 'region', why: 'KMS says the same of a key that is in another Region, as the same command tells.' },
      {
        layer: 'resource-control-policy',
        why: "A resource control policy of the key's organization can refuse callers from other accounts; only its administrators see it.",
      },
      {
        layer: 'key-state',
        why: 'It is not documented how KMS answers for a disabled key to a caller from another account; the same command shows the state.',
      },
    ],
    exhaustive: false,
    because:
      'KMS gives one text for a key of another account that is silent about the caller, refuses it, does not exist or is in another Region.',
    source: foreignKeys,
  },
  {
    id: 'identity-explicit',
    when: { wording: 'named', layers: ['identity-policy'], effect: 'explicit' },
    confidence: 'proven',
    effectIsTold: true,
    alternatives: [],
    exhaustive: true,
    because:
      'A Deny in an identity policy refuses whatever else allows; where the resource denies too, AWS names this one.',
    source: iamMessages,
  },
  {
    id: 'identity-implicit',
    when: { wording: 'named', layers: ['identity-policy'], effect: 'implicit' },
    confidence: 'proven',
    effectIsTold: true,
    alternatives: [],
    exhaustive: true,
    because:
      'AWS blames the identity side only where the caller has no Allow whose conditions the request meets. An Allow with a condition that is not met counts as none.',
    source: iamMessages,
  },
  {
    id: 's3-resource-explicit-own-account',
    when: { wording: 'named', layers: ['bucket-policy'], effect: 'explicit', relations: ['same-account'] },
    confidence: 'proven',
    effectIsTold: true,
    alternatives: [],
    exhaustive: true,
    because:
      "A Deny of the bucket policy: RestrictPublicBuckets does not hold against callers of the bucket's own account.",
    source: publicBuckets,
  },
  {
    id: 's3-resource-explicit',
    when: { wording: 'named', layers: ['bucket-policy'], effect: 'explicit' },
    confidence: 'inferred',
    effectIsTold: true,
    alternatives: [
      {
        layer: 'block-public-access',
        why: 'RestrictPublicBuckets refuses callers of other accounts in the same words where the bucket policy is public.',
      },
    ],
    exhaustive: true,
    because: 'S3 words a Deny of the bucket policy and RestrictPublicBuckets alike.',
    source: s3Messages,
  },
  {
    id: 'resource-explicit',
    when: { wording: 'named', layers: ['key-policy', 'role-trust-policy'], effect: 'explicit' },
    confidence: 'proven',
    effectIsTold: true,
    alternatives: [],
    exhaustive: true,
    because: "A Deny of the resource's policy refuses whatever else allows.",
    source: iamMessages,
  },
  {
    id: 's3-resource-implicit-own-account',
    when: { wording: 'named', layers: ['bucket-policy'], effect: 'implicit', relations: ['same-account'] },
    confidence: 'inferred',
    blames: 'identity-policy',
    effectIsTold: true,
    alternatives: [
      { layer: 'bucket-policy', why: 'In the own account an Allow of the bucket policy would do as well.' },
    ],
    exhaustive: false,
    because:
      "In the bucket's own account one Allow suffices, so neither policy has one; the caller's own is where it belongs.",
    source: s3Messages,
  },
  {
    id: 's3-resource-implicit',
    when: { wording: 'named', layers: ['bucket-policy'], effect: 'implicit' },
    confidence: 'inferred',
    effectIsTold: true,
    alternatives: [
      missingIdentity,
      {
        layer: 'block-public-access',
        why: 'RestrictPublicBuckets takes away what a public bucket policy allows other accounts. S3 documents other words for it, but no answer was recorded.',
      },
    ],
    exhaustive: true,
    because:
      "AWS names the bucket policy too where that policy trusts the caller's account and the caller's own policy does not allow the action, and RestrictPublicBuckets has no words of its own.",
    source: s3Messages,
  },
  {
    id: 'resource-implicit',
    when: { wording: 'named', layers: ['key-policy', 'role-trust-policy'], effect: 'implicit' },
    confidence: 'inferred',
    effectIsTold: true,
    alternatives: [missingIdentity],
    exhaustive: true,
    because:
      "AWS names the resource's policy too where that policy trusts the caller's account and the caller's own policy does not allow the action.",
    source: crossAccount,
  },
  {
    id: 'scp-explicit',
    when: { wording: 'named', layers: ['service-control-policy'], effect: 'explicit' },
    confidence: 'proven',
    effectIsTold: false,
    alternatives: [],
    exhaustive: true,
    because: 'An SCP refuses, but AWS may show as explicit what no SCP allows.',
    source: iamMessages,
  },
  {
    id: 'limit',
    when: {
      wording: 'named',
      layers: [
        'service-control-policy',
        'resource-control-policy',
        'permissions-boundary',
        'session-policy',
        'vpc-endpoint-policy',
      ],
    },
    confidence: 'proven',
    effectIsTold: true,
    alternatives: [],
    exhaustive: true,
    because: 'Each of these can only take permissions away: the request fails until the named one lets it pass.',
    source: iamMessages,
  },
  {
    id: 'vpce-transitive',
    when: { wording: 'transitive' },
    confidence: 'inferred',
    effectIsTold: false,
    alternatives: [{ layer: 'vpc-endpoint-policy', why: 'It is the policy that AWS names first.' }],
    exhaustive: false,
    because: 'AWS documents this text with the advice to look at the policy behind the endpoint’s, the last one named.',
    source: iamMessages,
  },
  {
    id: 'resource-policy-of-another-service',
    when: { wording: 'named' },
    confidence: 'unknown',
    effectIsTold: true,
    alternatives: [],
    exhaustive: false,
    because: 'AWS names the policy of a resource that is neither a bucket nor a key nor a role.',
    source: iamMessages,
  },
];
