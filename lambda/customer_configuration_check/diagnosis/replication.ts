import type { Evidence } from '../../../core/report.ts';
import { diagnosisOfCause, type Explained, type SaidCause } from './explained.ts';

/**
 * Why S3 could not replicate an object, from S3's events and Batch Replication reports.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-failure-codes.html
 */
interface ReplicationFailure {
  readonly reason: string;
  /** Completes the sentence “S3 could not replicate the object: ”. */
  readonly summary: string;
  /** Absent if nothing was denied and no layer describes the state of a bucket or key. */
  readonly refusal?: Refusal;
}

type Refusal = Omit<SaidCause, 'summary'>;

const ofDestination = (action: string, ...more: NonNullable<Refusal['candidates']>): Refusal => ({
  candidates: [
    ['bucket-policy', `The policy of the destination bucket may not allow the replication role ${action}.`, action],
    ['identity-policy', `The policies of the replication role may not allow ${action} there.`, action],
    ...more,
  ],
});
const ofSource = (action: string, ...keys: string[]): Refusal => ({
  candidates: [
    ['identity-policy', `The policies of the replication role may not allow ${action} on the source.`, action],
    ['bucket-policy', 'The policy of the source bucket may deny it.', action],
    ...keys.map((key) => ['key-policy', `The policy of the source's key may not allow ${key}.`, key] as const),
  ],
});

const failures: readonly ReplicationFailure[] = [
  {
    reason: 'AssumeRoleNotPermitted',
    summary:
      'most likely, the trust policy of the replication role does not let S3 assume it, or the role does not exist.',
    refusal: { layer: 'role-trust-policy', action: 'sts:AssumeRole' },
  },
  {
    reason: 'InitiateReplicationNotPermitted',
    summary: 'the role of the Batch Operations job may not initiate replication.',
    refusal: ofSource('s3:InitiateReplication'),
  },
  {
    reason: 'DstPutObjectNotPermitted',
    summary: "the replication role may not write there; S3 doesn't say whether the bucket or its key refuses.",
    refusal: ofDestination(
      's3:ReplicateObject',
      [
        'key-policy',
        "The policy of the destination's key may not allow kms:GenerateDataKey and kms:Decrypt.",
        'kms:GenerateDataKey',
      ],
      [
        'bucket-policy',
        'If the configuration changes the owner of replicas, this is needed as well.',
        's3:ObjectOwnerOverrideToBucketOwner',
      ],
    ),
  },
  {
    reason: 'DstDelObjNotPermitted',
    summary: 'the replication role may not write delete markers there.',
    refusal: ofDestination('s3:ReplicateDelete'),
  },
  {
    reason: 'DstPutLegalHoldNotPermitted',
    summary: 'the replication role may not set legal holds there.',
    refusal: ofDestination('s3:PutObjectLegalHold'),
  },
  {
    reason: 'DstPutRetentionNotPermitted',
    summary: 'the replication role may not set retention periods there.',
    refusal: ofDestination('s3:PutObjectRetention'),
  },
  {
    reason: 'Dst(?:Multipart[A-Za-z]+|PutAcl|PutTagging)NotPermitted',
    summary: 'the replication role may not write there.',
    refusal: ofDestination('s3:ReplicateObject'),
  },
  {
    reason: 'SrcGetObjectNotPermitted',
    summary: 'the replication role may not read the source.',
    refusal: ofSource('s3:GetObjectVersionForReplication', 'kms:Decrypt'),
  },
  {
    reason: 'SrcHeadObjectNotPermitted',
    summary: 'the replication role may not read the source.',
    refusal: ofSource('s3:GetObjectVersionForReplication'),
  },
  {
    reason: 'SrcGetAclNotPermitted',
    summary: 'the replication role may not read the ACL of the source.',
    refusal: ofSource('s3:GetObjectVersionAcl'),
  },
  {
    reason: 'SrcGetTaggingNotPermitted',
    summary: 'the replication role may not read the tags of the source.',
    refusal: ofSource('s3:GetObjectVersionTagging'),
  },
  {
    reason: 'SrcGetLegalHoldNotPermitted',
    summary: 'the replication role may not read the legal hold of the source.',
    refusal: ofSource('s3:GetObjectLegalHold'),
  },
  {
    reason: 'SrcGetRetentionNotPermitted',
    summary: 'the replication role may not read the retention period of the source.',
    refusal: ofSource('s3:GetObjectRetention'),
  },
  {
    reason: 'DstKmsKeyInvalidState',
    summary: 'the key of the destination is in a state in which it cannot be used.',
    refusal: { layer: 'key-state' },
  },
  {
    reason: 'SrcKmsKeyInvalidState',
    summary: 'the key of the source is in a state in which it cannot be used.',
    refusal: { layer: 'key-state' },
  },
  {
    reason: 'DstKmsKeyNotFound',
    summary: 'the key that the configuration names for the destination does not exist.',
    refusal: { layer: 'key-missing' },
  },
  {
    reason: 'DstBucketNotFound',
    summary: 'S3 does not find the destination bucket.',
    refusal: { layer: 'bucket-missing' },
  },
  {
    reason: 'SrcBucketNotFound',
    summary: 'S3 does not find the source bucket.',
    refusal: { layer: 'bucket-missing' },
  },
  { reason: 'DstBucketUnversioned', summary: 'the destination bucket has no versioning. Its owner can turn it on.' },
  {
    reason: 'DstBucketObjectLockConfigMissing',
    summary: 'the source has Object Lock and the destination bucket does not.',
  },
  {
    reason: '(?:Dst|Src)BucketInvalidRegion',
    summary: 'the bucket is in another Region than the Batch Operations job names.',
  },
  {
    reason: 'DstObjectHardDeleted',
    summary: 'this version was deleted at the destination, and S3 does not replicate it again.',
  },
  { reason: 'SrcBucketReplicationConfigMissing', summary: 'the source bucket has no replication configuration.' },
  { reason: 'SrcObjectNotEligible', summary: 'its storage class or its tags exclude it from replication.' },
  { reason: 'SrcReplicationNotPending', summary: 'it is replicated already.' },
  {
    reason: '(?:DstVersion|SrcKey|SrcObject|SrcVersion)NotFound',
    summary: 'the object or this version of it does not exist any more.',
  },
];

export const replicationCodes = failures.map(({ reason }) => reason);
const source = 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-failure-codes.html';
const advice =
  "S3 replicates with the role in the source bucket's replication configuration (`aws s3api get-bucket-replication`), and not as the delivery role. " +
  'Compare the policies of that role, of the destination bucket and of both keys with https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html.';

/** @param resource the bucket or object in the event */
export function replicationFailure(
  text: string,
  resource: string | undefined,
  evidence: readonly Evidence[],
): Explained | undefined {
  const failure = failures.find(({ reason }) => new RegExp(`\\b${reason}\\b`).test(text));
  if (!failure) return undefined;
  const { refusal } = failure;
  const summary = `S3 could not replicate the object: ${failure.summary} Replication is not part of a delivery.`;
  const detail = `S3 says why it could not replicate. ${source}`;
  const all: readonly Evidence[] = [...evidence, { source: 'service-message', detail }];
  return refusal
    ? { kind: 'denial', diagnosis: diagnosisOfCause({ summary, ...refusal }, all, resource), advice }
    : { kind: 'no-denial', diagnosis: diagnosisOfCause({ summary: `Nothing was refused. ${summary}` }, all) };
}
