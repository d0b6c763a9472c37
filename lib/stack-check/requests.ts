import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { CustomerRegistry } from '../customer-registry.ts';
import { reviewedWildcards, withoutServerAccessLogs } from '../reviewed.ts';

/**
 * One object per account, with its running check and the started ones. The bucket has no fixed name, so a retained one does
 * not block the next deployment.
 */
export function requestsBucket(scope: Construct): s3.Bucket {
  const bucket = new s3.Bucket(scope, 'Requests', {
    objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    // Account IDs, request IDs and times.
    encryption: s3.BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    // Requests older than three hours do not count.
    lifecycleRules: [{ id: 'Forget', expiration: Duration.days(1) }],
    removalPolicy: RemovalPolicy.RETAIN,
  });
  Validations.of(bucket).acknowledge(withoutServerAccessLogs);
  return bucket;
}

/**
 * Without s3:ListBucket, S3 denies access to a missing object instead of saying that it is missing. A conditional write
 * needs both other actions.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export function allowToRemember(role: iam.Role, bucket: s3.Bucket): void {
  const records = bucket.arnForObjects('*.json');
  role.addToPolicy(
    new iam.PolicyStatement({
      sid: 'RememberRequests',
      actions: ['s3:GetObject', 's3:PutObject'],
      resources: [records],
    }),
  );
  role.addToPolicy(
    new iam.PolicyStatement({ sid: 'TellWhichAreThere', actions: ['s3:ListBucket'], resources: [bucket.bucketArn] }),
  );
  Validations.of(role).acknowledge(...reviewedWildcards(role, [[records, 'Each account has its own object.']]));
}

/** s3:ListBucket, to tell a missing registration from one that can't be read. */
export function allowToLookUp(role: iam.Role, registry: CustomerRegistry): void {
  registry.grantRead(role);
  role.addToPolicy(
    new iam.PolicyStatement({
      sid: 'TellWhoIsRegistered',
      actions: ['s3:ListBucket'],
      resources: [registry.bucket.bucketArn],
    }),
  );
  const reason = 'Each customer is one object.';
  Validations.of(role).acknowledge(...reviewedWildcards(role, [[registry.registrationsArn, reason]]));
}
