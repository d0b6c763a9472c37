import { AwsError } from '../wire/operation.ts';
import { arnIn } from './address.ts';
import { ask } from './ask.ts';
import type { BucketOperation } from './operation.ts';

/**
 * The Region is told also to those who are refused, since it is what clients ask for.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html
 */
export const headBucket: BucketOperation = async (world, request, { bucket }) => {
  const headers = { 'x-amz-bucket-region': bucket.region };
  try {
    await ask(world, request, { action: 's3:ListBucket', bucket });
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
