import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { testObjectPrefix } from '../core/test-object.ts';
import { given } from './given.ts';
import { keptOnceDeployed } from './kept-once-deployed.ts';
import { administrationByThisAccount, denyInsecureTransport } from './resource-statements.ts';
import { withoutServerAccessLogs } from './reviewed-buckets.ts';

export interface InternalStorageProps {
  /**
   * Customers' key policies name this bucket, so it should never change.
   *
   * @default - CloudFormation makes one up
   */
  readonly bucketName?: string;

  /** @default - the key has no alias */
  readonly keyAlias?: string;
}

/**
 * What others need of the bucket. Under exactOptionalPropertyTypes the CDK's own Bucket is not an IBucket, but it is this.
 */
export type InternalBucket = Pick<s3.IBucket, 'bucketArn' | 'bucketName' | 'arnForObjects'>;

/**
 * Where reports wait for their delivery: a bucket and the service's own key.
 *
 * Reports are normally encrypted with the customer's key here too. The service's own key is the bucket's default, for
 * whatever is written without naming a key.
 */
export class InternalStorage extends Construct {
  readonly bucket: s3.Bucket;
  readonly key: kms.Key;

  constructor(scope: Construct, id: string, props: InternalStorageProps = {}) {
    super(scope, id);

    this.key = new kms.Key(this, 'Key', {
      ...given({ alias: props.keyAlias }),
      description: "Encrypts what the Secure Inbox service stores under no customer's key",
      enableKeyRotation: true,
      policy: new iam.PolicyDocument({ statements: [administrationByThisAccount()] }),
      removalPolicy: RemovalPolicy.RETAIN,
    });

    this.bucket = new s3.Bucket(this, 'Bucket', {
      ...given({ bucketName: props.bucketName }),
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      encryption: s3.BucketEncryption.KMS,
      encryptionKey: this.key,
      // A Bucket Key would let S3 reuse a data key for minutes after a customer has withdrawn the permission, and would
      // hide from the customer's CloudTrail which report was read.
      bucketKeyEnabled: false,
      // What is here is a copy on its way out. A version that outlives its deletion would keep a customer's report.
      versioned: false,
      lifecycleRules: [{ id: 'ExpireTestObjects', prefix: testObjectPrefix, expiration: Duration.days(1) }],
      removalPolicy: keptOnceDeployed,
    });

    this.bucket.addToResourcePolicy(denyInsecureTransport(this.bucket));
    Validations.of(this.bucket).acknowledge(withoutServerAccessLogs);
  }
}
