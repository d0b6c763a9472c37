import type { S3Client } from '@aws-sdk/client-s3';
import { keptIn } from '../../../core/values.ts';
import type { Aws, SessionCredentials } from '../aws.ts';
import type { CloudTrail } from './clients/cloudtrail.ts';
import type { Iam } from './clients/iam.ts';
import type { Kms } from './clients/kms.ts';

/**
 * The clients for probes. Each request is sent once. If it is throttled, its question stays open, because the report is
 * worth more than the answer.
 */
export interface Clients {
  /** As the check's own role. */
  readonly iam: Iam;
  kms(region: string, as: 'check' | 'delivery'): Kms;
  s3(region: string): S3Client;
  /** As the check's own role. */
  cloudTrail(region: string): Promise<CloudTrail>;
}

/**
 * Loads all code before the first request, so that no request waits for another's code.
 *
 * @param credentials of the delivery role's session; absent if the caller's own credentials deliver
 */
export async function clientsFor(
  { once, s3Once, lookupTurn }: Pick<Aws, 'once' | 's3Once' | 'lookupTurn'>,
  region: string,
  credentials: SessionCredentials | undefined,
): Promise<Clients> {
  const [{ connectToIam }, { connectToKms }] = await Promise.all([
    import('./clients/iam.ts'),
    import('./clients/kms.ts'),
  ]);
  const delivering = credentials && { credentials };
  return {
    iam: connectToIam({ ...once, region }),
    kms: remembered((keyRegion: string, as: 'check' | 'delivery') =>
      connectToKms({ ...once, region: keyRegion, ...(as === 'delivery' && delivering) }),
    ),
    s3: remembered((bucketRegion: string) => s3Once(bucketRegion, credentials)),
    // Loaded on demand: few checks look into CloudTrail, and those have time.
    cloudTrail: remembered(async (keyRegion: string) => {
      const { connectToCloudTrail } = await import('./clients/cloudtrail.ts');
      return connectToCloudTrail({ ...once, region: keyRegion }, lookupTurn);
    }),
  };
}

function remembered<Arguments extends string[], Client>(
  connect: (...args: Arguments) => Client,
): (...args: Arguments) => Client {
  const clients = new Map<string, Client>();
  return (...args) => keptIn(clients, args.join(' '), () => connect(...args));
}
