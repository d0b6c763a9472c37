import { CloudTrailClient, type CloudTrailClientConfig, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import type { Turn } from '../../retries.ts';

/** In a separate file, so that the client is loaded only when needed. */
export type CloudTrail = ReturnType<typeof connectToCloudTrail>;

export function connectToCloudTrail(config: CloudTrailClientConfig, turn: Turn) {
  const client = new CloudTrailClient(config);
  return {
    /**
     * The latest management events of our own account in the client's Region, at most 50, each as CloudTrail's JSON.
     * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
     */
    async latest(
      AttributeKey: 'AccessKeyId' | 'Username',
      AttributeValue: string,
      StartTime: Date,
      abortSignal: AbortSignal,
    ) {
      await turn(abortSignal);
      const command = new LookupEventsCommand({ LookupAttributes: [{ AttributeKey, AttributeValue }], StartTime });
      const { Events = [] } = await client.send(command, { abortSignal });
      return Events.flatMap(({ CloudTrailEvent }) => CloudTrailEvent ?? []);
    },
  };
}
