import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { parseArn } from '../../core/arn.ts';
import type { StackCheckConfiguration } from './configuration.ts';

/** A bucket of the service's that holds JSON objects. */
export interface OwnObjects {
  readonly client: S3Client;
  /** The parameters of a request for an object. */
  readonly at: (key: string) => { Bucket: string; Key: string; ExpectedBucketOwner?: string };
  /** @returns undefined where there is no such object */
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
