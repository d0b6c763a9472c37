import { Duration, RemovalPolicy, Token, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { roleArn } from '../core/arn.ts';
import { testObjectPrefix } from '../core/object-keys.ts';
import { administrationByThisAccount, denyInsecureTransport, keptOnceDeployed } from './data-protection.ts';
import { DeploymentError, given } from './props.ts';
import { withoutServerAccessLogs } from './reviewed.ts';

export interface InternalStorageProps {
  /**
   * Customers' key policies name this bucket, so it should never change.
   *
   * @default - CloudFormation makes one up
   */
  readonly bucketName?: string;

  /** @default - the key has no alias */
  readonly keyAlias?: string;

  /**
   * How long a report stays in the bucket, delivered or not: S3 can't tell which. It must be longer than the longest time
   * that a delivery is retried.
   *
   * @default Duration.days(30)
   */
  readonly reportsKept?: Duration;
}

/** Who may use what lies in the internal bucket, besides the delivery roles. ARNs, in which `*` and `?` are patterns. */
export interface InternalBucketPrincipals {
  /**
   * Who may read reports that wait, as far as identity policies allow it.
   *
   * @default - nobody
   */
  readonly reportReaders?: readonly string[];

  /**
   * Who may also write and delete them, as far as identity policies allow it.
   *
   * @default - nobody
   */
  readonly reportAdministrators?: readonly string[];
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
      lifecycleRules: [
        { id: 'ExpireTestObjects', prefix: testObjectPrefix, expiration: Duration.days(1) },
        {
          id: 'ExpireReports',
          expiration: props.reportsKept ?? Duration.days(30),
          // The parts of an upload that was never finished are in no listing, and can be read by nobody.
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
   * Denies what is in the bucket to everybody but the roles that deliver, whatever identity policies allow. The bucket
   * itself, with its policy, is left to those who administer the account.
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
 * A write that names no encryption gets the bucket's default, which is the service's own key. The parts of an upload never
 * name one.
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

function assertPrincipals(principals: Required<InternalBucketPrincipals>): void {
  const problems = Object.entries(principals).flatMap(([name, arns]: [string, readonly string[]]) =>
    arns
      .filter((arn) => !Token.isUnresolved(arn) && !/^arn:[^:*]+:(iam|sts)::\d{12}:.+$/.test(arn))
      .map(
        (arn) =>
          `${name} has ${JSON.stringify(arn)}. Allowed: the ARN of a role or user, in which the name may have *, like ` +
          `${roleArn('aws', '111111111111', 'report-admin-*')}. Correct it or remove it.`,
      ),
  );
  if (problems.length > 0) throw new DeploymentError(problems.join('\n'));
}
