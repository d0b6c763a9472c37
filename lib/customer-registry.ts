import { Duration, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { registryPrefix } from '../core/object-keys.ts';
import { defined } from '../core/values.ts';
import { denyInsecureTransport, keptOnceDeployed } from './data-protection.ts';
import { withoutServerAccessLogs } from './reviewed.ts';

export interface CustomerRegistryProps {
  /** @default - CloudFormation generates one */
  readonly bucketName?: string;

  /**
   * How long an earlier version of a registration can be restored.
   *
   * @default Duration.days(365)
   */
  readonly earlierVersionsKept?: Duration;
}

/**
 * The onboarded customers: a bucket with one object per customer, `customers/NAME.json`, which contains the customer's test
 * event. The bucket sends its changes to EventBridge.
 */
export class CustomerRegistry extends Construct {
  readonly bucket: s3.Bucket;
  /** ARN pattern of all registrations. */
  readonly registrationsArn: string;

  constructor(scope: Construct, id: string, props: CustomerRegistryProps = {}) {
    super(scope, id);

    this.bucket = new s3.Bucket(this, 'Bucket', {
      ...defined({ bucketName: props.bucketName }),
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      // Names and ARNs, no secrets. A disabled KMS key would stop the health check of all customers.
      encryption: s3.BucketEncryption.S3_MANAGED,
      // To restore a registration that was overwritten or deleted by mistake.
      versioned: true,
      lifecycleRules: [
        { id: 'ForgetEarlierVersions', noncurrentVersionExpiration: props.earlierVersionsKept ?? Duration.days(365) },
      ],
      removalPolicy: keptOnceDeployed,
    });
    // Set on the resource, because the Bucket's eventBridgeEnabled deploys a function that does the same.
    (this.bucket.node.defaultChild as s3.CfnBucket).notificationConfiguration = {
      eventBridgeConfiguration: { eventBridgeEnabled: true },
    };
    this.registrationsArn = this.bucket.arnForObjects(`${registryPrefix}*`);
    this.bucket.addToResourcePolicy(denyInsecureTransport(this.bucket));
    Validations.of(this.bucket).acknowledge(withoutServerAccessLogs);
  }

  /** To read registrations by key, but not to list them. */
  grantRead(grantee: iam.IGrantable): void {
    grantee.grantPrincipal.addToPrincipalPolicy(
      new iam.PolicyStatement({
        sid: 'ReadRegistrations',
        actions: ['s3:GetObject'],
        resources: [this.registrationsArn],
      }),
    );
  }
}
