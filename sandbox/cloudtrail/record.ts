import { randomUUID } from 'node:crypto';
import type { serviceName } from '../../core/arn.ts';
import type { Caller, TrailEvent, World } from '../../model/world/world.ts';
import type { AwsError } from '../wire/operation.ts';

/** One API call to record in CloudTrail. */
export interface RecordedCall {
  readonly caller: Caller;
  readonly requestId: string;
  readonly region: string;
  readonly eventSource: ReturnType<typeof serviceName<'kms' | 'sts'>>;
  readonly eventName: string;
  readonly readOnly: boolean;
  readonly requestParameters: Readonly<Record<string, unknown>> | null;
  readonly responseElements?: Readonly<Record<string, unknown>>;
  /** The resource that the call is about; absent if the call failed before finding it. */
  readonly resource?: { readonly type: string; readonly arn: string; readonly accountId: string };
  readonly error?: AwsError;
  /** Set if S3 made the call for the caller. */
  readonly forwardedBy?: { readonly service: 's3'; readonly region: string };
  readonly userAgent?: string;
}

/**
 * Writes a management event to the caller's trail and, if the resource belongs to another account, to the owner's, with
 * the same sharedEventID. A denial by the owner's policies is written to the caller's account only.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/logging-using-cloudtrail.html and
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html
 */
export function recordCall(world: World, call: RecordedCall): void {
  const owner = call.resource?.accountId;
  const isShared = owner !== undefined && owner !== call.caller.accountId && !isDenial(call.error);
  const shared = isShared ? { sharedEventID: randomUUID() } : {};
  if (world.trail.length >= 2 * keptEvents) world.trail.splice(0, keptEvents);
  world.trail.push(event(world, call, call.caller.accountId, shared));
  if (isShared) world.trail.push(event(world, call, owner, shared));
}

/** Keeps only the newest events. */
const keptEvents = 1_000;

function event(
  world: World,
  call: RecordedCall,
  recipientAccountId: string,
  shared: { readonly sharedEventID?: string },
): TrailEvent {
  const { caller, requestId, region, eventSource, eventName, readOnly, resource, error } = call;
  const eventID = randomUUID();
  const eventTime = world.now();
  const record = {
    eventVersion: '1.11',
    userIdentity: userIdentity(call, recipientAccountId),
    eventTime: `${eventTime.toISOString().slice(0, 19)}Z`,
    eventSource,
    eventName,
    awsRegion: region,
    ...origin(world, call),
    ...(error && { errorCode: errorCode(error) }),
    ...(error?.message && { errorMessage: error.message }),
    requestParameters: call.requestParameters,
    responseElements: call.responseElements ?? null,
    requestID: requestId,
    eventID,
    readOnly,
    ...(resource && {
      resources: [{ accountId: resource.accountId, type: resource.type, ARN: resource.arn }],
    }),
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId,
    ...shared,
    eventCategory: 'Management',
  };
  return {
    eventID,
    eventName,
    eventSource,
    eventTime,
    recipientAccountId,
    region,
    readOnly,
    username: caller.accountId === recipientAccountId ? sessionName(caller) : '',
    accessKeyId: caller.accountId === recipientAccountId ? caller.accessKeyId : '',
    resources: resource ? [resource] : [],
    record,
  };
}

/**
 * When S3 calls KMS, the caller is still the identity. The owner of the resource sees only the caller's account and
 * unique ID.
 *
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
 */
function userIdentity(call: RecordedCall, recipientAccountId: string): Readonly<Record<string, unknown>> {
  const { caller, forwardedBy } = call;
  const invokedBy = forwardedBy && { invokedBy: insideAws };
  if (caller.accountId !== recipientAccountId) {
    return { type: 'AWSAccount', principalId: caller.userId, accountId: caller.accountId, ...invokedBy };
  }
  const { userId, arn, accountId, accessKeyId, roleArn } = caller;
  const [uniqueId] = userId.split(':');
  return {
    type: roleArn ? 'AssumedRole' : 'Root',
    principalId: userId,
    arn,
    accountId,
    accessKeyId,
    ...(roleArn && {
      sessionContext: {
        sessionIssuer: {
          type: 'Role',
          principalId: uniqueId,
          arn: roleArn,
          accountId,
          userName: roleArn.split('/').at(-1),
        },
        attributes: { mfaAuthenticated: 'false' },
      },
    }),
    ...invokedBy,
  };
}

/**
 * Replaces the client's address and agent in S3's own calls.
 *
 * Source: events of https://github.com/invictus-ir/aws_dataset, and of S3 itself (under the older name
 * `internal.amazonaws.com`) in https://docs.aws.amazon.com/kms/latest/developerguide/services-s3.html
 */
const insideAws = 'AWS Internal';

function origin({ network }: World, { forwardedBy, userAgent }: RecordedCall): Readonly<Record<string, string>> {
  return forwardedBy
    ? { sourceIPAddress: insideAws, userAgent: insideAws }
    : { sourceIPAddress: network.sourceIp ?? '127.0.0.1', userAgent: userAgent ?? '' };
}

/** CloudTrail records every refusal as AccessDenied, whatever code the service's API returns. */
function errorCode({ code }: AwsError): string {
  return code === 'AccessDeniedException' ? 'AccessDenied' : code;
}

function isDenial(error: AwsError | undefined): boolean {
  return error !== undefined && errorCode(error) === 'AccessDenied';
}

function sessionName({ arn, roleArn }: Caller): string {
  return roleArn ? (arn.split('/').at(-1) ?? '') : 'root';
}
