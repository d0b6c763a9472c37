import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { CustomerRegistry } from '../customer-registry.ts';
import { reviewedWildcards, withoutServerAccessLogs } from '../reviewed.ts';

/**
 * One object for each account, that says which check runs and which were started. It has no name of its own, so that one
 * that stays when nobody is onboarded any more is in nobody's way.
 */
export function requestsBucket(scope: Construct): s3.Bucket {
  const bucket = new s3.Bucket(scope, 'Requests', {
    objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    // Account ids, ids of requests and times.
    encryption: s3.BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    // What is older than three hours counts for nothing.
    lifecycleRules: [{ id: 'Forget', expiration: Duration.days(1) }],
    removalPolicy: RemovalPolicy.RETAIN,
  });
  Validations.of(bucket).acknowledge(withoutServerAccessLogs);
  return bucket;
}

/**
 * Without s3:ListBucket, S3 answers that an object is forbidden where it isn't there. A conditional write takes both
 * other actions.
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
  Validations.of(role).acknowledge(...reviewedWildcards(role, [[records, 'Each account has an object of its own.']]));
}

/** Likewise, to tell a customer who is not registered from one who may not be read. */
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
