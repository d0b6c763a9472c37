import type { World } from '../../model/world/world.ts';
import type { Incoming } from '../wire/incoming.ts';
import { AwsError } from '../wire/operation.ts';
import { addressOf, arnIn } from './address.ts';
import { ask } from './ask.ts';
import { accessDenied, noSuchBucket } from './errors.ts';
import type { BucketOperation } from './operation.ts';

/**
 * Refused callers get the Region too, because clients ask for it.
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
 * To a caller without credentials HeadBucket tells where a bucket is, and nothing else.
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
