import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { parseArn } from '../../core/arn.ts';
import { valueAt } from '../../core/json.ts';
import { registryKeyOf } from '../../core/object-keys.ts';
import type { StackCheckConfiguration } from './configuration.ts';
import type { RegisteredAccount } from './test-event.ts';

/** One of the service's buckets, which contains JSON objects. */
export interface OwnObjects {
  readonly client: S3Client;
  /** The parameters of a request for an object. */
  readonly at: (key: string) => { Bucket: string; Key: string; ExpectedBucketOwner?: string };
  /** @returns undefined if the object doesn't exist */
  read(key: string, abortSignal: AbortSignal): Promise<{ readonly value: unknown; readonly etag?: string } | undefined>;
}

export function ownObjectsIn(bucket: string, configuration: StackCheckConfiguration): OwnObjects {
  const { region, topicArnPrefix, customEndpoint } = configuration;
  const client = new S3Client({ region, maxAttempts: 3, forcePathStyle: customEndpoint });
  const owner = parseArn(topicArnPrefix)?.accountId;
  const at = (key: string) => ({ Bucket: bucket, Key: key, ...(owner && { ExpectedBucketOwner: owner }) });
  return {
    client,
    at,
    async read(key, abortSignal) {
      try {
        const { Body, ETag } = await client.send(new GetObjectCommand(at(key)), { abortSignal });
        return { value: JSON.parse((await Body?.transformToString()) ?? ''), ...(ETag && { etag: ETag }) };
      } catch (error) {
        if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
        throw error;
      }
    },
  };
}

/**
 * Looks up a customer's account in the registry, so that no account can be checked as another account's customer.
 *
 * @returns a function that throws if the registry can't be read; then nothing may be checked
 */
export function connectToRegistry(configuration: StackCheckConfiguration): (signal: AbortSignal) => RegisteredAccount {
  const { registryBucket } = configuration;
  if (registryBucket === undefined) return () => async () => undefined;
  const registry = ownObjectsIn(registryBucket, configuration);
  return (signal) => async (customer) => {
    const found = await registry.read(registryKeyOf(customer), signal);
    const account = valueAt(found?.value, ['inbox', 'accountId']);
    return typeof account === 'string' ? account : undefined;
  };
}
