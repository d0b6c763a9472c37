import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { STSClient } from '@aws-sdk/client-sts';
import { keptIn } from '../../core/values.ts';
import { onlyAnswersOfAws } from './answers.ts';
import type { Configuration } from './configuration.ts';
import { boundedRetries, maxAttempts, type Turn, turnsEvery } from './retries.ts';

export interface SessionCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

export interface Aws {
  readonly sts: STSClient;
  /** @param credentials absent to use the caller's own */
  s3(region: string, credentials?: SessionCredentials): S3Client;
  s3Once(region: string, credentials?: SessionCredentials): S3Client;
  /** For clients of other services that share the connections and make a single attempt too. */
  readonly once: ReturnType<typeof settingsOf> & {
    readonly maxAttempts: number;
    readonly retryStrategy: ReturnType<typeof boundedRetries>;
  };
  /** For LookupEvents: all checks of this process share CloudTrail's rate limit for an account and Region. */
  readonly lookupTurn: Turn;
}

/** Two a second: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html */
const lookupIntervalMs = 500;

/**
 * Clients that share their connections. Call it once per process, because connections stay open between
 * invocations.
 *
 * @param patience timeouts in milliseconds, after which an attempt is given up and repeated
 */
export function connectToAws(
  { region, customEndpoint }: Pick<Configuration, 'region' | 'customEndpoint'>,
  patience = { connectionTimeout: 2_000, requestTimeout: 5_000 },
): Aws {
  const retries = { maxAttempts, retryStrategy: boundedRetries() };
  const sts = new STSClient({
    region,
    ...retries,
    extensions: [onlyAnswersOfAws],
    requestHandler: {
      ...patience,
      throwOnRequestTimeout: true,
      httpAgent: { keepAlive: true, maxSockets: 200 },
      httpsAgent: { keepAlive: true, maxSockets: 200 },
    },
  });
  const settings = settingsOf(sts);
  const shared: S3ClientConfig = {
    ...settings,
    ...retries,
    forcePathStyle: customEndpoint,
    // A redirect means that the event names the wrong Region; the check must report that, not work around it.
    followRegionRedirects: false,
    // A small object doesn't need 100-continue, which costs a round trip, and TLS already protects its bytes.
    expectContinueHeader: false,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  };
  const once = { ...settings, maxAttempts: 1, retryStrategy: boundedRetries(Math.random, 1) };
  const own = new Map<string, S3Client>();
  const ofSessions = new WeakMap<SessionCredentials, Map<string, S3Client>>();

  return {
    sts,
    once,
    lookupTurn: turnsEvery(lookupIntervalMs),
    s3Once: (clientRegion, credentials) =>
      new S3Client({ ...shared, ...once, region: clientRegion, ...(credentials && { credentials }) }),
    s3(clientRegion, credentials) {
      const clients = credentials ? keptIn(ofSessions, credentials, () => new Map<string, S3Client>()) : own;
      return keptIn(
        clients,
        clientRegion,
        () => new S3Client({ ...shared, region: clientRegion, ...(credentials && { credentials }) }),
      );
    },
  };
}

/** The connections, and settings that the SDK would otherwise read from the environment and files for each client. */
function settingsOf({ config }: STSClient) {
  const { requestHandler, useDualstackEndpoint, useFipsEndpoint, defaultsMode, userAgentAppId, authSchemePreference } =
    config;
  return { requestHandler, useDualstackEndpoint, useFipsEndpoint, defaultsMode, userAgentAppId, authSchemePreference };
}
