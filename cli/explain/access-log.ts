import { bucketArn, parseArn, partitionOf } from '../../core/arn.ts';
import type { ReadText } from '../../lambda/customer_configuration_check/diagnosis/failure-in-text.ts';
import { eventOf, linesOf, type Piece, type Range, restOf, type Taken, type TextEvent } from './event.ts';
import { first, type RecordFields } from './fields.ts';

/**
 * Lines of S3's server access logs. https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html
 */
const logLine =
  /^.{0,200}?(?<owner>\S{1,100}) (?<bucket>[a-z0-9][a-z0-9.-]{2,62}) \[\d\d\/[A-Z][a-z]{2}\/\d{4}:[\d: +-]{5,20}\] \S{1,60} (?<requester>\S{1,500}) \S{1,60} (?<operation>(?:REST|SOAP|WEBSITE|BATCH|S3)\.[A-Z0-9_.]{1,60}) (?<key>\S{1,3100}) (?:"[^"\n]{0,4000}"|-) (?<status>\d{3}|-) (?<code>\S{1,60})[^\n]*$/gm;

export function accessLogLines(piece: Piece): Taken {
  if (!/ (?:REST|SOAP|WEBSITE|BATCH|S3)\.[A-Z]/.test(piece.text)) return { events: [], rest: [piece] };
  const lineAt = linesOf(piece);
  const events: TextEvent[] = [];
  const taken: Range[] = [];
  for (const match of piece.text.matchAll(logLine)) {
    const { bucket, requester, operation, key, status, code } = match.groups ?? {};
    taken.push({ from: match.index, to: match.index + match[0].length });
    const told = toldByLogLine({ bucket, requester, operation, key, status, code, text: match[0] });
    events.push(eventOf(told, lineAt(match.index)));
  }
  return { events, rest: restOf(piece, taken) };
}

/** True if a record is a line of such a log, as an Athena query returns it. */
export function isLogLine(has: (name: string) => boolean): boolean {
  return (has('httpstatus') || has('httpstatuscode')) && has('operation') && (has('bucketname') || has('bucket'));
}

export function toldByLogRecord(fields: RecordFields): ReadText | 'succeeded' {
  return toldByLogLine({
    bucket: first(fields, 'bucketname', 'bucket'),
    requester: first(fields, 'requester'),
    operation: first(fields, 'operation'),
    key: first(fields, 'key'),
    status: first(fields, 'httpstatus', 'httpstatuscode'),
    code: first(fields, 'errorcode'),
    text: [...fields.values()].flat().join(' '),
  });
}

interface LogLine {
  readonly bucket: string | undefined;
  readonly requester: string | undefined;
  readonly operation: string | undefined;
  readonly key: string | undefined;
  readonly status: string | undefined;
  readonly code: string | undefined;
  readonly text: string;
}

function toldByLogLine({
  bucket,
  requester,
  operation = '',
  key,
  status = '',
  code,
  text,
}: LogLine): ReadText | 'succeeded' {
  if (!/^[45]|^30[17]/.test(status)) return 'succeeded';
  const known = code === undefined || code === '-' ? undefined : code;
  const isRefusal = known === undefined ? status === '403' : /^AccessDenied/.test(known);
  const partition =
    parseArn(requester ?? '')?.partition ?? partitionOf(text.match(/\.s3[.-]([a-z0-9-]+)\./)?.[1] ?? '');
  const object = key === undefined || key === '-' ? '' : `/${decoded(key)}`;
  const isAnonymous = requester === undefined || requester === '-' || /^anonymous$/i.test(requester);
  return {
    // The log has S3's code but not its message.
    message: isRefusal ? 'Access Denied' : `${known ?? status}`,
    source: 'service-message',
    code: known ?? 'AccessDenied',
    principal: isAnonymous ? undefined : requester,
    isAnonymous,
    action: actions.find(([operations]) => operations.test(operation))?.[1],
    resource: bucket && bucketArn(partition, `${bucket}${object}`),
    detail: `S3's server access log of ${bucket ?? 'the bucket'} has ${operation} by ${requester ?? '-'}, answered ${status} ${known ?? ''}.`,
    viaS3: false,
  };
}

/** The key is URL-encoded, sometimes twice. */
function decoded(key: string): string {
  try {
    return decodeURIComponent(decodeURIComponent(key));
  } catch {
    return key;
  }
}

/** Operations that need one permission. A copy needs several, and the log doesn't say which one was denied. */
const actions: readonly (readonly [RegExp, string])[] = [
  [/\.(?:PUT|POST)\.(?:OBJECT|PART|UPLOADS?)$/, 's3:PutObject'],
  [/\.(?:GET|HEAD)\.OBJECT$|\.COPY\.(?:OBJECT|PART)_GET$/, 's3:GetObject'],
  [/\.DELETE\.OBJECT$/, 's3:DeleteObject'],
  [/\.PUT\.(?:OBJECT_)?ACL$/, 's3:PutObjectAcl'],
  [/\.GET\.BUCKET$/, 's3:ListBucket'],
  [/\.PUT\.BUCKETPOLICY$/, 's3:PutBucketPolicy'],
];
