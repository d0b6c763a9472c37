import { Duration, RemovalPolicy, Token, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { roleArn } from '../core/arn.ts';
import { testObjectPrefix } from '../core/object-keys.ts';
import { defined } from '../core/values.ts';
import { administrationByThisAccount, denyInsecureTransport, keptOnceDeployed } from './data-protection.ts';
import { assertNone, DeploymentError, wrongValues } from './deployment-error.ts';
import { withoutServerAccessLogs } from './reviewed.ts';

export interface InternalStorageProps {
  /**
   * Customers' key policies name this bucket, so do not change it.
   *
   * @default - CloudFormation generates one
   */
  readonly bucketName?: string;

  /** @default - the key has no alias */
  readonly keyAlias?: string;

  /**
   * How long a report stays in the bucket, delivered or not, because S3 can't tell which. It must exceed the longest time
   * that you retry a delivery.
   *
   * @default Duration.days(30)
   */
  readonly reportsKept?: Duration;
}

/**
 * Principals other than the delivery roles that can use objects in the internal bucket: ARNs, with `*` and `?` as
 * wildcards.
 */
export interface InternalBucketPrincipals {
  /**
   * Can read staged reports, if their identity policies allow it.
   *
   * @default - none
   */
  readonly reportReaders?: readonly string[];

  /**
   * Can also write and delete them, if their identity policies allow it.
   *
   * @default - none
   */
  readonly reportAdministrators?: readonly string[];
}

/**
 * The parts of the bucket that others need. With exactOptionalPropertyTypes, the CDK's Bucket is not an IBucket.
 */
export type InternalBucket = Pick<s3.IBucket, 'bucketArn' | 'bucketName' | 'arnForObjects'>;

/**
 * Where reports wait for delivery: a bucket and the service's own key.
 *
 * Waiting reports are normally encrypted with the customer's key. The service's own key is the bucket's default, for writes
 * that name no key.
 */
export class InternalStorage extends Construct {
  readonly bucket: s3.Bucket;
  readonly key: kms.Key;

  /** @throws DeploymentError if `reportsKept` is not whole days */
  constructor(scope: Construct, id: string, props: InternalStorageProps = {}) {
    super(scope, id);
    const { reportsKept = Duration.days(30) } = props;
    assertDays(reportsKept);

    this.key = new kms.Key(this, 'Key', {
      ...defined({ alias: props.keyAlias }),
      description: "Encrypts what the Secure Inbox service stores under no customer's key",
      enableKeyRotation: true,
      policy: new iam.PolicyDocument({ statements: [administrationByThisAccount()] }),
      removalPolicy: RemovalPolicy.RETAIN,
    });

    this.bucket = new s3.Bucket(this, 'Bucket', {
      ...defined({ bucketName: props.bucketName }),
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      encryption: s3.BucketEncryption.KMS,
      encryptionKey: this.key,
      // With a Bucket Key, S3 would reuse a data key for minutes after a customer withdraws the permission, and the
      // customer's CloudTrail would not show which report was read.
      bucketKeyEnabled: false,
      // An older version would keep a customer's report after it was deleted.
      versioned: false,
      lifecycleRules: [
        { id: 'ExpireTestObjects', prefix: testObjectPrefix, expiration: Duration.days(1) },
        {
          id: 'ExpireReports',
          expiration: reportsKept,
          // Parts of unfinished uploads are in no listing and can't be read.
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
      ],
      removalPolicy: keptOnceDeployed,
    });

    for (const statement of [denyInsecureTransport(this.bucket), ...denyOtherEncryption(this.bucket)]) {
      this.bucket.addToResourcePolicy(statement);
    }
    Validations.of(this.bucket).acknowledge(withoutServerAccessLogs);
  }

  /**
   * Denies objects to all but the delivery roles and the given principals, whatever identity policies allow. The account's
   * administrators keep access to the bucket itself and its policy.
   *
   * @throws DeploymentError for principals that aren't ARNs
   */
  closeToOthers(deliveryRoles: readonly Pick<iam.IRole, 'roleArn'>[], principals: InternalBucketPrincipals = {}): void {
    const { reportReaders = [], reportAdministrators = [] } = principals;
    assertPrincipals({ reportReaders, reportAdministrators });
    const writers = [...deliveryRoles.map(({ roleArn }) => roleArn), ...reportAdministrators];
    const deny = (sid: string, actions: object, allowed: readonly string[]) =>
      this.bucket.addToResourcePolicy(
        new iam.PolicyStatement({
          sid,
          effect: iam.Effect.DENY,
          principals: [new iam.AnyPrincipal()],
          ...actions,
          resources: [this.bucket.arnForObjects('*')],
          conditions: { ArnNotLike: { 'aws:PrincipalArn': allowed } },
        }),
      );
    deny('DenyReadingByOthers', { actions: ['s3:GetObject*'] }, [...writers, ...reportReaders]);
    deny('DenyChangesByOthers', { notActions: ['s3:GetObject*'] }, writers);
  }
}

/**
 * Writes without an encryption header, such as an upload's parts, are allowed and get the bucket's default, the service's
 * own key.
 */
function denyOtherEncryption(bucket: InternalBucket): readonly iam.PolicyStatement[] {
  const deny = (sid: string, conditions: iam.Conditions) =>
    new iam.PolicyStatement({
      sid,
      effect: iam.Effect.DENY,
      principals: [new iam.AnyPrincipal()],
      actions: ['s3:PutObject'],
      resources: [bucket.arnForObjects('*')],
      conditions,
    });
  return [
    deny('DenyOtherEncryption', {
      StringNotEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' },
      Null: { 's3:x-amz-server-side-encryption': 'false' },
    }),
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerSideEncryptionCustomerKeys.html#ssec-require-condition-key
    deny('DenyKeysOfTheCaller', { Null: { 's3:x-amz-server-side-encryption-customer-algorithm': 'false' } }),
  ];
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleExpiration.html */
function assertDays(reportsKept: Duration): void {
  const days = reportsKept.toDays({ integral: false });
  if (Token.isUnresolved(days) || (Number.isInteger(days) && days >= 1)) return;
  throw new DeploymentError(
    `reportsKept is ${reportsKept.toHumanString()}. Allowed: whole days, at least 1, because S3 deletes by the day. Round it up.`,
  );
}

const principalArns = {
  pattern: /^arn:[^:*]+:(iam|sts)::\d{12}:.+$/,
  allowed: `the ARN of a role or user, with * in the name if you like, such as ${roleArn('aws', '111111111111', 'report-admin-*')}`,
};

function assertPrincipals(principals: Required<InternalBucketPrincipals>): void {
  const given = Object.entries<readonly string[]>({ ...principals });
  const isKnown = (arn: string) => !Token.isUnresolved(arn);
  assertNone(given.flatMap(([prop, arns]) => wrongValues(prop, arns.filter(isKnown), principalArns)));
}
