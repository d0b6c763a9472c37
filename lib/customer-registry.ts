import { Duration, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { registryPrefix } from '../core/object-keys.ts';
import { denyInsecureTransport, keptOnceDeployed } from './data-protection.ts';
import { given } from './props.ts';
import { withoutServerAccessLogs } from './reviewed.ts';

export interface CustomerRegistryProps {
  /** @default - CloudFormation makes one up */
  readonly bucketName?: string;

  /**
   * How long an earlier version of a registration can be brought back.
   *
   * @default Duration.days(365)
   */
  readonly earlierVersionsKept?: Duration;
}

/**
 * Who is onboarded: a bucket with one object a customer, `customers/NAME.json`, that holds the customer's test event.
 * EventBridge is told of each that comes, changes or goes.
 */
export class CustomerRegistry extends Construct {
  readonly bucket: s3.Bucket;
  /** Of every registration, as a pattern. */
  readonly registrationsArn: string;

  constructor(scope: Construct, id: string, props: CustomerRegistryProps = {}) {
    super(scope, id);

    this.bucket = new s3.Bucket(this, 'Bucket', {
      ...given({ bucketName: props.bucketName }),
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      // Names and ARNs, no secrets. With a KMS key, who may use that one could stop the health check of all customers.
      encryption: s3.BucketEncryption.S3_MANAGED,
      // A registration that is overwritten or deleted by mistake can be brought back.
      versioned: true,
      lifecycleRules: [
        { id: 'ForgetEarlierVersions', noncurrentVersionExpiration: props.earlierVersionsKept ?? Duration.days(365) },
      ],
      removalPolicy: keptOnceDeployed,
    });
    // By the resource itself: the Bucket's own eventBridgeEnabled deploys a function that sets what CloudFormation can.
    (this.bucket.node.defaultChild as s3.CfnBucket).notificationConfiguration = {
      eventBridgeConfiguration: { eventBridgeEnabled: true },
    };
    this.registrationsArn = this.bucket.arnForObjects(`${registryPrefix}*`);
    this.bucket.addToResourcePolicy(denyInsecureTransport(this.bucket));
    Validations.of(this.bucket).acknowledge(withoutServerAccessLogs);
  }

  /** To read registrations whose keys are known; not to list who is a customer. */
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
