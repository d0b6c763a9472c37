import { serviceName } from '../../core/arn.ts';
import type { World } from '../../model/world/world.ts';
import { type RecordedCall, recordCall } from '../cloudtrail/record.ts';
import type { SandboxRequest } from '../wire/operation.ts';

type StsCall = Pick<RecordedCall, 'eventName' | 'requestParameters' | 'responseElements' | 'resource' | 'error'>;

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html */
export function recordStsCall(
  world: World,
  { caller, requestId, region, headers }: SandboxRequest,
  call: StsCall,
): void {
  const userAgent = headers['user-agent'];
  const eventSource = serviceName('sts');
  recordCall(world, {
    caller,
    requestId,
    region,
    eventSource,
    readOnly: true,
    ...call,
    ...(userAgent && { userAgent }),
  });
}
