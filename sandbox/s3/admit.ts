import { endpointOf } from '../../core/arn.ts';
import { conditions } from '../../core/aws-words/conditions.ts';
import type { Bucket, World } from '../../model/world/world.ts';
import { AwsError, type SandboxRequest, saidBy } from '../wire/operation.ts';
import { isBucketName } from './address.ts';
import { accessDenied, noSuchBucket } from './errors.ts';

/** The bucket that a request is about, once it is known to exist, to be in this Region and to have the expected owner. */
export function admitBucket(world: World, request: SandboxRequest, name: string, fromAnyRegion = false): Bucket {
  if (!isBucketName(name)) {
    throw new AwsError('InvalidBucketName', 400, 'The specified bucket is not valid.', { BucketName: name });
  }
  const bucket = existing(world, name);
  if (bucket.region !== request.region && !fromAnyRegion) throw wrongRegion(bucket, request.region);
  expectOwner(bucket, request.headers['x-amz-expected-bucket-owner']);
  return bucket;
}

/** The source of a copy, which may be in any Region. */
export function admitSourceBucket(world: World, { headers }: SandboxRequest, name: string): Bucket {
  const bucket = existing(world, name);
  expectOwner(bucket, headers['x-amz-source-expected-bucket-owner']);
  return bucket;
}

function existing(world: World, name: string): Bucket {
  const bucket = world.buckets.get(name);
  if (!bucket) throw noSuchBucket(name);
  return bucket;
}

/**
 * What an endpoint of another Region answers. `aws-global` is what clients of the former global endpoint sign for.
 *
 * Sources: https://docs.aws.amazon.com/AmazonS3/latest/userguide/Redirects.html, and for the bytes
 * https://github.com/yanganto/s3rs/issues/18
 */
function wrongRegion({ name, region }: Bucket, requested: string): AwsError {
  const headers = { 'x-amz-bucket-region': region };
  if (requested === 'aws-global') {
    const { says } = conditions.signedForOtherRegion;
    return saidBy({ ...says, message: says.message(requested, region) }, { Region: region }, headers);
  }
  return saidBy(
    conditions.bucketOfOtherRegion.says,
    { Endpoint: `${name}.${endpointOf('s3', region)}`, Bucket: name },
    headers,
  );
}

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html */
function expectOwner({ accountId }: Bucket, expected: string | undefined): void {
  if (expected === undefined) return;
  if (!/^\d{12}$/.test(expected)) {
    throw new AwsError(
      'InvalidBucketOwnerAWSAccountID',
      400,
      `The value of the expected bucket owner parameter must be an AWS Account ID... [${expected}]`,
    );
  }
  if (expected !== accountId) throw accessDenied();
}
