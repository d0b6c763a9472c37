import { accountArn, partitionOf } from '../../core/arn.ts';
import { AwsError } from '../wire/operation.ts';
import { ask } from './ask.ts';
import type { BucketOperation } from './operation.ts';

/**
 * Nobody is locked out of a bucket for good: its own policy can't keep the owner's root user from reading it.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketPolicy.html
 */
export const getBucketPolicy: BucketOperation = async (world, request, { bucket }) => {
  const { policy: _policy, ...withoutPolicy } = bucket;
  const isRootOfOwner = request.caller.arn === accountArn(partitionOf(bucket.region), bucket.accountId);
  await ask(world, request, { action: 's3:GetBucketPolicy', bucket: isRootOfOwner ? withoutPolicy : bucket });
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
