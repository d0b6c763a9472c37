import { arnOf, bucketArn, parseArn, partitionOf } from '../../core/arn.ts';
import type { ReadText } from '../../lambda/customer_configuration_check/diagnosis/failure-in-text.ts';
import { first, type RecordFields } from './fields.ts';

/** True if a record is a CloudTrail event, in any export format. */
export function isTrailEvent(has: (name: string) => boolean): boolean {
  return has('eventname') && beside.some(has);
}

const beside = [
  'eventsource',
  'eventversion',
  'eventtime',
  'errorcode',
  'errormessage',
  'useridentity',
  'useridentityarn',
  'requestparameters',
];

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html */
export function toldByTrailEvent(fields: RecordFields): ReadText | 'succeeded' {
  const code = first(fields, 'errorcode');
  const said = first(fields, 'errormessage');
  if (code === undefined && said === undefined) return 'succeeded';
  const name = first(fields, 'eventname') ?? '';
  const service = serviceOf(fields, name, said);
  const context = first(fields, 'requestparametersencryptioncontextawss3arn');
  const principalAccountId = first(fields, 'useridentityaccountid', 'recipientaccountid');
  const key = service === 'kms' ? keyOf(fields, principalAccountId) : undefined;
  return {
    message: said ?? code ?? '',
    source: 'cloudtrail',
    code,
    operation: name,
    principal: first(fields, 'useridentityarn') ?? serviceIn(fields),
    principalAccountId,
    ...(/^anonymous/i.test(principalAccountId ?? '') && { isAnonymous: true }),
    roleArn: first(fields, 'useridentitysessioncontextsessionissuerarn'),
    action: actionOf(service, name),
    resource: key?.arn ?? first(fields, 'requestparametersrolearn') ?? s3Arn(fields),
    ...(key?.isBare && { bareKey: key.named }),
    resourceAccountId: key && !key.isBare ? ownerTold(fields, key.arn) : undefined,
    encryptionContextArn: context,
    // Only S3 sends KMS this context. The caller is still the one on whose behalf S3 calls.
    viaS3: service === 'kms' && context !== undefined,
    detail: context && `S3 asked KMS for this on behalf of the caller, to handle ${context}.`,
  };
}

/** A service that acts for itself, as S3 does to store logs, is named instead of an ARN. */
function serviceIn(fields: RecordFields): string | undefined {
  return first(fields, 'useridentitytype') === 'AWSService' ? first(fields, 'useridentityinvokedby') : undefined;
}

/** If an event has no source, AWS's message or the operation's name shows the service. */
function serviceOf(fields: RecordFields, name: string, said = ''): string {
  const source = first(fields, 'eventsource')?.split('.')[0];
  if (source) return source.toLowerCase();
  const action = said.match(/perform:?\s+([a-z0-9-]+):[A-Z]/)?.[1];
  return action ?? servicesByOperation.find(([names]) => names.test(name))?.[1] ?? '';
}

const servicesByOperation: readonly (readonly [RegExp, string])[] = [
  [/^(?:GenerateDataKey\w*|Decrypt|Encrypt|ReEncrypt|DescribeKey|\w*KeyPolicy|CreateGrant)$/, 'kms'],
  [/^AssumeRole\w*$/, 'sts'],
  [/(?:Object|Bucket|Multipart|UploadPart)/, 's3'],
];

interface NamedKey {
  readonly named: string;
  readonly arn: string | undefined;
  /** True if it is named only by its ID or alias. */
  readonly isBare: boolean;
}

function keyOf(fields: RecordFields, callersAccount: string | undefined): NamedKey | undefined {
  const listed = [...(fields.get('resourcesarn') ?? []), ...(fields.get('resourcesresourcename') ?? [])].find((arn) =>
    /:kms:/.test(arn),
  );
  const named = first(fields, 'requestparameterskeyid') ?? listed;
  if (listed !== undefined && named !== undefined) {
    return { named, arn: listed, isBare: false };
  }
  if (named === undefined) return undefined;
  if (parseArn(named)) return { named, arn: named, isBare: false };
  const region = first(fields, 'awsregion');
  // KMS looks up an ID or alias without an account in the caller's account:
  // https://docs.aws.amazon.com/kms/latest/developerguide/find-cmk-id-arn.html
  const path = named.startsWith('alias/') ? named : `key/${named}`;
  const arn =
    region && callersAccount && /^\d{12}$/.test(callersAccount)
      ? arnOf({ partition: partitionOf(region), service: 'kms', region, accountId: callersAccount, resource: path })
      : undefined;
  return { named, arn, isBare: true };
}

/** The owner according to fields other than the key's ARN, which may be cut off. */
function ownerTold(fields: RecordFields, arn: string | undefined): string | undefined {
  if (arn === undefined || !fields.get('resourcesarn')?.includes(arn)) return undefined;
  return first(fields, 'resourcesaccountid');
}

function s3Arn(fields: RecordFields): string | undefined {
  const bucket = first(fields, 'requestparametersbucketname');
  if (!bucket) return undefined;
  const key = first(fields, 'requestparameterskey');
  return bucketArn(partitionOf(first(fields, 'awsregion') ?? ''), key ? `${bucket}/${key}` : bucket);
}

/** S3's events contain the API operation. Only these operations have the same name as their one permission. */
const s3Actions = new Set([
  'PutObject',
  'GetObject',
  'DeleteObject',
  'PutObjectAcl',
  'GetObjectAcl',
  'CreateBucket',
  'DeleteBucket',
  'PutBucketPolicy',
  'GetBucketPolicy',
  'DeleteBucketPolicy',
  'PutBucketAcl',
  'GetBucketAcl',
]);

function actionOf(service: string, eventName: string): string | undefined {
  if (service === 's3') return s3Actions.has(eventName) ? `s3:${eventName}` : undefined;
  return service === 'kms' || service === 'sts' ? `${service}:${eventName}` : undefined;
}
