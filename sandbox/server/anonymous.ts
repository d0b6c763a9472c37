import type { World } from '../../model/world/world.ts';
import { addressOf } from '../s3/address.ts';
import { accessDenied, noSuchBucket } from '../s3/errors.ts';
import type { Incoming } from '../wire/incoming.ts';
import { AwsError } from '../wire/operation.ts';

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
