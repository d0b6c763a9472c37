import { RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';

/**
 * For what holds data under a name of its own: neither an update nor the deletion of the stack deletes it. What a failed
 * first deployment has made goes again, empty as it is, or the second one would find each name taken.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
 */
export const keptOnceDeployed = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;

/** Plain HTTP is refused to everybody, whatever else allows it. */
export function denyInsecureTransport(bucket: Pick<IBucket, 'bucketArn' | 'arnForObjects'>): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'DenyInsecureTransport',
    effect: iam.Effect.DENY,
    principals: [new iam.AnyPrincipal()],
    actions: ['s3:*'],
    resources: [bucket.bucketArn, bucket.arnForObjects('*')],
    conditions: { Bool: { 'aws:SecureTransport': 'false' } },
  });
}

/**
 * Leaves the decision who may use a key to the identity policies of this account.
 * https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
 */
export function administrationByThisAccount(): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'AdministrationByThisAccount',
    principals: [new iam.AccountRootPrincipal()],
    actions: ['kms:*'],
    // In a key policy, "*" is the key itself.
    resources: ['*'],
  });
}
