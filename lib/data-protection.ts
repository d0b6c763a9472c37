import { RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';

/**
 * For resources that hold data under a fixed name: neither an update nor the deletion of the stack deletes them. If the
 * first deployment fails, they are deleted while empty, so that their names are free for the next attempt.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
 */
export const keptOnceDeployed = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;

/** Denies plain HTTP to all callers. */
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
 * Lets this account's identity policies decide who may use a key.
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
