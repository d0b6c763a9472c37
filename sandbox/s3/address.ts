import { bucketArn, endpointOf, objectArn, partitionOf } from '../../core/arn.ts';
import { conditions } from '../../core/aws-words/conditions.ts';
import type { Bucket, World } from '../../model/world/world.ts';
import { AwsError, type SandboxRequest, saidBy } from '../wire/operation.ts';
import { accessDenied, noSuchBucket } from './errors.ts';

/** The bucket of a request, after checking that it exists, is in this Region and has the expected owner. */
export function admitBucket(world: World, request: SandboxRequest, name: string, fromAnyRegion = false): Bucket {
  if (!isBucketName(name)) {
    throw new AwsError('InvalidBucketName', 400, 'The specified bucket is not valid.', { BucketName: name });
  }
  const bucket = existing(world, name);
  if (bucket.region !== request.region && !fromAnyRegion) throw wrongRegion(bucket, request.region);
  expectOwner(bucket, request.headers['x-amz-expected-bucket-owner']);
  expectPayer(bucket, request);
  return bucket;
}

export function admitSourceBucket(world: World, request: SandboxRequest, name: string): Bucket {
  const bucket = existing(world, name);
  expectOwner(bucket, request.headers['x-amz-source-expected-bucket-owner']);
  expectPayer(bucket, request);
  return bucket;
}

function existing(world: World, name: string): Bucket {
  const bucket = world.buckets.get(name);
  if (!bucket) throw noSuchBucket(name);
  return bucket;
}

/**
 * The answer of another Region's endpoint. Clients of the former global endpoint sign for `aws-global`.
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

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ObjectsinRequesterPaysBuckets.html */
function expectPayer({ accountId, requesterPays }: Bucket, { caller, headers }: SandboxRequest): void {
  if (requesterPays && caller.accountId !== accountId && headers['x-amz-request-payer'] !== 'requester') {
    throw accessDenied();
  }
}

interface Address {
  readonly bucket?: string;
  readonly key?: string;
}

/**
 * Reads the bucket from the host name or, if it has none, from the path.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
 *
 * @param path percent-encoded
 */
export function addressOf(host: string | undefined, path: string): Address {
  const inHost = bucketInHost(host ?? '');
  const rest = decoded(path.replace(/^\//, ''));
  if (inHost !== undefined) return { bucket: inHost, ...(rest !== '' && { key: rest }) };
  const slash = rest.indexOf('/');
  const bucket = slash < 0 ? rest : rest.slice(0, slash);
  const key = slash < 0 ? '' : rest.slice(slash + 1);
  return { ...(bucket !== '' && { bucket }), ...(key !== '' && { key }) };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new AwsError('InvalidURI', 400, "Couldn't parse the specified URI.", { URI: path });
  }
}

/** `BUCKET.localhost`, `BUCKET.127.0.0.1`, or `BUCKET.s3.…`. A bucket's name may contain dots. */
const virtualHosts: readonly RegExp[] = [/^(.+?)\.s3(?:[.-].*)?$/, /^(.+)\.(?:localhost|127\.0\.0\.1)$/];

function bucketInHost(host: string): string | undefined {
  const name = host.replace(/:\d+$/, '');
  // `s3.us-east-1.localhost` is the endpoint itself.
  if (/^s3[.-]/.test(name)) return undefined;
  return virtualHosts.map((pattern) => name.match(pattern)?.[1]).find((bucket) => bucket !== undefined);
}

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
function isBucketName(name: string): boolean {
  return /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !name.includes('..') && !/^\d+(\.\d+){3}$/.test(name);
}

export function arnIn({ name, region }: Pick<Bucket, 'name' | 'region'>, key?: string): string {
  const partition = partitionOf(region);
  return key === undefined ? bucketArn(partition, name) : objectArn(partition, name, key);
}
