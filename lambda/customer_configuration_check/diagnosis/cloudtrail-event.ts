import { bucketArn, partitionOf } from '../../../core/arn.ts';
import { isObject, type Json, listAt, objectAt, type Told, textAt } from './told.ts';

/**
 * The first failed event in whatever form CloudTrail hands out its events: one event, a log file (`Records`), the
 * answer of LookupEvents (`Events`, each with its event as a string), or an EventBridge event around it.
 *
 * @returns undefined where the value is no CloudTrail event; without `message` told, an event that did not fail
 */
export function toldByCloudTrail(value: unknown): Told | 'succeeded' | undefined {
  const events = eventsIn(value);
  if (events.length === 0) return undefined;
  const failed = events.find((event) => textAt(event, 'errorCode') !== undefined);
  return failed ? told(failed) : 'succeeded';
}

function eventsIn(value: unknown): readonly Json[] {
  if (Array.isArray(value)) return value.flatMap(eventsIn);
  if (!isObject(value)) return [];
  if (textAt(value, 'eventSource') && textAt(value, 'eventName')) return [value];
  const inner = textAt(value, 'CloudTrailEvent');
  if (inner) return eventsIn(parsed(inner));
  return [...listAt(value, 'Records'), ...listAt(value, 'Events'), objectAt(value, 'detail')].flatMap(eventsIn);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html */
function told(event: Json): Told {
  const identity = objectAt(event, 'userIdentity');
  const parameters = objectAt(event, 'requestParameters');
  const service = textAt(event, 'eventSource')?.split('.')[0] ?? '';
  const encryptionContextArn = textAt(objectAt(parameters, 'encryptionContext'), 'aws:s3:arn');
  const code = textAt(event, 'errorCode');
  const key = listAt(event, 'resources').find((one) => /:kms:/.test(arnAt(one) ?? ''));
  const resource =
    arnAt(key) ?? wholeArn(textAt(parameters, 'keyId')) ?? textAt(parameters, 'roleArn') ?? s3Arn(event, parameters);
  return {
    message: textAt(event, 'errorMessage') ?? code ?? '',
    source: 'cloudtrail',
    code,
    operation: textAt(event, 'eventName'),
    principal: textAt(identity, 'arn'),
    action: actionOf(service, textAt(event, 'eventName') ?? ''),
    resource,
    resourceAccountId: textAt(key, 'accountId'),
    encryptionContextArn,
    // Only S3 gives KMS this context; the caller stays the one whom S3 asks for.
    viaS3: service === 'kms' && encryptionContextArn !== undefined,
    detail: encryptionContextArn && `S3 asked KMS for this on behalf of the caller, to handle ${encryptionContextArn}.`,
  };
}

function arnAt(resource: unknown): string | undefined {
  return textAt(resource, 'ARN') ?? textAt(resource, 'arn');
}

function wholeArn(keyId: string | undefined): string | undefined {
  return keyId?.startsWith('arn:') ? keyId : undefined;
}

function s3Arn(event: Json, parameters: Json | undefined): string | undefined {
  const bucket = textAt(parameters, 'bucketName');
  if (!bucket) return undefined;
  const key = textAt(parameters, 'key');
  return bucketArn(partitionOf(textAt(event, 'awsRegion') ?? ''), key ? `${bucket}/${key}` : bucket);
}

/** S3's events are named by API operations, of which only these are called like the one permission that they need. */
const s3Actions = ['PutObject', 'GetObject', 'DeleteObject', 'PutObjectAcl', 'GetObjectAcl'];

function actionOf(service: string, eventName: string): string | undefined {
  if (service === 's3') return s3Actions.includes(eventName) ? `s3:${eventName}` : undefined;
  return service === 'kms' || service === 'sts' ? `${service}:${eventName}` : undefined;
}
