import { bucketArn, objectArn, partitionOf } from '../../core/arn.ts';
import type { Bucket } from '../../model/world/world.ts';
import { AwsError } from '../wire/operation.ts';

/** What a request names: nothing, a bucket, or an object in it. */
interface Address {
  readonly bucket?: string;
  readonly key?: string;
}

/**
 * Reads the bucket from the host name, else from the path.
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

/** `BUCKET.localhost`, `BUCKET.127.0.0.1`, or `BUCKET.s3.…`. A bucket's own name may have dots. */
const virtualHosts: readonly RegExp[] = [/^(.+?)\.s3(?:[.-].*)?$/, /^(.+)\.(?:localhost|127\.0\.0\.1)$/];

function bucketInHost(host: string): string | undefined {
  const name = host.replace(/:\d+$/, '');
  // `s3.us-east-1.localhost` is the endpoint itself.
  if (/^s3[.-]/.test(name)) return undefined;
  return virtualHosts.map((pattern) => name.match(pattern)?.[1]).find((bucket) => bucket !== undefined);
}

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
export function isBucketName(name: string): boolean {
  return /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !name.includes('..') && !/^\d+(\.\d+){3}$/.test(name);
}

/** The ARN of a bucket or, with a key, of an object in it. */
export function arnIn({ name, region }: Pick<Bucket, 'name' | 'region'>, key?: string): string {
  const partition = partitionOf(region);
  return key === undefined ? bucketArn(partition, name) : objectArn(partition, name, key);
}
