import { accountArn, partitionOf } from '../../core/arn.ts';
import type { PublicAccessBlock, World } from '../../model/world/world.ts';
import type { Incoming } from '../wire/incoming.ts';
import { AwsError, type SandboxRequest, type SandboxResponse } from '../wire/operation.ts';
import { element } from '../wire/xml.ts';
import { addressOf, arnIn } from './address.ts';
import { ask, askAccount } from './ask.ts';
import { accessDenied, noSuchBucket } from './errors.ts';
import { type BucketOperation, documentAnswer } from './operation.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketEncryption.html */
export const getBucketEncryption: BucketOperation = (world, request, { bucket }) => {
  ask(world, request, { action: 's3:GetEncryptionConfiguration', bucket });
  const { sseAlgorithm, kmsKeyArn, bucketKeyEnabled } = bucket.defaultEncryption;
  const byDefault = element('ApplyServerSideEncryptionByDefault', [
    element('SSEAlgorithm', sseAlgorithm),
    kmsKeyArn === undefined ? undefined : element('KMSMasterKeyID', kmsKeyArn),
  ]);
  const rule = element('Rule', [byDefault, element('BucketKeyEnabled', String(bucketKeyEnabled))]);
  return documentAnswer('ServerSideEncryptionConfiguration', [rule]);
};

/**
 * For us-east-1 the location is empty.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html
 */
export const getBucketLocation: BucketOperation = (world, request, { bucket }) => {
  ask(world, request, { action: 's3:GetBucketLocation', bucket });
  const constraint = bucket.region === 'us-east-1' ? '' : bucket.region;
  return documentAnswer('LocationConstraint', constraint);
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketOwnershipControls.html */
export const getBucketOwnershipControls: BucketOperation = (world, request, { bucket }) => {
  ask(world, request, { action: 's3:GetBucketOwnershipControls', bucket });
  const rule = element('Rule', [element('ObjectOwnership', bucket.objectOwnership)]);
  return documentAnswer('OwnershipControls', [rule]);
};

/**
 * The bucket's own policy can't keep the owner's root user from reading it, so that no one is locked out for good.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketPolicy.html
 */
export const getBucketPolicy: BucketOperation = (world, request, { bucket }) => {
  const { policy: _policy, ...withoutPolicy } = bucket;
  const isRootOfOwner = request.caller.arn === accountArn(partitionOf(bucket.region), bucket.accountId);
  ask(world, request, { action: 's3:GetBucketPolicy', bucket: isRootOfOwner ? withoutPolicy : bucket });
  if (request.caller.accountId !== bucket.accountId) {
    throw new AwsError('MethodNotAllowed', 405, 'The specified method is not allowed against this resource.', {
      Method: 'GET',
      ResourceType: 'BUCKETPOLICY',
    });
  }
  if (!bucket.policy) {
    throw new AwsError('NoSuchBucketPolicy', 404, 'The bucket policy does not exist', { BucketName: bucket.name });
  }
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(bucket.policy) };
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetPublicAccessBlock.html */
export const getPublicAccessBlock: BucketOperation = (world, request, { bucket }) => {
  ask(world, request, { action: 's3:GetBucketPublicAccessBlock', bucket });
  return publicAccessBlockXml(bucket.publicAccessBlock, { BucketName: bucket.name });
};

function publicAccessBlockXml(
  settings: PublicAccessBlock | undefined,
  owner: Readonly<Record<string, string>>,
): SandboxResponse {
  if (!settings) {
    const message = 'The public access block configuration was not found';
    throw new AwsError('NoSuchPublicAccessBlockConfiguration', 404, message, owner);
  }
  const elements = Object.entries(settings).map(([name, value]) => element(name, String(value)));
  return documentAnswer('PublicAccessBlockConfiguration', elements);
}

/**
 * GetPublicAccessBlock of S3 Control: the setting of the caller's whole account.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_GetPublicAccessBlock.html
 */
export function getAccountPublicAccessBlock(world: World, request: SandboxRequest): SandboxResponse {
  const { caller, headers } = request;
  askAccount(world, request, 's3:GetAccountPublicAccessBlock');
  const accountId = headers['x-amz-account-id'] ?? '';
  if (accountId !== caller.accountId) throw accessDenied();
  return publicAccessBlockXml(world.accounts.get(accountId)?.publicAccessBlock, { AccountId: accountId });
}

/**
 * A refusal contains the Region too, because clients need it.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html
 */
export const headBucket: BucketOperation = (world, request, { bucket }) => {
  const headers = { 'x-amz-bucket-region': bucket.region };
  try {
    ask(world, request, { action: 's3:ListBucket', bucket });
  } catch (error) {
    throw error instanceof AwsError
      ? new AwsError(error.code, error.status, error.message, error.extra, headers)
      : error;
  }
  return {
    status: 200,
    headers: {
      ...headers,
      'content-type': 'application/xml',
      'x-amz-access-point-alias': 'false',
      'x-amz-bucket-arn': arnIn(bucket),
    },
    body: '',
  };
};

/**
 * To a caller without credentials, HeadBucket reveals only the bucket's Region.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html
 */
export function anonymousHeadBucket(world: World, { headers, path }: Incoming): AwsError {
  const { bucket: name = '' } = addressOf(headers['host'], path);
  const bucket = world.buckets.get(name);
  if (!bucket) return noSuchBucket(name);
  const { code, status, message } = accessDenied();
  return new AwsError(code, status, message, {}, { 'x-amz-bucket-region': bucket.region });
}
