import { ownEntry } from '../../core/values.ts';
import type { TrailEvent, World } from '../../model/world/world.ts';
import { JsonInput, jsonResponse } from '../wire/json.ts';
import {
  AwsError,
  numberedPage,
  type SandboxRequest,
  type SandboxResponse,
  type ServiceOperation,
} from '../wire/operation.ts';
import { refusedByOwnAccount } from '../wire/own-account.ts';

/** Keyed by the operation's name in `X-Amz-Target: com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.…`. */
export const cloudtrailOperations: Readonly<Record<string, ServiceOperation>> = {
  LookupEvents: lookupEvents,
};

/**
 * The management events of the caller's account in the requested Region, newest first. Only KMS and STS write events.
 * Unlike at AWS they appear at once, unless the world sets a delay.
 *
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
 */
function lookupEvents(world: World, request: SandboxRequest): SandboxResponse {
  const { caller, region } = request;
  const wanted = parse(JsonInput.of(request));
  authorizeLookup(world, request);
  const { trail, cloudTrailLagMs = 0 } = world;
  const shownUntil = world.now().getTime() - cloudTrailLagMs;
  const found = trail
    .filter(({ eventTime }) => eventTime.getTime() <= shownUntil)
    .filter((event) => event.recipientAccountId === caller.accountId && event.region === region)
    .filter((event) => wanted.matches(event))
    .reverse();
  const { items, next } = numberedPage(found, wanted.token, wanted.maxResults, wrongToken);
  return jsonResponse({ Events: items.map(described), ...(next && { NextToken: next }) });
}

function authorizeLookup(world: World, request: SandboxRequest): void {
  // If an action has no resources, the refusal doesn't name one.
  const refusal = refusedByOwnAccount(world, request, 'cloudtrail:LookupEvents', '*')?.replace(' on resource: *', '');
  if (refusal !== undefined) throw new AwsError('AccessDeniedException', 400, refusal);
}

interface Lookup {
  readonly token: string | undefined;
  readonly maxResults: number;
  readonly matches: (event: TrailEvent) => boolean;
}

function parse(input: JsonInput): Lookup {
  const maxResults = input.integer('MaxResults') ?? 50;
  if (maxResults < 1 || maxResults > 50) {
    throw new AwsError(
      'InvalidMaxResultsException',
      400,
      `A max results value of ${maxResults} is invalid. Specify max results between 1 and 50.`,
    );
  }
  const [from, to] = [input.timestamp('StartTime'), input.timestamp('EndTime')];
  if (from && to && from > to) {
    throw new AwsError('InvalidTimeRangeException', 400, 'The start time must be before the end time.');
  }
  const hasAttribute = attributeFilter(input);
  return {
    token: input.string('NextToken'),
    maxResults,
    matches: (event) =>
      (from === undefined || event.eventTime >= from) &&
      (to === undefined || event.eventTime <= to) &&
      hasAttribute(event),
  };
}

const wrongToken = new AwsError(
  'InvalidNextTokenException',
  400,
  'A token that is not valid, or that was previously used in a request with different parameters.',
);

const attributes: Readonly<Record<string, (event: TrailEvent) => readonly string[]>> = {
  EventId: ({ eventID }) => [eventID],
  EventName: ({ eventName }) => [eventName],
  ReadOnly: ({ readOnly }) => [String(readOnly)],
  Username: ({ username }) => [username],
  ResourceType: ({ resources }) => resources.map(({ type }) => type),
  ResourceName: ({ resources }) => resources.map(({ arn }) => arn),
  EventSource: ({ eventSource }) => [eventSource],
  AccessKeyId: ({ accessKeyId }) => [accessKeyId],
};

function attributeFilter(input: JsonInput): (event: TrailEvent) => boolean {
  const [attribute, ...others] = input.records('LookupAttributes');
  if (!attribute) return () => true;
  const { AttributeKey: key, AttributeValue: value } = attribute;
  const read = typeof key === 'string' ? ownEntry(attributes, key) : undefined;
  if (others.length > 0 || !read || typeof value !== 'string') {
    throw new AwsError(
      'InvalidLookupAttributesException',
      400,
      `LookupAttributes takes one attribute with a value; its AttributeKey is one of ${Object.keys(attributes).join(', ')}.`,
    );
  }
  return (event) => read(event).includes(value);
}

function described(event: TrailEvent): Readonly<Record<string, unknown>> {
  return {
    EventId: event.eventID,
    EventName: event.eventName,
    ReadOnly: String(event.readOnly),
    ...(event.accessKeyId && { AccessKeyId: event.accessKeyId }),
    EventTime: event.eventTime,
    EventSource: event.eventSource,
    ...(event.username && { Username: event.username }),
    Resources: event.resources.map(({ type, arn }) => ({ ResourceType: type, ResourceName: arn })),
    CloudTrailEvent: JSON.stringify(event.record),
  };
}
