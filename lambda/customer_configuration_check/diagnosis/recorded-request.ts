import { serviceName } from '../../../core/arn.ts';
import { isObject, jsonOrNothing, objectAt, textAt } from '../../../core/json.ts';
import type { ServiceError } from '../../../core/report.ts';

/** A request that S3 made to KMS on behalf of a caller, as CloudTrail records it. */
export interface RecordedRequest {
  readonly eventId: string;
  /** Precise to the second. */
  readonly at: Date;
  /** For a role, the session. */
  readonly principal: string | undefined;
  readonly accessKeyId: string | undefined;
  readonly action: string;
  /** The key as S3 named it; absent for a decryption. */
  readonly keyId: string | undefined;
  /** The object or bucket in the encryption context. */
  readonly context: string | undefined;
  /** Absent if KMS performed the request. */
  readonly error?: ServiceError;
}

export interface RefusedRequest extends RecordedRequest {
  readonly error: ServiceError;
}

/**
 * Undefined if S3 did not send it: the check's own requests to KMS are not part of a delivery.
 *
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html,
 * and, for the fields of S3's own requests, the events of
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
 */
export function recordedRequest(json: string): RecordedRequest | undefined {
  const event = jsonOrNothing(json);
  const eventId = textAt(event, 'eventID');
  const at = new Date(textAt(event, 'eventTime') ?? '');
  const identity = objectAt(event, 'userIdentity');
  const parameters = objectAt(event, 'requestParameters');
  const byService = /^AWS Internal$|\.amazonaws\.com/.test(
    textAt(identity, 'invokedBy') ?? textAt(event, 'sourceIPAddress') ?? '',
  );
  const isDryRun = isObject(parameters) && parameters['dryRun'] === true;
  if (textAt(event, 'eventSource') !== serviceName('kms') || !byService || isDryRun) return undefined;
  if (eventId === undefined || Number.isNaN(at.getTime())) return undefined;
  const code = textAt(event, 'errorCode');
  return {
    eventId,
    at,
    principal: textAt(identity, 'arn'),
    accessKeyId: textAt(identity, 'accessKeyId'),
    action: `kms:${textAt(event, 'eventName')}`,
    keyId: textAt(parameters, 'keyId'),
    context: textAt(objectAt(parameters, 'encryptionContext'), 'aws:s3:arn'),
    ...(code && { error: { code, message: textAt(event, 'errorMessage') ?? '' } }),
  };
}
