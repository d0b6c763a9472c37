import type { AwsCredentialIdentity } from '@smithy/types';
import { functionArn } from '../../core/arn.ts';
import { checkCaller } from '../../model/world/callers.ts';
import type { World } from '../../model/world/world.ts';

/** The function's environment in the service's account of a world. */
export interface FunctionPlace {
  readonly environment: Readonly<Record<string, string>>;
  readonly functionArn: string;
}

/** @param url the sandbox's address */
export function placeInWorld(world: World, url: string): FunctionPlace {
  const region = homeRegion(world);
  return {
    functionArn: functionArn(region, world.serviceAccountId, 'customer_configuration_check'),
    environment: {
      ...world.functionEnvironment,
      // As in model/world/delivery-in.ts, the world determines who owns the inbox.
      INBOXES_IN_THIS_ACCOUNT: 'true',
      AWS_REGION: region,
      AWS_ENDPOINT_URL: url,
      ...credentialVariables(checkCaller(world)),
    },
  };
}

/** The Region of the service's account, with the function and the internal bucket. */
export function homeRegion({ buckets, internalBucket }: World): string {
  const bucket = buckets.get(internalBucket);
  if (!bucket) throw new Error(`The world has no bucket ${internalBucket}`);
  return bucket.region;
}

/** Credentials in the variables that every SDK and the AWS CLI read. */
export function credentialVariables({
  accessKeyId,
  secretAccessKey,
  sessionToken,
}: AwsCredentialIdentity): Readonly<Record<string, string>> {
  return {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    ...(sessionToken !== undefined && { AWS_SESSION_TOKEN: sessionToken }),
  };
}
