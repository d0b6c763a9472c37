import type { Layer } from '../../../core/vocabulary.ts';

/** Causes that AWS answers alike, so that no question from outside tells them apart. */
interface Indistinguishable {
  readonly where: string;
  /** What is reported first. */
  readonly first: Layer;
  /** What it may be instead: always among the candidates. */
  readonly instead: readonly Layer[];
  readonly why: string;
  /** Who can tell. */
  readonly who: string;
}

export const cannotBeTold: readonly Indistinguishable[] = [
  {
    where: 'The copy is answered with bare “Access Denied”, and our own side allows it',
    first: 'bucket-policy',
    instead: ['block-public-access', 'bucket-owner', 'resource-control-policy', 'vpc-endpoint-policy'],
    why: 'S3 gives no reason to callers of another organization, and none for a VPC endpoint policy or another owner than expected to anybody. Whatever else is asked of the bucket is refused in the same two words.',
    who: "The bucket's owner, by its policy, its Block Public Access settings and its organization's policies; the administrators of the VPC endpoint.",
  },
  {
    where: 'Within one organization, S3 names a Deny of a resource-based policy',
    first: 'bucket-policy',
    instead: ['block-public-access'],
    why: 'RestrictPublicBuckets has no words of its own.',
    who: "The bucket's owner: is the bucket policy public?",
  },
  {
    where: "KMS lumps what can be wrong with another account's key",
    first: 'key-policy',
    instead: ['key-missing', 'region', 'resource-control-policy', 'key-state'],
    why: 'KMS does not tell strangers whether a key exists. kms:DescribeKey would, but the key policy has to allow it, and one that does not even allow encryption rarely does.',
    who: "The key's owner, with `aws kms describe-key`.",
  },
  {
    where: 'AssumeRole is denied, and neither the simulator nor the trust policy could be asked',
    first: 'role-trust-policy',
    instead: ['identity-policy', 'service-control-policy', 'permissions-boundary', 'resource-control-policy'],
    why: 'AssumeRole gives one answer for every reason, a role that does not exist among them.',
    who: 'Whoever may read the role in IAM.',
  },
  {
    where: 'One permission is refused by two policies',
    first: 'identity-policy',
    instead: ['bucket-policy', 'key-policy', 'vpc-endpoint-policy'],
    why: 'AWS names one reason, if any. Behind a fault of our own, which the simulator shows, what the other account would say is not visible until the first is fixed.',
    who: 'The next check, after the first fault is fixed; or preflight, which reads both documents.',
  },
  {
    where: 'The copy is refused before KMS is asked for the key of the inbox',
    first: 'bucket-policy',
    instead: ['key-policy'],
    why: 'S3 asks KMS last. A dry run of KMS does not come through S3, so that a key policy which demands kms:ViaService refuses it in any case.',
    who: 'The next check, after the first fault is fixed; or preflight, which reads both documents.',
  },
];
