import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { parseArn } from '../../core/arn.ts';
import { valueAt } from '../../core/event-rules.ts';
import { registryKeyOf } from '../../core/object-keys.ts';
import type { StackCheckConfiguration } from './configuration.ts';
import type { RegisteredAccount } from './test-event.ts';

/**
 * Looks a customer's account up in the registry, so that no account can be checked under the name of another one's customer.
 *
 * @returns a function that throws where the registry can't be read: then nothing may be checked
 */
export function connectToRegistry(configuration: StackCheckConfiguration): (signal: AbortSignal) => RegisteredAccount {
  const { region, registryBucket, topicArnPrefix, customEndpoint } = configuration;
  if (registryBucket === undefined) return () => async () => undefined;
  const client = new S3Client({ region, maxAttempts: 3, forcePathStyle: customEndpoint });
  const owner = parseArn(topicArnPrefix)?.accountId;
  return (abortSignal) => async (customer) => {
    try {
      const command = new GetObjectCommand({
        Bucket: registryBucket,
        Key: registryKeyOf(customer),
        ...(owner && { ExpectedBucketOwner: owner }),
      });
      const { Body } = await client.send(command, { abortSignal });
      const account = valueAt(JSON.parse((await Body?.transformToString()) ?? ''), ['inbox', 'accountId']);
      return typeof account === 'string' ? account : undefined;
    } catch (error) {
      if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
      throw error;
    }
  };
}
