import { AwsError } from '../server/operation.ts';
import { ask } from './ask.ts';
import type { BucketOperation } from './operation.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketPolicy.html */
export const getBucketPolicy: BucketOperation = async (world, request, { bucket }) => {
  await ask(world, request, { action: 's3:GetBucketPolicy', bucket });
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
