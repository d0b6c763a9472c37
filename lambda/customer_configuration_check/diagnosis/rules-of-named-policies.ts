import { layerRow, layers } from '../../../core/layers.ts';
import { namesOf } from '../../../core/vocabulary.ts';
import { type Alternative, crossAccount, foreignKeys, iamMessages, type Rule, s3Messages } from './rule.ts';

const publicBuckets = 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html';

const missingIdentity: Alternative = {
  layer: 'identity-policy',
  why: "If the resource's policy trusts the caller's whole account, AWS names that policy even if the caller's own policy is the one without an Allow.",
};

/** Layers that can only deny. */
const limits = namesOf(layers).filter(
  (layer) => layer !== 'identity-policy' && layerRow(layer).mayRefuse !== undefined,
);

/** The message for a bucket policy, if the request names an access point. */
const ofAccessPoint = {
  confidence: 'inferred',
  effectIsTold: true,
  because:
    "The request names an access point. AWS's words stand for the access point's policy as well as for the bucket's: both must allow the request, and a Deny in either is enough.",
  source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html',
} as const;
const blockedAccessPoint: Alternative = {
  layer: 'block-public-access',
  why: 'It also applies to requests through an access point, which has its own settings.',
};

export const rulesOfNamedPolicies: readonly Rule[] = [
  {
    id: 'access-point-explicit',
    when: { wording: 'named', layers: ['bucket-policy'], effect: 'explicit', through: 'access-point' },
    alternatives: [blockedAccessPoint],
    ...ofAccessPoint,
  },
  {
    id: 'access-point-implicit',
    when: { wording: 'named', layers: ['bucket-policy'], effect: 'implicit', through: 'access-point' },
    alternatives: [missingIdentity, blockedAccessPoint],
    ...ofAccessPoint,
  },
  {
    id: 'kms-lumped',
    when: { wording: 'lumped' },
    confidence: 'inferred',
    alternatives: [
      missingIdentity,
      {
        layer: 'key-missing',
        why: 'KMS gives the same answer for a key that does not exist. Its owner can check with `aws kms describe-key`.',
      },
      { layer: 'region', why: 'KMS gives the same answer for a key in another Region, which the same command shows.' },
      {
        layer: 'resource-control-policy',
        why: "A resource control policy of the key's organization can deny callers from other accounts. Only its administrators can see it.",
      },
      {
        layer: 'key-state',
        why: 'It is not documented how KMS answers callers from other accounts about a disabled key. The same command shows the state.',
      },
    ],
    because:
      "KMS has one text for another account's key whose policy does not allow the caller or denies it, that does not exist, or that is in another Region.",
    source: foreignKeys,
  },
  {
    id: 'identity-explicit',
    when: { wording: 'named', layers: ['identity-policy'], effect: 'explicit' },
    confidence: 'proven',
    effectIsTold: true,
    exhaustive: true,
    because:
      "A Deny in an identity policy overrides every Allow. If the resource's policy also denies, AWS names this one.",
    source: iamMessages,
  },
  {
    id: 'identity-implicit',
    when: { wording: 'named', layers: ['identity-policy'], effect: 'implicit' },
    confidence: 'proven',
    effectIsTold: true,
    exhaustive: true,
    because: 'AWS names the identity policy only if the caller has no Allow whose conditions the request meets.',
    source: iamMessages,
  },
  {
    id: 's3-resource-explicit-own-account',
    when: { wording: 'named', layers: ['bucket-policy'], effect: 'explicit', relations: ['same-account'] },
    confidence: 'proven',
    effectIsTold: true,
    exhaustive: true,
    because:
      "A Deny in the bucket policy, because RestrictPublicBuckets does not apply to callers of the bucket's own account.",
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
        why: 'RestrictPublicBuckets denies callers of other accounts with the same words if the bucket policy is public.',
      },
    ],
    exhaustive: true,
    because: 'S3 uses the same words for a Deny in the bucket policy and for RestrictPublicBuckets.',
    source: s3Messages,
  },
  {
    id: 'resource-explicit',
    when: { wording: 'named', layers: ['key-policy', 'role-trust-policy'], effect: 'explicit' },
    confidence: 'proven',
    effectIsTold: true,
    exhaustive: true,
    because: "A Deny in the resource's policy overrides every Allow.",
    source: iamMessages,
  },
  {
    id: 's3-resource-implicit-own-account',
    when: { wording: 'named', layers: ['bucket-policy'], effect: 'implicit', relations: ['same-account'] },
    confidence: 'inferred',
    blames: 'identity-policy',
    effectIsTold: true,
    alternatives: [
      { layer: 'bucket-policy', why: 'Within one account, an Allow in the bucket policy would also be enough.' },
    ],
    because:
      "Within the bucket's account one Allow is enough, so neither policy has one. It belongs in the caller's own policy.",
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
        why: 'RestrictPublicBuckets removes what a public bucket policy allows to other accounts. S3 documents other words for it, but no answer was recorded.',
      },
    ],
    exhaustive: true,
    because:
      "AWS also names the bucket policy if it trusts the caller's account and the caller's own policy does not allow the action. S3 has no separate message for RestrictPublicBuckets.",
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
      "AWS also names the resource's policy if it trusts the caller's account and the caller's own policy does not allow the action.",
    source: crossAccount,
  },
  {
    id: 'scp-explicit',
    when: { wording: 'named', layers: ['service-control-policy'], effect: 'explicit' },
    confidence: 'proven',
    exhaustive: true,
    because: 'An SCP denies it. AWS may call it explicit even if no SCP allows the action.',
    source: iamMessages,
  },
  {
    id: 'limit',
    when: {
      wording: 'named',
      layers: limits,
    },
    confidence: 'proven',
    effectIsTold: true,
    exhaustive: true,
    because: 'Each of these can only take permissions away, so the request fails until the named one allows it.',
    source: iamMessages,
  },
  {
    id: 'vpce-transitive',
    when: { wording: 'transitive' },
    confidence: 'inferred',
    alternatives: [{ layer: 'vpc-endpoint-policy', why: 'AWS names this policy first.' }],
    because: "AWS documents this text with the advice to look at the last policy named, behind the endpoint's.",
    source: iamMessages,
  },
  {
    id: 'resource-policy-of-another-service',
    when: { wording: 'named' },
    confidence: 'unknown',
    effectIsTold: true,
    because: 'AWS names the policy of a resource that is not a bucket, key or role.',
    source: iamMessages,
  },
];
