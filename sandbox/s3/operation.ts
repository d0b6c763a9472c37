import type { Bucket, World } from '../../model/world/world.ts';
import type { SandboxRequest, SandboxResponse } from '../wire/operation.ts';

/** An operation on a bucket that was found, in the right Region and with the expected owner. */
export type BucketOperation = (
  world: World,
  request: SandboxRequest,
  on: { readonly bucket: Bucket },
) => SandboxResponse;

export type ObjectOperation = (
  world: World,
  request: SandboxRequest,
  on: { readonly bucket: Bucket; readonly key: string },
) => SandboxResponse;

export const s3Namespace = 'http://s3.amazonaws.com/doc/2006-03-01/';
