import { GetObjectCommand } from '@aws-sdk/client-s3';
import { parseArn } from '../../core/arn.ts';
import { budgetMs, within } from '../../core/time.ts';
import { asError } from '../../core/values.ts';
import type { CheckDependencies } from './dependencies.ts';
import { failureOf } from './errors.ts';

type RegistryAnswer =
  | { readonly found: true; readonly event: unknown }
  | { readonly found: false; readonly why: string };

/** A test event is much smaller. A larger object is not a registration. */
const largestBytes = 65_536;

/** Reads a customer's registration with the function's own role. */
export async function readRegistryObject(
  key: string,
  { aws, configuration, remainingMs }: CheckDependencies,
): Promise<RegistryAnswer> {
  const { registryBucket, region, accountId, deliveryRoleArn } = configuration;
  if (!registryBucket) {
    return { found: false, why: `${key} is the key of a registry object, but REGISTRY_BUCKET names no bucket.` };
  }
  const name = `The registry object s3://${registryBucket}/${key}`;
  let text: string;
  try {
    text = await within(budgetMs(remainingMs(), 1, 4), async (abortSignal) => {
      const command = new GetObjectCommand({
        Bucket: registryBucket,
        Key: key,
        ExpectedBucketOwner: accountId ?? parseArn(deliveryRoleArn ?? '')?.accountId,
      });
      const { Body, ContentLength = 0 } = await aws.s3(region).send(command, { abortSignal });
      if (ContentLength > largestBytes)
        throw new Error(`it has ${ContentLength} bytes, at most ${largestBytes} are read`);
      return (await Body?.transformToString()) ?? '';
    });
  } catch (thrown) {
    const { code, message } = failureOf(thrown).error;
    return { found: false, why: `${name} cannot be read: ${code}: ${message}` };
  }
  try {
    return { found: true, event: JSON.parse(text) };
  } catch (error) {
    return { found: false, why: `${name} is not JSON: ${asError(error).message}` };
  }
}
