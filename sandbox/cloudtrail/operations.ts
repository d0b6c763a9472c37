import type { ServiceOperation } from '../wire/operation.ts';
import { lookupEvents } from './lookup-events.ts';

/** By the operation's name in `X-Amz-Target: com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.…`. */
export const operations: Readonly<Record<string, ServiceOperation>> = {
  LookupEvents: lookupEvents,
};
