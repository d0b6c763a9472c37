import type { Layer } from '../../core/vocabulary.ts';

/** Causes with the same answer from AWS, which no probe from outside can distinguish. */
interface Indistinguishable {
  readonly where: string;
  readonly first: Layer;
  /** The other possible cause, always among the candidates. */
  readonly instead: readonly Layer[];
  readonly why: string;
  readonly who: string;
}

export const cannotBeTold: readonly Indistinguishable[] = [
  {
    where: 'The copy gets a bare “Access Denied”, and our own side allows it',
    first: 'bucket-policy',
    instead: ['block-public-access', 'bucket-owner', 'resource-control-policy', 'vpc-endpoint-policy'],
    why: 'S3 gives no reason to callers of another organization, and never for a VPC endpoint policy or an unexpected owner. It denies every other request for the bucket with the same two words.',
    who: "The bucket's owner, by its policy, its Block Public Access settings and its organization's policies; the administrators of the VPC endpoint.",
  },
  {
    where: 'Within one organization, S3 names a Deny of a resource-based policy',
    first: 'bucket-policy',
    instead: ['block-public-access'],
    why: 'S3 has no separate message for RestrictPublicBuckets.',
    who: "The bucket's owner: is the bucket policy public?",
  },
  {
    where: "KMS has one answer for all faults of another account's key",
    first: 'key-policy',
    instead: ['key-missing', 'region', 'resource-control-policy', 'key-state'],
    why: 'KMS does not tell other accounts whether a key exists. kms:DescribeKey does, but the key policy must allow it, which is rare if it does not even allow encryption.',
    who: "The key's owner, with `aws kms describe-key`.",
  },
  {
    where: 'AssumeRole is denied, and neither the simulator nor the trust policy could be asked',
    first: 'role-trust-policy',
    instead: ['identity-policy', 'service-control-policy', 'permissions-boundary', 'resource-control-policy'],
    why: 'AssumeRole gives one answer for every reason, including a role that does not exist.',
    who: 'Anyone who can read the role in IAM.',
  },
  {
    where: 'Two policies deny one permission',
    first: 'identity-policy',
    instead: ['bucket-policy', 'key-policy', 'vpc-endpoint-policy'],
    why: 'AWS names one reason, if any. A fault of our own, which the simulator shows, hides a fault of the other account until it is fixed.',
    who: 'The next check, after the first fault is fixed; or preflight, which reads both documents.',
  },
  {
    where: 'The copy is denied before S3 asks KMS for the key of the inbox',
    first: 'bucket-policy',
    instead: ['key-policy'],
    why: 'S3 asks KMS last. A KMS dry run does not come through S3, so a key policy that requires kms:ViaService denies it in any case.',
    who: 'The next check, after the first fault is fixed; or preflight, which reads both documents.',
  },
];
